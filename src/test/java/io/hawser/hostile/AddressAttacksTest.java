package io.hawser.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Endpoint;
import io.hawser.HandshakeDecision;
import io.hawser.HttpLimits;
import io.hawser.HttpReply;
import io.hawser.Rate;
import io.hawser.ServerLimits;
import io.hawser.ServerMetrics;
import io.hawser.Transport;
import io.hawser.TrustedProxies;
import io.hawser.TrustedProxies.Source;
import io.hawser.testing.Await;
import io.hawser.testing.BadRequests;
import io.hawser.testing.BadRequests.BadRequest;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.Memory;
import io.hawser.testing.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows S53 and S58 to S61: what is counted and logged of clients, and how they would fill or empty that. */
@DisplayNameGeneration(RowNames.class)
class AddressAttacksTest {

    private static final TrustedProxies PROXY = TrustedProxies.of(Source.X_FORWARDED_FOR, "127.0.0.1");

    private static String request(Target target, String headers) {
        return RawClient.upgradeRequest(target.port(), "/", headers);
    }

    private static int status(RawClient client, String request) throws IOException {
        client.send(request);
        return HttpAnswer.read(client).status();
    }

    @ParameterizedTest
    @EnumSource
    void s53_nothingOfWhatAProxyOrOneWhoPosesAsItSaysIsLogged(Source source) throws Exception {
        String secret = "hunter2zQx7";
        String headers = "X-Forwarded-For: " + secret + "\r\nX-Real-IP: " + secret + "\r\nForwarded: for=" + secret
                + ";secret=\"" + secret + "\"\r\nX-Forwarded-Client-Cert: " + secret + "\r\n";
        try (CapturedLog log = CapturedLog.start();
                Target target =
                        Target.start(builder -> builder.trustedProxies(TrustedProxies.of(source, "127.0.0.1")))) {
            String proxyHeader = source == Source.PROXY_PROTOCOL ? "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n" : "";
            for (String request :
                    List.of(request(target, headers), request(target, headers).replace("Key: ", "Key: x"))) {
                try (RawClient client = RawClient.connect(target.port())) {
                    assertThat(status(client, proxyHeader + request)).isIn(101, 400);
                }
            }
            try (RawClient client = RawClient.connect(target.port())) {
                client.send("PROXY " + secret + "\r\n" + request(target, headers));
                client.readToAnyEnd();
            }
            target.handler().nextClose();
            log.await(line -> line.contains(" refused "));
            assertThat(log.lines()).noneMatch(line -> line.contains(secret));
        }
    }

    /** A proxy's connection brings a new client with each request. */
    @Test
    void s58_addressesThatAreMadeUpLeaveNothing() throws Exception {
        int count = Scale.of(10_000, 1_000_000);
        ServerLimits limits =
                ServerLimits.defaults().withMaxConnectionsPerAddress(1).withHandshakeRatePerAddress(Rate.of(1, 2));
        try (Target target =
                        Target.start(builder -> builder.trustedProxies(PROXY).serverLimits(limits));
                RawClient proxy = RawClient.connect(target.port())) {
            long heap = Memory.heapUsed();
            for (int i = 0; i < count; i++) {
                String address = "2001:" + Integer.toHexString(i >> 16) + ":" + Integer.toHexString(i & 0xFFFF) + "::1";
                assertThat(status(proxy, plain(address))).isEqualTo(404);
            }
            assertThat(Memory.heapUsed() - heap).isLessThan(1 << 20);
            assertThat(status(proxy, plain("no address"))).as("the proxy's own").isEqualTo(404);
            assertThat(status(proxy, plain("another.that.is.none"))).isEqualTo(404);
            assertThat(status(proxy, plain("999.999.999.999"))).isEqualTo(429);
        }
    }

    private static String plain(String forwardedFor) {
        return "GET /nowhere HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + forwardedFor + "\r\n\r\n";
    }

    @Test
    void s58_whoIsNoProxyIsNotBelieved() throws Exception {
        ServerLimits limits = ServerLimits.defaults().withMaxConnectionsPerAddress(3);
        TrustedProxies elsewhere = TrustedProxies.of(Source.X_FORWARDED_FOR, "192.0.2.0/24");
        try (Target target =
                Target.start(builder -> builder.trustedProxies(elsewhere).serverLimits(limits))) {
            List<RawClient> places = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                places.add(target.upgraded("X-Forwarded-For: 198.51.100." + i + "\r\n"));
                assertThat(target.handler()
                                .session()
                                .handshake()
                                .remoteAddress()
                                .toString())
                        .contains("127.0.0.1");
            }
            try (RawClient one = RawClient.connect(target.port())) {
                assertThat(status(one, request(target, "X-Forwarded-For: 198.51.100.99\r\n")))
                        .isEqualTo(429);
            }
            for (RawClient place : places) {
                place.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:1:2::1, 2001:db8:1:2:ffff:ffff:ffff:ffff, true",
        "2001:db8:1:2::1, 2001:db8:1:3::1, false",
        "2001:db8:1:2::1, 2001:DB8:0001:0002::1, true",
        "192.0.2.1, ::ffff:192.0.2.1, true",
        "192.0.2.1, ::ffff:c000:201, true",
        "::ffff:192.0.2.1, ::ffff:192.0.2.2, false",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.1, 192.0.2.1:5000, true",
        "2001:db8::1, [2001:db8::2]:5000, true"
    })
    void s59_aClientIsAnAddressOrItsFirst64Bits(String first, String second, boolean same) throws Exception {
        ServerLimits limits = ServerLimits.defaults().withMaxConnectionsPerAddress(1);
        try (Target target =
                        Target.start(builder -> builder.trustedProxies(PROXY).serverLimits(limits));
                RawClient one = RawClient.connect(target.port());
                RawClient other = RawClient.connect(target.port())) {
            assertThat(status(one, request(target, "X-Forwarded-For: " + first + "\r\n")))
                    .isEqualTo(101);
            assertThat(status(other, request(target, "X-Forwarded-For: " + second + "\r\n")))
                    .isEqualTo(same ? 429 : 101);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "PROXY\r\n",
                "PROXY TCP4 192.0.2.1\r\n",
                "PROXY TCP4 192.0.2.256 192.0.2.1 1 2\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.1 1 65536\r\n",
                "PROXY TCP6 192.0.2.1 192.0.2.1 1 2\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.1 1 2\n",
                "PROXY TCP9 192.0.2.1 192.0.2.1 1 2\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u0002ab",
                "\r\n\r\n\0\r\nQUIT\n\u0031\u0011\0\u000cabcdefghijkl",
                "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\u00ff\u00ff"
            })
    void s59_aProxyHeaderThatIsNoneIsACut(String header) throws Exception {
        TrustedProxies proxies = TrustedProxies.of(Source.PROXY_PROTOCOL, "127.0.0.1");
        try (Target target = Target.start(builder -> builder.trustedProxies(proxies)
                        .httpLimits(HttpLimits.defaults().withHandshakeTimeout(Duration.ofMillis(500))));
                RawClient client = RawClient.connect(target.port())) {
            client.send(header + request(target, ""));
            assertThat(new String(client.readToAnyEnd())).doesNotStartWith("HTTP/1.1 101");
        }
    }

