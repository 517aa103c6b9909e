package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Compression;
import io.hawser.Endpoint;
import io.hawser.HttpReply;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.testing.BadRequests;
import io.hawser.testing.BadRequests.BadRequest;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The opening handshake as bytes on a socket: every bad one is answered, once, so that the client can read it. */
class HandshakeOverTheWireTest {

    private static final Map<Transport, WebSocketServer> SERVERS = new ConcurrentHashMap<>();
    private static final AtomicInteger SERVED = new AtomicInteger();

    @BeforeAll
    static void start() {
        WebSocketHandler echo = WebSocketHandler.onMessage(WebSocketSession::send);
        for (Transport transport : EachTransport.Here.TRANSPORTS) {
            SERVERS.put(
                    transport,
                    WebSocketServer.builder()
                            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .transport(transport)
                            .ioThreads(1)
                            .http(request -> {
                                SERVED.incrementAndGet();
                                return HttpReply.notFound();
                            })
                            .endpoint("/echo", echo)
                            .endpoint(Endpoint.of("/deflate", echo).withCompression(Compression.on()))
                            .build()
                            .start());
        }
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(WebSocketServer::close);
    }

    private static WebSocketServer server(Transport transport) {
        return SERVERS.get(transport);
    }

    static Stream<Arguments> badRequests() {
        return EachTransport.Here.TRANSPORTS.stream()
                .flatMap(transport -> Stream.of(
                                BadRequests.http(),
                                BadRequests.bodies(),
                                BadRequests.tooLong(),
                                BadRequests.handshakes(),
                                BadRequests.versions())
                        .flatMap(List::stream)
                        .map(request -> Arguments.of(transport, request)));
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void aBadRequestIsAnsweredOnceAndTheConnectionEnds(Transport transport, BadRequest request) throws Exception {
        WebSocketServer server = server(transport);
        long before = refused(server, request.status());
        int served = SERVED.get();
        try (CapturedLog log = CapturedLog.start();
                RawClient client = RawClient.connect(server.port())) {
            client.send(request.bytes());
            HttpAnswer answer = read(client, request);
            assertThat(answer.status()).isEqualTo(request.status());
            // Who sends Upgrade names it in Connection too (RFC 9110 §7.8).
            assertThat(answer.header("Connection")).contains(request.status() == 426 ? "close, upgrade" : "close");
            assertThat(answer.body().length()).isBetween(request.isHead() ? 0 : 1, 300);
            assertThat(answer.head() + answer.body()).doesNotContain(BadRequests.MARK);
            // A 426 names what it would take (RFC 9110 §15.5.22, RFC 6455 §4.4); a 405 too (RFC 9110 §15.5.6).
            assertThat(answer.header("Upgrade").isPresent()).isEqualTo(request.status() == 426);
            assertThat(answer.header("Sec-WebSocket-Version").equals(java.util.Optional.of("13")))
                    .isEqualTo(request.status() == 426);
            assertThat(answer.header("Allow").isPresent()).isEqualTo(request.status() == 405);

            client.trySend(RawClient.upgradeRequest(server.port(), "/echo", "").getBytes(StandardCharsets.ISO_8859_1));
            assertThat(client.readToEnd()).isEmpty();

            assertThat(log.connectionLines())
                    .filteredOn(line -> line.contains(".connection refused "))
                    .hasSizeLessThanOrEqualTo(1) // ten a second are written of this server's
                    .allSatisfy(line -> assertThat(line)
                            .startsWith("INFO io.hawser.connection refused ")
                            .contains(" " + request.status() + ": "));
            assertThat(log.lines()).noneMatch(line -> line.contains(BadRequests.MARK));
        }
        assertThat(refused(server, request.status()) - before).isEqualTo(1);
        assertThat(server.sessions()).isEmpty();
        assertThat(SERVED).hasValue(served);
    }

    /** "Any response to a HEAD request [...] cannot contain a message body" (RFC 9112 §6.3). */
    private static HttpAnswer read(RawClient client, BadRequest request) throws IOException {
        return request.isHead() ? new HttpAnswer(client.readHead(), "") : HttpAnswer.read(client);
    }

    private static long refused(WebSocketServer server, int status) {
        return server.metrics().refusedHandshakes().getOrDefault(status, 0L);
    }

    /** The server has ended its direction, and may have ended the other. */
    @EachTransport
    void whatIsExactlyAtTheLimitsPasses(Transport transport) throws Exception {
        WebSocketServer server = server(transport);
        assertThat(statusOf(server, BadRequests.sized(8192, 16_384))).isEqualTo(101);
        String lines95 = "X-Mark: 1\r\n".repeat(95);
        assertThat(statusOf(server, RawClient.upgradeRequest(server.port(), "/echo", lines95)))
                .isEqualTo(101);
    }

    private static int statusOf(WebSocketServer server, String request) throws IOException {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(request);
            return HttpAnswer.read(client).status();
        }
    }

