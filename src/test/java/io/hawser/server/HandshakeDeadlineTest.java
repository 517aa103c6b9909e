package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpLimits;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.testing.EachTransport;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** The time from accept to the 101 has one end, whatever the client sends in it (RFC 6455 §10.7). */
class HandshakeDeadlineTest {

    private static final Duration TIMEOUT = Duration.ofMillis(300);

    private static WebSocketServer start(Transport transport, Duration timeout) {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .transport(transport)
                .ioThreads(1)
                .httpLimits(HttpLimits.defaults().withHandshakeTimeout(timeout))
                .endpoint("/echo", WebSocketHandler.onMessage(WebSocketSession::send))
                .build()
                .start();
    }

    @EachTransport
    void aByteNowAndThenDoesNotMoveTheDeadline(Transport transport) throws Exception {
        long begin = System.nanoTime();
        try (WebSocketServer server = start(transport, TIMEOUT);
                RawClient client = RawClient.connect(server.port())) {
            String request = RawClient.upgradeRequest(server.port(), "/echo", "");
            int sent = 0;
            while (!hasAnswer(client)) {
                client.send(request.substring(sent, sent + 1));
                sent++;
            }
            assertThat(sent).isLessThan(request.length());
            assertThat(HttpAnswer.read(client).status()).isEqualTo(408);
            assertThat(client.readToEnd()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(TIMEOUT, Duration.ofSeconds(8));
            assertThat(server.metrics().refusedHandshakes()).containsEntry(408, 1L);
        }
    }

    /** Whether the first byte of the answer comes within a twentieth of a second; that byte stays to be read. */
    private static boolean hasAnswer(RawClient client) throws Exception {
        client.socket().setSoTimeout(50);
        try {
            return client.peek() >= 0;
        } catch (SocketTimeoutException notYet) {
            return false;
        } finally {
            client.socket().setSoTimeout(10_000);
        }
    }

    @EachTransport
    void whoSendsNothingIsOwedNothing(Transport transport) throws Exception {
        try (WebSocketServer server = start(transport, TIMEOUT);
                RawClient client = RawClient.connect(server.port())) {
            assertThat(client.readToEnd()).isEmpty();
            assertThat(server.metrics().refusedHandshakes()).isEmpty();
        }
    }

    @EachTransport
    void aSessionOutlivesTheDeadlineOfItsHandshake(Transport transport) throws Exception {
        Duration timeout = Duration.ofSeconds(1); // the client has to be in before
        try (WebSocketServer server = start(transport, timeout);
                RawClient silent = RawClient.connect(server.port());
                RawClient client = RawClient.upgraded(server.port(), "/echo")) {
            assertThat(silent.readToEnd()).isEmpty(); // accepted first, so its deadline passed first
            try (RawClient later = RawClient.connect(server.port())) {
                assertThat(later.readToEnd()).isEmpty();
            }
            client.sendText("still here");
            assertThat(client.readFrame().text()).isEqualTo("still here");
        }
    }
}