    private static void awaitNoConnections(Target target) {
        Await.until("no connection", () -> target.server().metrics().connections() == 0);
        assertThat(target.server().metrics().openSessions()).isZero();
    }

    @EachTransport
    void s60_everyPlaceComesBackHoweverAHandshakeFails(Transport transport) throws Exception {
        int places = 40;
        ServerLimits limits = ServerLimits.defaults().withMaxConnections(places).withMaxConnectionsPerAddress(places);
        Endpoint failing = Endpoint.of("/fails", new Target.Echo()).withHandshakeHook(handshake -> {
            throw new IllegalStateException("of the hook");
        });
        Endpoint refusing = Endpoint.of("/refuses", new Target.Echo())
                .withHandshakeHook(handshake -> CompletableFuture.completedStage(HandshakeDecision.reject(401)));
        HttpLimits patience = HttpLimits.defaults().withHandshakeTimeout(Duration.ofSeconds(1));
        try (CapturedLog log = CapturedLog.start();
                Target target = Target.start(builder -> builder.transport(transport)
                        .serverLimits(limits)
                        .httpLimits(patience)
                        .http(request -> HttpReply.notFound())
                        .endpoint(failing)
                        .endpoint(refusing))) {
            String right = request(target, "");
            List<String> attempts = Stream.concat(
                            Stream.of(BadRequests.http(), BadRequests.bodies(), BadRequests.handshakes())
                                    .flatMap(List::stream)
                                    .map(BadRequest::bytes),
                            Stream.of(
                                    "",
                                    "GET ",
                                    right.substring(0, 60),
                                    right,
                                    right.replace("GET /", "GET /fails"),
                                    right.replace("GET /", "GET /refuses")))
                    .toList();
            for (int i = 0; i < Scale.of(1_000, 10_000); i++) {
                attempt(target, attempts.get(i % attempts.size()), i % 3 == 0);
            }
            awaitNoConnections(target);
            assertThat(log.lines()).isNotEmpty();
            try (Crowd crowd = Crowd.of(places, target::upgraded);
                    RawClient oneTooMany = RawClient.connect(target.port())) {
                assertThat(status(oneTooMany, right)).isIn(429, 503);
                Target.expectEcho(crowd.any(), "still here");
            }
        }
    }

    /** Reads a byte of the answer, if there will be one, and goes. */
    private static void attempt(Target target, String bytes, boolean rudely) throws IOException {
        try (RawClient client = RawClient.connect(target.port())) {
            client.trySend(bytes.getBytes(StandardCharsets.ISO_8859_1));
            if (rudely) {
                client.reset();
            } else if (bytes.length() > 100) {
                client.peek();
            }
        } catch (IOException cut) {
            assertThat(cut).hasMessageContaining("reset");
        }
    }

    @EachTransport
    void s61_errorsOfPeersAreCountedAndSeldomLogged(Transport transport) throws Exception {
        int count = Scale.of(2_000, 1_000_000);
        try (CapturedLog log = CapturedLog.start();
                Target target = Target.start(transport)) {
            long begin = System.nanoTime();
            for (int i = 0; i < count; i++) {
                try (RawClient client = i % 2 == 0 ? target.upgraded() : RawClient.connect(target.port())) {
                    client.send("no frame, and no request");
                    assertThat(client.peek()).isPositive();
                }
            }
            for (int i = 0; i < count / 2; i++) {
                assertThat(target.handler().nextClose()).isEqualTo("close 1002 SERVER");
            }
            long seconds = (System.nanoTime() - begin) / 1_000_000_000 + 1;
            ServerMetrics metrics = target.server().metrics();
            assertThat(metrics.closedSessions()).containsEntry(1002, count / 2L);
            assertThat(metrics.refusedHandshakes()).containsEntry(400, count / 2L);
            for (String kind : new String[] {" open ", " close ", " refused ", " failed "}) {
                assertThat(log.connectionLines())
                        .filteredOn(line -> line.contains("connection" + kind))
                        .hasSizeLessThanOrEqualTo((int) (20 * (seconds + 1)));
            }
        }
    }
}
