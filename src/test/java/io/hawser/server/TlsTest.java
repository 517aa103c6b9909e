package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.CloseStatus;
import io.hawser.HttpLimits;
import io.hawser.HttpReply;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.clients.SelfSignedCertificate;
import io.hawser.testing.EachTransport;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions over TLS: who may connect, what is told of it, and how it ends. */
class TlsTest {

    @TempDir
    static Path directory;

    private static SelfSignedCertificate certificate;

    private final RecordingHandler handler = new RecordingHandler() {
        @Override
        public void onText(WebSocketSession session, io.hawser.Message message) {
            super.onText(session, message);
            session.send(message);
        }
    };

    @BeforeAll
    static void generate() throws Exception {
        certificate = SelfSignedCertificate.generate(directory);
    }

    private WebSocketServerBuilder builder(Tls tls) {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .ioThreads(1)
                .tls(tls)
                .http(request -> HttpReply.ok("text/plain", request.tls().isPresent() ? "safe" : "open"))
                .endpoint("/", handler);
    }

    private WebSocketServer start(Transport transport) {
        return builder(certificate.serverTls()).transport(transport).build().start();
    }

    private static SSLSocket socket(WebSocketServer server, String... protocols) throws Exception {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port());
        SSLSocket socket = (SSLSocket)
                certificate.clientContext().getSocketFactory().createSocket(plain, "localhost", server.port(), true);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return socket;
    }

    private static RawClient upgraded(WebSocketServer server, String... protocols) throws Exception {
        return RawClient.over(socket(server, protocols)).upgrade("/", "");
    }

    static Stream<Arguments> transportsAndProtocols() {
        return EachTransport.Here.TRANSPORTS.stream()
                .flatMap(transport ->
                        Stream.of("TLSv1.3", "TLSv1.2").map(protocol -> Arguments.of(transport, protocol)));
    }

    @ParameterizedTest
    @MethodSource("transportsAndProtocols")
    void bothClosesEndWithCloseNotify(Transport transport, String protocol) throws Exception {
        try (WebSocketServer server = start(transport)) {
            try (RawClient client = upgraded(server, protocol)) {
                WebSocketSession session = handler.session();
                assertThat(session.handshake().tls())
                        .hasValueSatisfying(tls -> assertThat(tls.getProtocol()).isEqualTo(protocol));
                client.sendText("a".repeat(60_000)); // several TLS records
                assertThat(client.readFrame().text()).hasSize(60_000);
                session.close(new CloseStatus(4000, "bye"));
                assertThat(client.readFrame().closeCode()).isEqualTo(4000);
                client.sendClose(4000, "");
                // A FIN without close_notify would be an SSLException here.
                assertThat(client.readToEnd()).isEmpty();
            }
            assertThat(handler.nextClose()).isEqualTo("close 4000 SERVER");
            try (RawClient client = upgraded(server, protocol)) {
                client.sendClose(1000, "");
                assertThat(client.readFrame().closeCode()).isEqualTo(1000);
                assertThat(client.readToEnd()).isEmpty();
            }
            assertThat(handler.nextClose()).isEqualTo("close 1000 PEER");
        }
    }

    @EachTransport
    void aRefusalIsReadToItsEnd(Transport transport) throws Exception {
        try (WebSocketServer server = start(transport);
                RawClient client = RawClient.over(socket(server))) {
            client.send(RawClient.upgradeRequest(server.port(), "/nowhere", ""));
            client.send(new byte[100_000]);
            assertThat(HttpAnswer.read(client).status()).isIn(400, 404);
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @EachTransport
    void anEndWithoutCloseNotifyOrWithNothingElseIsNoClose(Transport transport) throws Exception {
        try (WebSocketServer server = start(transport)) {
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port());
            SSLSocket socket = (SSLSocket) certificate
                    .clientContext()
                    .getSocketFactory()
                    .createSocket(plain, "localhost", server.port(), false);
            try (RawClient client = RawClient.over(socket)) {
                client.upgrade("/", "");
                plain.close();
                assertThat(handler.nextClose()).isEqualTo("close 1006 NETWORK");
            }
            try (RawClient client = upgraded(server, "TLSv1.3")) {
                client.shutdownOutput(); // close_notify, and no FIN
                assertThat(handler.nextClose()).isEqualTo("close 1006 NETWORK");
                assertThat(client.readToEnd()).isEmpty();
            }
        }
    }

    @Test
    void theJdksClientConnects() throws Exception {
        try (WebSocketServer server = start(Transport.AUTO)) {
            HttpClient http = HttpClient.newBuilder()
                    .sslContext(certificate.clientContext())
                    .build();
            CompletableFuture<String> echo = new CompletableFuture<>();
            WebSocket client = http.newWebSocketBuilder()
                    .buildAsync(URI.create("wss://localhost:" + server.port() + "/"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                            echo.complete(text.toString());
                            return null;
                        }
                    })
                    .get(10, TimeUnit.SECONDS);
            client.sendText("hello", true).get(10, TimeUnit.SECONDS);
            assertThat(echo.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
            client.sendClose(1000, "").get(10, TimeUnit.SECONDS);
            assertThat(handler.nextClose()).isEqualTo("close 1000 PEER");
        }
    }

    @Test
    void aReadyContextServesAsWell() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(directory.resolve("suite.p12"))) {
            store.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        try (WebSocketServer server = builder(Tls.context(context)).build().start();
                RawClient client = upgraded(server)) {
            client.sendText("hello");
            assertThat(client.readFrame().text()).isEqualTo("hello");
        }
    }

    @Test
    void plainRequestsAreServedAndToldThatTheyAreSafe() throws Exception {
        try (WebSocketServer server = start(Transport.AUTO);
                RawClient client = RawClient.over(socket(server))) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".replace("GET /", "GET /health"));
                assertThat(HttpAnswer.read(client).body()).isEqualTo("safe");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0301", "0302"})
    void olderVersionsAreRefusedByAnAlert(String version) throws Exception {
        String body = version + "00".repeat(32) + "00" + "0004" + "c009c013" + "0100";
        String hello = "0100" + HexFormat.of().toHexDigits((short) (body.length() / 2)) + body;
        try (WebSocketServer server = start(Transport.AUTO);
                RawClient client = RawClient.connect(server.port())) {
            client.sendHex("160301" + HexFormat.of().toHexDigits((short) (hello.length() / 2)) + hello);
            byte[] alert = client.readToEnd();
            assertThat(alert).startsWith(0x15); // fatal, protocol_version (RFC 8446 §6.2)
            assertThat(alert).endsWith(2, 70);
        }
    }

    @Test
    void plainHttpOnTheTlsPortIsNotServed() throws Exception {
        try (WebSocketServer server = start(Transport.AUTO);
                RawClient client = RawClient.connect(server.port())) {
            client.send(RawClient.upgradeRequest(server.port(), "/", ""));
            assertThat(new String(client.readToEnd())).doesNotContain("HTTP/");
            assertThat(server.metrics().openedSessions()).isZero();
        }
    }

    @Test
    void onlyHttp11IsAgreedUpon() throws Exception {
        try (WebSocketServer server = start(Transport.AUTO)) {
            for (String[] offer : new String[][] {{"h2", "http/1.1"}, {"h2"}}) {
                try (SSLSocket socket = socket(server)) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setApplicationProtocols(offer);
                    socket.setSSLParameters(parameters);
                    socket.startHandshake();
                    assertThat(socket.getApplicationProtocol()).isEqualTo(offer.length == 2 ? "http/1.1" : "");
                }
            }
        }
    }

    @EachTransport
    void theHandshakesDeadlineHoldsForTlsToo(Transport transport) throws Exception {
        long begin = System.nanoTime();
        try (WebSocketServer server = builder(certificate.serverTls())
                        .transport(transport)
                        .httpLimits(HttpLimits.defaults().withHandshakeTimeout(Duration.ofMillis(300)))
                        .build()
                        .start();
                RawClient silent = RawClient.connect(server.port());
                RawClient slow = RawClient.connect(server.port());
                RawClient liar = RawClient.connect(server.port());
                RawClient safe = RawClient.over(socket(server))) {
            ((SSLSocket) safe.socket()).startHandshake(); // and then nothing
            slow.sendHex("160301");
            liar.sendHex("160301000501ffffff00"); // announces a ClientHello of 16 MiB
            assertThat(silent.readToEnd()).isEmpty();
            assertThat(slow.readToEnd()).hasSizeLessThan(10);
            assertThat(liar.readToEnd()).hasSizeLessThan(10);
            assertThat(safe.readToEnd()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void filesThatAreNoKeyAreRefusedAtTheStart() throws Exception {
        Path wrong = Files.writeString(directory.resolve("wrong.pem"), "no key");
        for (Tls tls : new Tls[] {
            Tls.pem(directory.resolve("certificate.pem"), wrong),
            Tls.pem(wrong, directory.resolve("key.pem")),
            Tls.pem(directory.resolve("absent.pem"), directory.resolve("key.pem"))
        }) {
            assertThatThrownBy(() -> builder(tls).build().start())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("certificate");
        }
    }
}
