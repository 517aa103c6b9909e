package io.hawser.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.CloseStatus;
import io.hawser.Endpoint;
import io.hawser.HandshakeDecision;
import io.hawser.HttpLimits;
import io.hawser.HttpReply;
import io.hawser.Message;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketSession;
import io.hawser.testing.BadRequests;
import io.hawser.testing.BadRequests.BadRequest;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.CpuTime;
import io.hawser.testing.EachTransport;
import io.hawser.testing.Growth;
import io.hawser.testing.Hex;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.Memory;
import io.hawser.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows S30 to S41, less S34 and those about our code: what a request head can do to a server. */
@DisplayNameGeneration(RowNames.class)
class HandshakeAttacksTest {

    private static final String SPACES = "Sec-WebSocket-Protocol: b" + " ".repeat(7_000) + "x\r\n";
    private static final String UNCLOSED = "Sec-WebSocket-Extensions: a; b=\"" + "\\c".repeat(3_500) + "\r\n";

    private static Target start(Transport transport) {
        Target.Echo echo = new Target.Echo();
        return Target.start(echo, builder -> builder.transport(transport).endpoint("/echo", echo));
    }

    private static String request(Target target, String headers) {
        return RawClient.upgradeRequest(target.port(), "/", headers);
    }

    @EachTransport
    void s30_whatMakesPatternsBacktrackIsRefusedInNoTime(Transport transport) throws Exception {
        try (Target target = start(transport)) {
            for (String header : new String[] {SPACES, UNCLOSED}) {
                long best = Long.MAX_VALUE;
                for (int i = 0; i < 100 && best > 5_000_000; i++) {
                    try (RawClient client = RawClient.connect(target.port())) {
                        long begin = System.nanoTime();
                        client.send(request(target, header));
                        assertThat(HttpAnswer.read(client).status()).isEqualTo(400);
                        best = Math.min(best, System.nanoTime() - begin);
                    }
                }
                assertThat(best).isLessThan(5_000_000);
            }
        }
    }

    @Test
    void s30_twiceTheBadGrammarCostsTwiceTheTime() {
        assertAnswerIsLinear(50_000, 400, n -> "Sec-WebSocket-Protocol: b" + " ".repeat(n) + "x\r\n");
        assertAnswerIsLinear(50_000, 400, n -> "Sec-WebSocket-Protocol: " + "b,".repeat(n) + "\r\n");
        assertAnswerIsLinear(50_000, 400, n -> "Sec-WebSocket-Extensions: a; b=\"" + "\\c".repeat(n) + "\r\n");
        assertAnswerIsLinear(50_000, 400, n -> "Sec-WebSocket-Extensions: " + "a;b,".repeat(n) + "(\r\n");
        assertAnswerIsLinear(50_000, 101, n -> "Upgrade: " + "x, ".repeat(n) + "\r\n");
    }

    @Test
    void s31_twiceTheHeadersCostTwiceTheTime() {
        assertAnswerIsLinear(20_000, 101, n -> "X-Mark: 1\r\n".repeat(n));
        assertAnswerIsLinear(200_000, 101, n -> "X-Mark: " + "v".repeat(n) + "\r\n");
        assertAnswerIsLinear(20_000, 101, n -> "Cookie: a=b\r\n".repeat(n));
        assertAnswerIsLinear(100_000, 101, n -> "Connection: " + "x, ".repeat(n) + "Upgrade\r\n");
    }

    /** The event loop's time for a whole handshake, where the limits would let all of it through. */
    private static void assertAnswerIsLinear(int n, int status, IntFunction<String> headers) {
        HttpLimits limits = new HttpLimits(Duration.ofSeconds(60), 1 << 20, 32 << 20, 1 << 20);
        try (Target target = Target.start(builder -> builder.ioThreads(1).httpLimits(limits))) {
            Growth.assertLinear(n, () -> CpuTime.ofThreads(Target.LOOPS), size -> {
                byte[] request = request(target, headers.apply(size)).getBytes(StandardCharsets.US_ASCII);
                return () -> assertThat(statusOf(target, request)).isEqualTo(status);
            });
        }
    }

