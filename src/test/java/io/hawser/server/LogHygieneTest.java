package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Endpoint;
import io.hawser.HandshakeDecision;
import io.hawser.HttpReply;
import io.hawser.Message;
import io.hawser.TrustedProxies;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.clients.SelfSignedCertificate;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client sends may be a secret, and is not logged, at no level and by nobody. */
class LogHygieneTest {

    private static final String SECRET = "hunter2zQx7";
    private static final String CREDENTIALS = "Authorization: Bearer " + SECRET + "\r\nCookie: session=" + SECRET
            + "\r\nX-Api-Key: " + SECRET + "\r\nSec-WebSocket-Protocol: bearer." + SECRET + "\r\n";

    @Test
    void noLineAtAnyLevelHasASecretOfARequestOrMessage() throws Exception {
        RecordingHandler handler = new RecordingHandler() {
            @Override
            public void onText(WebSocketSession session, Message message) {
                super.onText(session, message);
                session.send(message);
                if (message.text().startsWith("throw")) {
                    throw new IllegalStateException("the handler's own text");
                }
            }
        };
        try (CapturedLog log = CapturedLog.start();
                WebSocketServer server = WebSocketServer.builder()
                        .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .http(request -> HttpReply.notFound())
                        .endpoint("/chat/{room}", handler)
                        .endpoint(Endpoint.of("/refused", handler)
                                .withHandshakeHook(
                                        handshake -> CompletableFuture.completedStage(HandshakeDecision.reject(401))))
                        .endpoint(Endpoint.of("/broken", handler)
                                .withHandshakeHook(handshake -> CompletableFuture.failedStage(new Exception("down"))))
                        .build()
                        .start()) {
            for (String path : new String[] {"/refused", "/broken", "/nowhere"}) {
                answerTo(server, RawClient.upgradeRequest(server.port(), path + "?token=" + SECRET, CREDENTIALS));
            }
            String right = RawClient.upgradeRequest(server.port(), "/chat/a?token=" + SECRET, CREDENTIALS);
            answerTo(server, right.replace("Version: 13", "Version: 8"));
            answerTo(server, right.replace("Host:", "Host :"));
            answerTo(server, right.replace("GET", "POST"));
            answerTo(server, right + "G");
            answerTo(server, right.replace("HTTP/1.1", SECRET));
            answerTo(server, right.replace("Upgrade: websocket", "Origin: https://" + SECRET));
            answerTo(server, "GET /" + SECRET + " HTTP/1.1\r\nHost: localhost\r\n" + CREDENTIALS + "\r\n");

            converse(server, handler, "text " + SECRET, 1000);
            converse(server, handler, "throw " + SECRET, 1011);
            try (RawClient client = RawClient.upgraded(server.port(), "/chat/a?token=" + SECRET, CREDENTIALS)) {
                client.sendFrame(0xF1, SECRET.getBytes()); // RSV bits
                assertThat(client.readFrame().closeCode()).isEqualTo(1002);
            }
            handler.nextClose();
            log.await(line -> line.contains("close ") && line.contains(" 1002 "));

            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("DEBUG io.hawser.connection open "))
                    .anyMatch(line -> line.startsWith("INFO io.hawser.connection refused "))
                    .anyMatch(line -> line.startsWith("ERROR io.hawser.connection handler threw"))
                    .noneMatch(line -> line.contains(SECRET));
        }
    }

    private static void converse(WebSocketServer server, RecordingHandler handler, String text, int closeCode)
            throws Exception {
        try (RawClient client = RawClient.upgraded(server.port(), "/chat/a?token=" + SECRET, CREDENTIALS)) {
            WebSocketSession session = handler.session();
            client.sendText(text);
            assertThat(client.readFrame().text()).isEqualTo(text);
            session.close(CloseStatus.NORMAL);
            assertThat(client.readFrame().closeCode()).isEqualTo(closeCode);
            client.sendClose(1000, SECRET);
            assertThat(client.readToEnd()).isEmpty();
            handler.nextClose();
        }
    }

    private static void answerTo(WebSocketServer server, String request) throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(request);
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.status()).isBetween(400, 599);
            assertThat(answer.head() + answer.body()).doesNotContain(SECRET);
        }
    }

    /** Netty's exceptions repeat in hexadecimal what was not TLS, and in text what was no PROXY header. */
    @Test
    void noExceptionOfADecoderBringsASecretIntoTheLog(@TempDir Path directory) throws Exception {
        String hex = HexFormat.of().formatHex(SECRET.getBytes(StandardCharsets.US_ASCII));
        RecordingHandler handler = new RecordingHandler();
        try (CapturedLog log = CapturedLog.start();
                WebSocketServer encrypted = builder()
                        .tls(SelfSignedCertificate.generate(directory).serverTls())
                        .endpoint("/", handler)
                        .build()
                        .start();
                WebSocketServer proxied = builder()
                        .trustedProxies(TrustedProxies.of(TrustedProxies.Source.PROXY_PROTOCOL, "127.0.0.1"))
                        .endpoint("/", handler)
                        .build()
                        .start();
                WebSocketServer forwarded = builder()
                        .trustedProxies(TrustedProxies.of(TrustedProxies.Source.FORWARDED, "127.0.0.1"))
                        .allowedHosts("localhost")
                        .endpoint("/", handler)
                        .build()
                        .start()) {
            for (WebSocketServer server : new WebSocketServer[] {encrypted, proxied}) {
                try (RawClient client = RawClient.connect(server.port())) {
                    client.send(RawClient.upgradeRequest(server.port(), "/?token=" + SECRET, CREDENTIALS));
                    client.readToAnyEnd();
                }
            }
            try (RawClient client = RawClient.connect(proxied.port())) {
                client.send("PROXY " + SECRET + " 192.0.2.1 192.0.2.2 1 2\r\n");
                client.readToAnyEnd();
            }
            String request =
                    RawClient.upgradeRequest(forwarded.port(), "/nowhere", "Forwarded: for=" + SECRET + "\r\n");
            answerTo(forwarded, request);
            answerTo(forwarded, request.replace("localhost", SECRET + ".example"));

            log.await(line -> line.contains("failed before the handshake") && line.contains("Ssl"));
            log.await(line -> line.contains("failed before the handshake") && line.contains("HAProxy"));
            log.await(line -> line.contains("refused") && line.contains("421"));
            assertThat(log.lines()).noneMatch(line -> line.contains(SECRET) || line.contains(hex));
        }
    }

    private static WebSocketServerBuilder builder() {
        return WebSocketServer.builder().address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
}
