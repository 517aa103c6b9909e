package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Endpoint;
import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.Rate;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import io.hawser.testing.Repeating;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Heartbeats, idle sessions, messages that do not end, with deadlines short enough to wait for. */
class DeadlinesTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final RecordingHandler handler = new RecordingHandler();

    private WebSocketServer start(Limits limits, Heartbeat heartbeat) {
        return builder(limits, heartbeat).build().start();
    }

    private WebSocketServerBuilder builder(Limits limits, Heartbeat heartbeat) {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .ioThreads(1)
                .endpoint(Endpoint.of("/", handler).withLimits(limits).withHeartbeat(heartbeat));
    }

    @Test
    void aSilentPeerIsPingedAndItsPongMeasured() throws Exception {
        try (WebSocketServer server = start(Limits.defaults(), Heartbeat.onSilence(SHORT, LONG));
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            WebSocketSession session = handler.session();
            assertThat(session.rtt()).isEmpty();
            for (int i = 0; i < 2; i++) {
                RawClient.Frame ping = client.readFrame();
                assertThat(ping.opcode()).isEqualTo(9);
                client.sendFrame(0x8A, ping.payload());
            }
            client.sendText("behind the pongs");
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).isEqualTo("text behind the pongs"); // and no onPong for the library's own
            assertThat(session.rtt())
                    .hasValueSatisfying(rtt -> assertThat(rtt).isBetween(Duration.ofNanos(1), Duration.ofSeconds(10)));
        }
    }

    @Test
    void aPeerThatShowsNoSignOfLifeIsCut() throws Exception {
        try (WebSocketServer server = start(Limits.defaults(), Heartbeat.onSilence(SHORT, SHORT));
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            assertThat(handler.nextClose()).isEqualTo("close 1006 NETWORK");
            assertThat(client.readFrame().opcode()).isEqualTo(9);
        }
    }

    @Test
    void anyByteIsASignOfLife() throws Exception {
        try (WebSocketServer server = start(Limits.defaults(), Heartbeat.onSilence(SHORT, SHORT.multipliedBy(5)));
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.readFrame().opcode()).isEqualTo(9);
                client.send(i == 0 ? "\u0081\u0083\0\0\0\0" : "a"); // a frame in pieces
            }
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).isEqualTo("text aaa");
            assertThat(handler.rest()).isEmpty();
        }
    }

    @Test
    void aTalkingPeerIsPingedTooWhereThatIsAskedFor() throws Exception {
        try (WebSocketServer server = start(Limits.defaults(), Heartbeat.always(SHORT, LONG));
                RawClient client = RawClient.upgraded(server.port(), "/");
                Repeating talk = Repeating.every(OFTEN, () -> client.sendText("a"))) {
            assertThat(client.readFrame().opcode()).isEqualTo(9);
            assertThat(client.readFrame().opcode()).isEqualTo(9);
        }
    }

    @Test
    void anIdleSessionIsClosedWith1001() throws Exception {
        try (WebSocketServer server = start(Limits.defaults().withIdleTimeout(SHORT), Heartbeat.always(SHORT, LONG));
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            RawClient.Frame frame = client.readFrame();
            while (frame.opcode() == 9) {
                client.sendFrame(0x8A, frame.payload()); // alive, and still idle
                frame = client.readFrame();
            }
            assertThat(frame.closeCode()).isEqualTo(1001);
            assertThat(frame.closeReason()).isEqualTo("idle");
            client.sendClose(1001, "");
            assertThat(client.readToEnd()).isEmpty();
            assertThat(handler.nextClose()).isEqualTo("close 1001 SERVER");
        }
    }

    @Test
    void aSessionThatIsOnlySentToIsNotIdle() throws Exception {
        Duration idle = Duration.ofSeconds(1); // longer than a busy machine stalls
        try (WebSocketServer server = start(Limits.defaults().withIdleTimeout(idle), Heartbeat.off());
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            WebSocketSession session = handler.session();
            try (Repeating talk = Repeating.every(OFTEN, () -> session.send("to you"))) {
                readTextFor(idle.multipliedBy(2), client);
            }
            try (Repeating talk = Repeating.every(OFTEN, () -> server.broadcast(Message.text("to all")))) {
                readTextFor(idle.multipliedBy(2), client);
            }
        }
    }

    private static void readTextFor(Duration time, RawClient client) throws Exception {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < time.toNanos()) {
            assertThat(client.readFrame().opcode()).isEqualTo(1);
        }
    }

    @Test
    void aMessageThatDoesNotEndIsRefusedWhateverComesBetween() throws Exception {
        try (WebSocketServer server = start(
                        Limits.defaults()
                                .withMessageTimeout(SHORT)
                                .withMaxFragments(1_000_000)
                                .withControlRate(Rate.unlimited()),
                        Heartbeat.off());
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            client.sendHex("0181 00000000 61");
            RawClient.Frame frame;
            do {
                client.sendHex("0081 00000000 61" + "8980 00000000");
                frame = client.readFrame();
            } while (frame.opcode() == 10);
            assertThat(frame.closeCode()).isEqualTo(1008);
            assertThat(frame.closeReason()).isEqualTo("message took too long to arrive");
        }
        assertThat(handler.nextClose()).isEqualTo("close 1008 SERVER");
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whileWeDoNotReadThePeerOwesNothing() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        RecordingHandler blocking = new RecordingHandler() {
            @Override
            public void onText(WebSocketSession session, Message message) {
                if (message.text().equals("block")) {
                    awaitUninterrupted(release);
                }
                super.onText(session, message);
            }
        };
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (WebSocketServer server = WebSocketServer.builder()
                        .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .ioThreads(1)
                        .handlerExecutor(executor)
                        .limits(Limits.defaults().withMaxQueuedMessages(2).withMessageTimeout(SHORT))
                        .heartbeat(Heartbeat.onSilence(SHORT, SHORT))
                        .endpoint("/", blocking)
                        .build()
                        .start();
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            client.sendText("block");
            client.sendText("a");
            client.sendHex("0181 00000000 62"); // the first half of a message
            RawClient.Frame ping = client.readFrame();
            assertThat(ping.opcode()).isEqualTo(9);
            client.sendHex("8081 00000000 63");
            client.sendFrame(0x8A, ping.payload());
            client.socket().setSoTimeout((int) SHORT.multipliedBy(4).toMillis());
            assertThatThrownBy(client::peek).isInstanceOf(SocketTimeoutException.class); // neither a Close nor the end
            release.countDown();
            assertThat(blocking.next()).isEqualTo("open");
            assertThat(blocking.next()).isEqualTo("text block");
            assertThat(blocking.next()).isEqualTo("text a");
            assertThat(blocking.next()).isEqualTo("text bc");
        } finally {
            release.countDown();
            executor.shutdown();
        }
    }
}