    private static int statusOf(Target target, byte[]... segments) {
        try (RawClient client = RawClient.connect(target.port())) {
            for (byte[] segment : segments) {
                client.trySend(segment);
            }
            return HttpAnswer.read(client).status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @EachTransport
    void s31_tooManyHeadersAndTooLongOnesAreRefused(Transport transport) throws Exception {
        try (Target target = start(transport)) {
            for (BadRequest request : BadRequests.tooLong()) {
                target.expectRefusal(request.bytes(), request.status());
            }
            try (RawClient client = RawClient.connect(target.port())) {
                client.send("GET / HTTP/1.1\r\nX-Mark: ");
                for (int i = 0; i < 17_000; i++) {
                    client.trySend(new byte[] {'v'}); // as much of the MiB as is taken
                }
                target.expectRefusal(client, false, 431);
            }
            target.expectService();
        }
    }

    @EachTransport
    void s32_bytesThatAreNotAsciiAreRefusedWhereTheyMeanSomething(Transport transport) throws Exception {
        try (Target target = start(transport)) {
            for (char c = 0x80; c <= 0xFF; c++) {
                String key = "dGhlIHNhbXBsZSBub25jZQ==";
                target.expectRefusal(request(target, "Sec-WebSocket-Protocol: a" + c + "\r\n"), 400);
                target.expectRefusal(request(target, "Sec-WebSocket-Extensions: " + c + "\r\n"), 400);
                target.expectRefusal(request(target, "Origin: https://" + c + ".example\r\n"), 400);
                target.expectRefusal(request(target, "").replace(key, c + key.substring(1)), 400);
                target.expectRefusal(request(target, "").replace("GET /", "GET /" + c), 400);
            }
            target.expectService();
        }
    }

    @EachTransport
    void s33_everyMethodPathAndProtocolHasItsAnswer(Transport transport) throws Exception {
        try (Target target = start(transport)) {
            String right = request(target, "");
            target.expectRefusal(right.replace("GET / ", "GET /nowhere "), 404);
            target.expectRefusal(right.replace("GET / ", "GET /socket.io/?EIO=4&transport=websocket "), 404);
            target.expectRefusal(right.replace("GET / ", "GET /%2e%2e/%00 "), 404);
            for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "PATCH", "get", "X")) {
                target.expectRefusal(right.replace("GET", method), 405);
                target.expectRefusal(right.replace("GET / ", method + " /nowhere "), 405);
            }
            target.expectRefusal(right.replace("GET / ", "CONNECT localhost:80 "), 405);
            target.expectRefusal(right.replace("Upgrade: websocket", "Upgrade: h2c"), 426);
            target.expectRefusal(right.replace("Upgrade: websocket", "Upgrade: TLS/1.0"), 426);
        }
    }

