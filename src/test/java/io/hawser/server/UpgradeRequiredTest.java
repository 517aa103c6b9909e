package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.testing.RawClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a client gets that asks an endpoint for something else than WebSocket: RFC 6455 §4.4, RFC 9110 §15.5.22. */
class UpgradeRequiredTest {

    @Test
    void theAnswerNamesProtocolAndVersionAndEndsTheConnection() throws Exception {
        String answer = answerTo("GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 426 ").endsWith("\n");
        assertThat(answer.lines().map(String::toLowerCase)).contains("upgrade: websocket", "sec-websocket-version: 13");
    }

    /** RFC 9110 §7.8: "A sender of Upgrade MUST also send an 'Upgrade' connection option in the Connection header field". */
    @Test
    void upgradeIsNamedInConnectionBesideClose() throws Exception {
        String answer = answerTo("GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(answer.lines().map(String::toLowerCase)).containsOnlyOnce("connection: close, upgrade");
    }

    @Test
    void aRefusalWithoutUpgradeOnlyCloses() throws Exception {
        String answer = answerTo("POST /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 405 ");
        assertThat(answer.lines().map(String::toLowerCase))
                .containsOnlyOnce("connection: close")
                .contains("allow: get, head");
    }

    /** RFC 9110 §9.3.2: "the server MUST NOT send content in the response" to a HEAD. */
    @Test
    void theAnswerToAHeadHasNoContent() throws Exception {
        String answer = answerTo("HEAD /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 426 ").endsWith("\r\n\r\n");
    }

    private static String answerTo(String request) throws Exception {
        WebSocketServer server = WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .transport(Transport.NIO)
                .ioThreads(1)
                .endpoint("/echo", new WebSocketHandler() {})
                .build();
        try (server) {
            server.start();
            try (RawClient client = RawClient.connect(server.port())) {
                client.send(request);
                return new String(client.readToEnd(), StandardCharsets.UTF_8);
            }
        }
    }
}