    static List<Arguments> unusual() {
        String upgrade = "Upgrade: websocket";
        String connection = "Connection: Upgrade";
        return List.of(
                Arguments.of(upgrade, "Upgrade: foo, websocket"),
                Arguments.of(upgrade, "Upgrade: WebSocket"),
                Arguments.of(upgrade, "Upgrade: foo\r\nUpgrade: websocket"),
                Arguments.of(upgrade, upgrade + "\r\nContent-Length: 0"),
                Arguments.of(upgrade, upgrade + "\r\nSec-WebSocket-Protocol: nobody, speaks, this"),
                Arguments.of(upgrade, upgrade + "\r\nSec-WebSocket-Extensions: unknown; a=\"b\"; c, other; d=e"),
                Arguments.of(connection, "Connection: keep-alive, UPGRADE"),
                Arguments.of(connection, "Connection: keep-alive\r\nConnection: upgrade"),
                Arguments.of("GET /echo", "GET http://localhost/echo"),
                Arguments.of("GET /echo", "GET /%65cho?token=1"),
                Arguments.of("GET /echo", "\r\nGET /echo"));
    }

    @ParameterizedTest
    @MethodSource("unusual")
    void whatIsUnusualButRightIsAccepted(String part, String replacement) throws Exception {
        WebSocketServer server = server(Transport.NIO);
        String request = RawClient.upgradeRequest(server.port(), "/echo", "")
                .replace("localhost:" + server.port(), "localhost")
                .replace(part, replacement);
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(request);
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.header("Upgrade")).contains("websocket");
            assertThat(answer.header("Connection")).contains("Upgrade");
            assertThat(answer.header("Sec-WebSocket-Accept")).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(answer.head())
                    .doesNotContainIgnoringCase("Content-Length")
                    .doesNotContainIgnoringCase("Transfer-Encoding")
                    .doesNotContainIgnoringCase("Sec-WebSocket-Protocol")
                    .doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
            client.sendText("hello");
            assertThat(client.readFrame().text()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; client_max_window_bits=x",
                "permessage-deflate; client_max_window_bits=08",
                "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; client_no_context_takeover=1",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=7",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_max_window_bits=+9",
                "permessage-deflate; foo",
                "x-webkit-deflate-frame"
            })
    void anOfferThatCannotBeTakenIsDeclinedAndTheHandshakeGoesOn(String offer) throws Exception {
        WebSocketServer server = server(Transport.NIO);
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(
                    RawClient.upgradeRequest(server.port(), "/deflate", "Sec-WebSocket-Extensions: " + offer + "\r\n"));
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.headers("Sec-WebSocket-Extensions")).isEmpty();
        }
    }

    @EachTransport
    void everyByteAsASegmentOfItsOwnGivesTheSameAnswer(Transport transport) throws Exception {
        WebSocketServer server = server(transport);
        try (RawClient client = RawClient.connect(server.port())) {
            byteByByte(client, RawClient.upgradeRequest(server.port(), "/echo", ""));
            assertThat(HttpAnswer.read(client).status()).isEqualTo(101);
            for (byte b : RawClient.frame(0x81, "hello".getBytes())) {
                client.send(new byte[] {b});
            }
            assertThat(client.readFrame().text()).isEqualTo("hello");
        }
        for (BadRequest request : BadRequests.handshakes()) {
            if (request.bytes().length() < 1000) {
                try (RawClient client = RawClient.connect(server.port())) {
                    byteByByte(client, request.bytes());
                    assertThat(read(client, request).status())
                            .as(request.name())
                            .isEqualTo(request.status());
                    assertThat(client.readToEnd()).isEmpty();
                }
            }
        }
    }

    /** As far as the server lets us: it may answer a bad request before its end. */
    private static void byteByByte(RawClient client, String bytes) {
        try {
            for (char b : bytes.toCharArray()) {
                client.send(new byte[] {(byte) b});
            }
        } catch (IOException answeredEarlier) {
            assertThat(answeredEarlier).hasMessageNotContaining("timed out");
        }
    }

    @EachTransport
    void aHeaderWithoutEndIsRefusedWhileItsBytesStillCome(Transport transport) throws Exception {
        WebSocketServer server = server(transport);
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("GET /echo HTTP/1.1\r\nX-Mark: ");
            byteByByte(client, "v".repeat(20_000));
            assertThat(HttpAnswer.read(client).status()).isEqualTo(431);
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @EachTransport
    void tenThousandPipelinedHandshakesEndWithTheFirst(Transport transport) throws Exception {
        WebSocketServer server = server(transport);
        long opened = server.metrics().openedSessions();
        try (RawClient client = RawClient.connect(server.port())) {
            client.socket().setReceiveBufferSize(4096);
            String request = RawClient.upgradeRequest(server.port(), "/echo", "");
            client.trySend(request.repeat(10_000).getBytes(StandardCharsets.ISO_8859_1));
            assertThat(HttpAnswer.read(client).status()).isEqualTo(400);
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(server.metrics().openedSessions()).isEqualTo(opened);
    }
}
