package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.Rate;
import io.hawser.Transport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.testing.EachTransport;
import io.hawser.testing.Flood;
import io.hawser.testing.Frames;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Pausing over sockets: the peer is not read, and nobody waits for it meanwhile. */
class PauseTest {

    private static final int MESSAGES = 300;
    private static final int MESSAGE_BYTES = 60_000;

    private final RecordingHandler handler = new RecordingHandler();

    private WebSocketServer start(Transport transport, Heartbeat heartbeat) {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .transport(transport)
                .ioThreads(1)
                .limits(Limits.defaults().withControlRate(Rate.unlimited()))
                .heartbeat(heartbeat)
                .endpoint("/", handler)
                .build()
                .start();
    }

    private static void awaitTurns(RawClient other, int turns) throws Exception {
        for (int i = 0; i < turns; i++) {
            other.awaitTurn();
        }
    }

    @EachTransport
    void aPausedSessionIsReadToItsBoundThenItsPeerWaits(Transport transport) throws Exception {
        try (WebSocketServer server = start(transport, Heartbeat.off());
                RawClient other = RawClient.upgraded(server.port(), "/");
                Flood client = new Flood(server.port())) {
            handler.session();
            WebSocketSession session = handler.session();
            session.pause();
            byte[][] frames = new byte[MESSAGES][];
            Arrays.fill(frames, RawClient.frame(0x82, new byte[MESSAGE_BYTES]));
            client.send(Frames.join(frames), other);
            assertThat(client.left()).as("bytes that nobody takes").isPositive();
            assertThat(server.metrics().messagesIn()).isEqualTo(5); // 256 KiB and one message
            assertThat(server.metrics().limitsHit()).containsEntry("maxQueued", 1L);

            session.request(2);
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).isEqualTo("binary " + MESSAGE_BYTES);
            assertThat(handler.next()).isEqualTo("binary " + MESSAGE_BYTES);
            awaitTurns(other, 20);
            assertThat(handler.rest()).isEmpty();
            session.resume();
            client.sendRest();
            for (int i = 2; i < MESSAGES; i++) {
                assertThat(handler.next()).isEqualTo("binary " + MESSAGE_BYTES);
            }
        }
    }

    @EachTransport
    void aPeerThatIsNotReadIsNotTakenForDead(Transport transport) throws Exception {
        Duration pongWithin = Duration.ofSeconds(1);
        try (WebSocketServer server = start(transport, Heartbeat.always(Duration.ofMillis(200), pongWithin));
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            WebSocketSession session = handler.session();
            session.pause();
            for (int i = 0; i < 100; i++) {
                client.sendText("m" + i);
            }
            RawClient.Frame ping = client.readFrame();
            client.sendFrame(0x8A, ping.payload());
            client.socket().setSoTimeout((int) pongWithin.multipliedBy(2).toMillis());
            while (true) { // pings that came before the reading stopped
                try {
                    client.sendFrame(0x8A, client.readFrame().payload());
                } catch (java.net.SocketTimeoutException quiet) {
                    break;
                }
            }
            session.resume();
            assertThat(handler.next()).isEqualTo("open");
            for (int i = 0; i < 100; i++) {
                assertThat(handler.next()).isEqualTo("text m" + i);
            }
        }
    }

    @EachTransport
    void whenAPausedPeerIsCutOffOnCloseDoesNotWaitForDemand(Transport transport) throws Exception {
        try (WebSocketServer server = start(transport, Heartbeat.off())) {
            RawClient client = RawClient.upgraded(server.port(), "/");
            WebSocketSession session = handler.session();
            session.pause();
            for (int i = 0; i < 5; i++) {
                client.sendText("m" + i);
            }
            client.sendClose(1000, "");
            assertThat(client.readFrame().closeCode()).isEqualTo(1000); // control frames are seen to
            client.close();
            assertThat(handler.nextClose()).isEqualTo("close 1000 PEER");
            assertThat(server.metrics().discardedMessages()).isEqualTo(5);
            assertThat(server.sessions()).isEmpty();
        }
    }

    @Test
    void demandOneByOneOnAnExecutorMissesNothing() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        RecordingHandler onDemand = new RecordingHandler() {
            @Override
            public void onOpen(WebSocketSession session) {
                super.onOpen(session);
                session.pause();
                session.request(1);
            }

            @Override
            public void onText(WebSocketSession session, Message message) {
                super.onText(session, message);
                pool.execute(() -> session.request(1)); // from anywhere
            }
        };
        try (WebSocketServer server = WebSocketServer.builder()
                        .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .handlerExecutor(pool)
                        .limits(Limits.defaults().withMaxQueuedMessages(4))
                        .endpoint("/", onDemand)
                        .build()
                        .start();
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            for (int i = 0; i < 5_000; i++) {
                client.sendText("m" + i);
            }
            client.sendClose(1000, "");
            assertThat(onDemand.next()).isEqualTo("open");
            for (int i = 0; i < 5_000; i++) {
                assertThat(onDemand.next()).isEqualTo("text m" + i);
            }
            assertThat(client.readFrame().closeCode()).isEqualTo(1000);
        } finally {
            pool.shutdown();
        }
    }
}
