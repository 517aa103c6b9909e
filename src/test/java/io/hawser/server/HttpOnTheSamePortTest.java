package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpReply;
import io.hawser.RequestHead;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain HTTP where the sessions are: a responder's answers, and a right answer to everything else. */
class HttpOnTheSamePortTest {

    private static WebSocketServer server;

    @BeforeAll
    static void start() {
        server = start(Transport.AUTO);
    }

    private static WebSocketServer start(Transport transport) {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .transport(transport)
                .ioThreads(1)
                .http(HttpOnTheSamePortTest::respond)
                .endpoint("/echo", WebSocketHandler.onMessage(WebSocketSession::send))
                .build()
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpReply respond(RequestHead request) {
        return switch (request.path()) {
            case "/health" ->
                HttpReply.ok("text/plain", "healthy " + request.query("who").orElse(""))
                        .withHeader("Cache-Control", "no-store");
            case "/empty" -> new HttpReply(204, List.of(), new byte[0]);
            case "/unchanged" -> new HttpReply(304, List.of(Map.entry("ETag", "\"1\"")), new byte[0]);
            case "/teapot" -> new HttpReply(418, List.of(), new byte[] {1, 2, 3});
            case "/large" -> HttpReply.ok("application/octet-stream", new byte[3_000_000]);
            case "/split" -> HttpReply.notFound().withHeader("X-Evil", "a\r\nSet-Cookie: b=c");
            case "/frame" -> HttpReply.notFound().withHeader("Transfer-Encoding", "chunked");
            case "/error" -> throw new StackOverflowError("deep");
            case "/null" -> null;
            default -> HttpReply.notFound();
        };
    }

    private static String get(String target, String... headers) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers) + "\r\n";
    }

    @EachTransport
    void oneConnectionServesManyRequestsAndThenASession(Transport transport) throws Exception {
        try (WebSocketServer own = start(transport);
                RawClient client = RawClient.connect(own.port())) {
            for (int i = 0; i < 3; i++) {
                client.send(get("/health?who=" + i));
                HttpAnswer answer = HttpAnswer.read(client);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("healthy " + i);
                assertThat(answer.header("Content-Type")).contains("text/plain; charset=utf-8");
                assertThat(answer.header("Cache-Control")).contains("no-store");
                assertThat(answer.header("Date")).isPresent();
                assertThat(answer.header("Connection")).isEmpty();
            }
            client.send(RawClient.upgradeRequest(own.port(), "/echo", ""));
            assertThat(HttpAnswer.read(client).status()).isEqualTo(101);
            client.sendText("hello");
            assertThat(client.readFrame().text()).isEqualTo("hello");
        }
    }

    @Test
    void theAnswerToHeadHasTheLengthAndNotTheBody() throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(get("/health?who=me").replace("GET", "HEAD"));
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ").containsIgnoringCase("content-length: 10\r\n");
            client.send(get("/health?who=you"));
            assertThat(HttpAnswer.read(client).body()).isEqualTo("healthy you");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/empty", "/unchanged"})
    void anAnswerThatHasNoBodyAnnouncesNone(String path) throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(get(path));
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.header("Content-Length")).isEmpty();
            assertThat(answer.header("Transfer-Encoding")).isEmpty();
            client.send(get("/health"));
            assertThat(HttpAnswer.read(client).status()).isEqualTo(200);
        }
    }

    @Test
    void aStatusThatNobodyKnowsPasses() throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(get("/teapot"));
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.status()).isEqualTo(418);
            assertThat(answer.body()).isEqualTo("\1\2\3");
        }
    }

    @EachTransport
    void aLargeAnswerArrivesWholeThoughTheConnectionEndsWithIt(Transport transport) throws Exception {
        try (WebSocketServer own = start(transport);
                RawClient client = RawClient.connect(own.port())) {
            client.send(get("/large", "Connection: close\r\n"));
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.header("Connection")).contains("close");
            assertThat(answer.body()).hasSize(3_000_000);
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void http10EndsTheConnectionUnlessAskedToKeepIt() throws Exception {
        String request = "GET /health HTTP/1.0\r\n";
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(request + "\r\n");
            assertThat(HttpAnswer.read(client).body()).isEqualTo("healthy ");
            assertThat(client.readToEnd()).isEmpty();
        }
        try (RawClient client = RawClient.connect(server.port())) {
            for (int i = 0; i < 2; i++) {
                client.send(request + "Connection: keep-alive\r\n\r\n");
                HttpAnswer answer = HttpAnswer.read(client);
                assertThat(answer.body()).isEqualTo("healthy ");
                // Without it a client of 1.0 would wait for the end (RFC 9112 §9.3).
                assertThat(answer.header("Connection")).contains("keep-alive");
            }
        }
    }

    @Test
    void whatIsNobodysIsNotFoundAndTheConnectionGoesOn() throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(get("/nothing"));
            assertThat(HttpAnswer.read(client).status()).isEqualTo(404);
            client.send(get("/health"));
            assertThat(HttpAnswer.read(client).status()).isEqualTo(200);
        }
    }

    @Test
    void withoutAResponderEverythingPlainIsNotFound() throws Exception {
        try (WebSocketServer own = WebSocketServer.builder()
                        .port(0)
                        .endpoint("/echo", WebSocketHandler.onMessage(WebSocketSession::send))
                        .build()
                        .start();
                RawClient client = RawClient.connect(own.port())) {
            client.send(get("/health"));
            assertThat(HttpAnswer.read(client).status()).isEqualTo(404);
        }
    }

    @Test
    void anEndpointAskedWithoutUpgradeSaysWhatItWants() throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(get("/echo"));
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.status()).isEqualTo(426);
            assertThat(answer.header("Sec-WebSocket-Version")).contains("13");
            assertThat(answer.header("Upgrade")).contains("websocket");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT"})
    void onlyGetAndHeadAreServed(String method) throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(get("/health").replace("GET", method));
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("Allow")).contains("GET, HEAD");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/error", "/null", "/split", "/frame"})
    void aResponderThatFailsIsAnErrorOfThatRequestAlone(String path) throws Exception {
        try (CapturedLog log = CapturedLog.start();
                RawClient client = RawClient.connect(server.port())) {
            client.send(get(path));
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.header("Set-Cookie")).isEmpty();
            assertThat(answer.body()).doesNotContain("deep").doesNotContain("Exception");
            assertThat(client.readToEnd()).isEmpty();
            log.await(line -> line.startsWith("ERROR io.hawser.connection hook or responder failed"));
        }
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(get("/health"));
            assertThat(HttpAnswer.read(client).status()).isEqualTo(200);
        }
    }

    @Test
    void theJdksClientIsServed() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        URI uri = URI.create("http://localhost:" + server.port() + "/health?who=jdk");
        // By default it offers h2c in an Upgrade header, which nobody has to take (RFC 9110 §7.8).
        assertThat(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                        .body())
                .isEqualTo("healthy jdk");
        assertThat(client.send(
                                HttpRequest.newBuilder(uri)
                                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                                        .build(),
                                BodyHandlers.ofString())
                        .headers()
                        .firstValueAsLong("content-length"))
                .hasValue(11);
    }
}