    @Test
    void s33_noRequestIsWithoutAnAnswer() throws Exception {
        Random random = new Random(33);
        HttpLimits impatient = HttpLimits.defaults().withHandshakeTimeout(Duration.ofMillis(300));
        try (Target target = Target.start(builder -> builder.httpLimits(impatient))) {
            byte[] right = request(
                            target, "Origin: http://localhost:" + target.port() + "\r\n" + SPACES.substring(7_000))
                    .getBytes(StandardCharsets.ISO_8859_1);
            for (int i = 0; i < Scale.of(500, 100_000); i++) {
                byte[] mutant = right.clone();
                for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                    mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
                }
                assertThat(statusOf(target, mutant)).as(Hex.of(mutant)).isBetween(101, 505);
            }
        }
    }

    @EachTransport
    void s35_tenThousandPipelinedHandshakesAreOneRefusal(Transport transport) throws Exception {
        try (Target target = start(transport);
                RawClient client = RawClient.connect(target.port())) {
            byte[] flood = request(target, "").repeat(10_000).getBytes(StandardCharsets.US_ASCII);
            long heap = Memory.heapUsed();
            long direct = Memory.directUsed();
            client.socket().setReceiveBufferSize(4_096);
            client.trySend(flood);
            target.expectRefusal(client, false, 400);
            assertThat(Memory.heapUsed() - heap).isLessThan(1 << 20);
            assertThat(Memory.directUsed() - direct).isLessThanOrEqualTo(8 << 20);
            assertThat(target.server().metrics().openedSessions()).isZero();
        }
    }

    @Test
    void s36_noTextOfTheProgramEndsALineOfOurs() {
        for (String evil : new String[] {"a\r\nSet-Cookie: b=c", "a\nb", "a\rb", "a\0", "\u010d\u010a", "a\u007f"}) {
            HandshakeDecision accept = HandshakeDecision.accept();
            assertThatIllegalArgumentException().isThrownBy(() -> accept.withHeader("X-A", evil));
            assertThatIllegalArgumentException().isThrownBy(() -> accept.withHeader(evil, "a"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HandshakeDecision.reject(302).withHeader("Location", evil));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HttpReply.notFound().withHeader("X-A", evil));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HttpReply.notFound().withHeader(evil, "a"));
            assertThatIllegalArgumentException().isThrownBy(() -> HttpReply.ok(evil, "a"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Endpoint.of("/", new Target.Echo()).withSubprotocols(evil));
        }
    }

    @EachTransport
    void s36_aHookThatInjectsGetsA500AndNothingOfIt(Transport transport) throws Exception {
        Endpoint subprotocol = Endpoint.of("/subprotocol", new Target.Echo())
                .withHandshakeHook(handshake -> CompletableFuture.completedStage(
                        HandshakeDecision.accept().withSubprotocol("a\r\nSet-Cookie: evil=1")));
        Endpoint header = Endpoint.of("/header", new Target.Echo())
                .withHandshakeHook(handshake -> CompletableFuture.completedStage(
                        HandshakeDecision.accept().withHeader("X-A", "a\r\nSet-Cookie: evil=1")));
        try (CapturedLog log = CapturedLog.start();
                Target target = Target.start(builder ->
                        builder.transport(transport).endpoint(subprotocol).endpoint(header))) {
            for (String path : new String[] {"/subprotocol", "/header"}) {
                HttpAnswer answer = target.expectRefusal(RawClient.upgradeRequest(target.port(), path, ""), 500);
                assertThat(answer.head() + answer.body()).doesNotContain("evil");
            }
            assertThat(log.connectionLines()).noneMatch(line -> line.contains("evil"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Host: localhost\r\nHost: localhost\r\n",
                "Host: localhost\r\nHost: evil.example\r\n",
                "Host: a b\r\n",
                "Host: a,b\r\n",
                "Host: evil.com@h\r\n",
                "Host: h:99999\r\n",
                "Host: h:-1\r\n",
                "Host: h:80:80\r\n",
                "Host: h:8o\r\n",
                "Host: h/path\r\n",
                "Host: h?q\r\n",
                "Host: h#f\r\n",
                "Host: http://h\r\n",
                "Host: [::1\r\n",
                "Host: [::g]\r\n",
                "Host: ::1\r\n",
                "Host: h%00\r\n",
                "Host: h\\\r\n",
                "Host: 'h'\r\n",
                "Host: <script>\r\n"
            })
    void s37_oneHostThatIsAHostOrNone(String hosts) throws Exception {
        try (Target target = start(Transport.NIO)) {
            String host = "Host: localhost:" + target.port() + "\r\n";
            target.expectRefusal(request(target, "").replace(host, hosts), 400);
            target.expectRefusal("GET /page HTTP/1.1\r\n" + hosts + "\r\n", 400);
        }
    }

    @EachTransport
    void s37_wherePagesMayNotPointNamesOfTheirOwnAtUs(Transport transport) throws Exception {
        try (Target target =
                Target.start(builder -> builder.transport(transport).allowedHosts("good.com", "a.org:81"))) {
            String request = RawClient.upgradeRequest(target.port(), "/", "Origin: http://evil.io\r\n");
            String host = "Host: localhost:" + target.port();
            for (String evil : List.of("evil.io", "good.com.evil.io", "xgood.com", "127.0.0.1", "a.org", "a.org:80")) {
                target.expectRefusal(request.replace(host, "Host: " + evil), 421);
                target.expectRefusal("GET /page HTTP/1.1\r\nHost: " + evil + "\r\n\r\n", 421);
            }
            for (String good : List.of("good.com", "GOOD.com:8080", "a.org:81")) {
                byte[] same = request.replace(host, "Host: " + good)
                        .replace("evil.io", good)
                        .getBytes(StandardCharsets.US_ASCII);
                assertThat(statusOf(target, same)).isEqualTo(101);
            }
        }
    }

    /** Right ones and wrong ones that are short. */
    private static List<BadRequest> thirtyHandshakes() {
        String right = RawClient.upgradeRequest(80, "/echo", "");
        List<BadRequest> requests = new ArrayList<>(List.of(
                new BadRequest("right", right, 101),
                new BadRequest("list", right.replace("Upgrade: w", "Upgrade: a, W"), 101),
                new BadRequest("lines", right.replace("Upgrade: w", "Upgrade: a\r\nUpgrade: w"), 101),
                new BadRequest("cookie", right.replace("Upgrade: w", "Cookie: a=b\r\nUpgrade: w"), 101),
                new BadRequest("absolute", right.replace("GET /", "GET http://localhost:80/"), 101)));
        Stream.of(BadRequests.handshakes(), BadRequests.versions(), BadRequests.http())
                .flatMap(List::stream)
                .filter(request ->
                        request.bytes().length() < 300 && request.bytes().startsWith("GET "))
                .limit(25)
                .forEach(requests::add);
        return requests;
    }

    @EachTransport
    void s40_everyCutOfAHandshakeGetsTheSameAnswer(Transport transport) throws Exception {
        List<BadRequest> requests = thirtyHandshakes();
        assertThat(requests).hasSize(30);
        try (Target target = start(transport)) {
            for (BadRequest request : requests) {
                byte[] bytes = request.bytes().getBytes(StandardCharsets.ISO_8859_1);
                byte[][] single = new byte[bytes.length][];
                for (int i = 0; i < bytes.length; i++) {
                    single[i] = new byte[] {bytes[i]};
                }
                assertThat(statusOf(target, single)).as(request.name()).isEqualTo(request.status());
                int step = Scale.of(7, 1);
                for (int cut = 1 + bytes.length % step; cut < bytes.length; cut += step) {
                    assertThat(statusOf(
                                    target, Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length)))
                            .as("%s cut at %d", request.name(), cut)
                            .isEqualTo(request.status());
                }
            }
        }
    }

    @EachTransport
    void s41_whatWeSayOfAnErrorIsConstantText(Transport transport) throws Exception {
        String secret = BadRequests.MARK;
        WebSocketHandler throwing = new Target.Echo() {
            @Override
            public void onText(WebSocketSession session, Message message) {
                throw new IllegalStateException(message.text());
            }
        };
        try (CapturedLog log = CapturedLog.start();
                Target target =
                        Target.start(builder -> builder.transport(transport).endpoint("/throws", throwing))) {
            for (BadRequest request : BadRequests.handshakes()) {
                HttpAnswer answer = target.expectRefusal(request.bytes().replace("/echo", "/"), request.status());
                assertThat(answer.head() + answer.body()).doesNotContain(secret).matches("[\\r\\n\\x20-\\x7e\u00a7]*");
            }
            for (int first : new int[] {0xF1, 0x83, 0x8B, 0x09, 0x88}) {
                RawClient client = target.upgraded();
                client.sendFrame(first, secret.getBytes(StandardCharsets.US_ASCII));
                assertThat(client.readFrame().closeReason()).isNotBlank().doesNotContain(secret);
                client.close();
            }
            try (RawClient client = RawClient.upgraded(target.port(), "/throws")) {
                client.sendText(secret);
                assertThat(client.readFrame().closeReason()).isEqualTo("the handler failed");
            }
            assertThat(log.lines())
                    .as("it is the handler's own text that is logged")
                    .anyMatch(line -> line.contains(secret));
        }
    }

    @Test
    void s41_aReasonThatDoesNotFitIsRefusedToTheProgram() {
        assertThat(CloseStatus.NORMAL.withReason("\u00e4".repeat(61) + "a").reason())
                .hasSize(62);
        assertThatIllegalArgumentException().isThrownBy(() -> CloseStatus.NORMAL.withReason("\u00e4".repeat(62)));
        assertThatIllegalArgumentException().isThrownBy(() -> CloseStatus.NORMAL.withReason("a".repeat(124)));
        assertThatIllegalArgumentException().isThrownBy(() -> CloseStatus.NORMAL.withReason("\ud83d"));
    }
}
