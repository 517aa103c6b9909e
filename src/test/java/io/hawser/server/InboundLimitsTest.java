package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Endpoint;
import io.hawser.HandshakeDecision;
import io.hawser.Limits;
import io.hawser.Rate;
import io.hawser.ServerLimits;
import io.hawser.Transport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.testing.EachTransport;
import io.hawser.testing.Frames;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Rates, lifetimes, expiry and the inbound budget, over sockets. */
class InboundLimitsTest {

    private final RecordingHandler handler = new RecordingHandler();

    private static WebSocketServerBuilder builder(Transport transport) {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .transport(transport)
                .ioThreads(2);
    }

    private static void assertClosed(RawClient client, int code, String reason) throws Exception {
        RawClient.Frame frame = client.readFrame();
        while (frame.opcode() == 10) {
            frame = client.readFrame();
        }
        assertThat(frame.closeCode()).isEqualTo(code);
        assertThat(frame.closeReason()).isEqualTo(reason);
    }

    @EachTransport
    void whoSendsTooOftenIsToldSo(Transport transport) throws Exception {
        Limits limits = Limits.defaults().withMessageRate(Rate.of(1, 10)).withControlRate(Rate.of(1, 10));
        try (WebSocketServer server = builder(transport)
                        .limits(limits)
                        .endpoint("/", handler)
                        .build()
                        .start();
                RawClient talker = RawClient.upgraded(server.port(), "/");
                RawClient pinger = RawClient.upgraded(server.port(), "/")) {
            for (int i = 0; i < 20; i++) {
                talker.sendText("x");
                pinger.sendFrame(0x89, new byte[0]);
            }
            assertClosed(talker, 1008, "too many messages");
            assertClosed(pinger, 1008, "too many pings and pongs");
            assertThat(server.metrics().limitsHit())
                    .containsEntry("messageRate", 1L)
                    .containsEntry("controlRate", 1L);
        }
    }

    @EachTransport
    void aSessionEndsWithItsLifetimeOrItsAuthorisation(Transport transport) throws Exception {
        Endpoint expiring = Endpoint.of("/expiring", handler)
                .withHandshakeHook(handshake -> CompletableFuture.completedStage(
                        HandshakeDecision.accept().withExpiry(Instant.now().plusSeconds(3_600))));
        Endpoint mortal =
                Endpoint.of("/mortal", handler).withLimits(Limits.defaults().withMaxLifetime(Duration.ofMillis(300)));
        try (WebSocketServer server = builder(transport)
                        .endpoint(expiring)
                        .endpoint(mortal)
                        .build()
                        .start();
                RawClient first = RawClient.upgraded(server.port(), "/expiring")) {
            WebSocketSession session = handler.session();
            assertThat(session.expiresAt()).isPresent();
            session.setExpiry(Instant.now().plusMillis(200));
            assertClosed(first, 1008, "authorisation expired");
            try (RawClient second = RawClient.upgraded(server.port(), "/mortal")) {
                assertClosed(second, 1001, "session's lifetime is over");
            }
            assertThat(server.metrics().limitsHit()).containsEntry("expiry", 1L).containsEntry("maxLifetime", 1L);
        }
    }

    @EachTransport
    void theServersBudgetEndsWhoHoldsMostOnAnyEventLoop(Transport transport) throws Exception {
        long budget = 2 << 20;
        int crowd = 8;
        List<RawClient> small = new ArrayList<>();
        try (WebSocketServer server = builder(transport)
                        .limits(Limits.defaults().withMaxMessageBytes(4 << 20))
                        .serverLimits(ServerLimits.defaults().withMaxReceivedBytes(budget))
                        .endpoint("/", handler)
                        .build()
                        .start();
                RawClient large = RawClient.upgraded(server.port(), "/")) {
            for (int i = 0; i < crowd; i++) {
                RawClient client = RawClient.upgraded(server.port(), "/");
                small.add(client);
                begin(client, 100_000);
            }
            begin(large, 3 << 20);
            assertClosed(large, 1008, "the server has no memory for what is sent");
            large.close();
            assertThat(handler.nextClose()).isEqualTo("close 1008 SERVER");
            assertThat(server.metrics().receivedBytes()).isBetween(crowd * 100_000L, budget);
            handler.rest();
            for (RawClient client : small) { // they can go on
                client.send(new byte[1_000_000 - 100_000]);
                assertThat(handler.next()).isEqualTo("binary 1000000");
                client.sendFrame(0x89, new byte[0]); // answered after what was read before
                assertThat(client.readFrame().opcode()).isEqualTo(10);
            }
            assertThat(server.metrics().limitsHit()).containsEntry("server.maxReceivedBytes", 1L);
            assertThat(server.metrics().receivedBytes()).isZero();
        } finally {
            for (RawClient client : small) {
                client.close();
            }
        }
    }

    /** A message of a million bytes begins, or one as long as what is sent of it. */
    private static void begin(RawClient client, int bytes) throws Exception {
        client.send(Frames.header(0x82, Math.max(1_000_000, bytes + 1), 0));
        client.send(new byte[bytes]);
    }
}
