package io.hawser.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hawser.Endpoint;
import io.hawser.HandshakeDecision;
import io.hawser.HttpReply;
import io.hawser.OriginPolicy;
import io.hawser.Transport;
import io.hawser.WebSocketSession;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows S50 to S62: who connects, what it may, and what is kept and told of it. */
@DisplayNameGeneration(RowNames.class)
class WhoIsThereTest {

    private static int statusOf(Target target, String path, String host, String headers) throws Exception {
        try (RawClient client = RawClient.connect(target.port())) {
            client.send(RawClient.upgradeRequest(target.port(), path, headers)
                    .replaceFirst("Host: .*\r\n", "Host: " + host + "\r\n"));
            return HttpAnswer.read(client).status();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "good.com, https://good.com, 101",
        "good.com, http://good.com, 101", // TLS may end at a proxy in front
        "good.com:443, https://good.com, 101",
        "good.com:80, http://good.com, 101",
        "GOOD.com, HTTPS://good.COM, 101",
        "good.com, https://good.com.evil.io, 403",
        "good.com, https://evilgood.com, 403",
        "good.com, https://evil.io?good.com, 403",
        "good.com, https://evil.io#good.com, 403",
        "good.com, https://evil.io/good.com, 403",
        "good.com, https://good.com@evil.io, 403",
        "good.com, https://sub.good.com, 403",
        "good.com, https://good.com:444, 403",
        "good.com:443, http://good.com, 403",
        "good.com, null, 403",
        "good.com, file://, 403",
        "good.com, good.com, 403",
        "good.com, https://good.com., 403",
        "good.com, 'https://good.com https://evil.io', 403",
        "127.0.0.1, http://localhost, 403",
        "localhost, http://127.0.0.1, 403"
    })
    void s50_aPageOfAnotherSiteIsRefusedByDefault(String host, String origin, int status) throws Exception {
        try (Target target = Target.start(Transport.NIO)) {
            assertThat(statusOf(target, "/", host, "Origin: " + origin + "\r\n"))
                    .isEqualTo(status);
        }
    }

    @Test
    void s50_withoutAnOriginOnlyWhereThatIsAllowed() throws Exception {
        Endpoint strict = Endpoint.of("/strict", new Target.Echo())
                .withOriginPolicy(OriginPolicy.sameOrigin().requireOrigin());
        try (Target target = Target.start(builder -> builder.endpoint(strict))) {
            assertThat(statusOf(target, "/", "good.com", "")).isEqualTo(101);
            assertThat(statusOf(target, "/strict", "good.com", "")).isEqualTo(403);
            assertThat(statusOf(target, "/strict", "good.com", "Origin: https://good.com\r\n"))
                    .isEqualTo(101);
            assertThat(statusOf(target, "/", "good.com", "Origin: \r\n")).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://good.com, 101",
        "HTTPS://GOOD.COM, 101",
        "https://good.com:443, 101",
        "https://a.good.org:8443, 101",
        "https://good.com.evil.io, 403",
        "https://evilgood.com, 403",
        "http://good.com, 403",
        "https://good.com:444, 403",
        "https://good.com/, 403",
        "null, 403",
        "file://, 403",
        "https://good.org:8443, 403",
        "https://a.b.good.org:8443, 403",
        "https://.good.org:8443, 403",
        "https://a.good.org, 403",
        "https://evil.io/a.good.org:8443, 403",
        "https://xgood.org:8443, 403"
    })
    void s51_anAllowedOriginIsASchemeAHostAndAPort(String origin, int status) throws Exception {
        OriginPolicy policy = OriginPolicy.allowOnly("https://good.com", "https://*.good.org:8443");
        try (Target target = Target.start(builder -> builder.originPolicy(policy))) {
            assertThat(statusOf(target, "/", "good.com", "Origin: " + origin + "\r\n"))
                    .isEqualTo(status);
            assertThat(statusOf(target, "/", "good.com", ("Origin: " + origin + "\r\n").repeat(2)))
                    .as("two lines")
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://*", "https://a*.good.com", "https://*.*.com", "*", "https://good.*", "*.good.com"})
    void s51_onlyAWholeLeftmostLabelIsWild(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> OriginPolicy.allowOnly(pattern));
    }

    @EachTransport
    void s53_noSecretOfABadRequestIsLogged(Transport transport) throws Exception {
        String secret = "hunter2zQx7";
        String credentials = "Authorization: Bearer " + secret + "\r\nCookie: s=" + secret + "\r\nOrigin: http://"
                + secret + "\r\nSec-WebSocket-Protocol: bearer." + secret + "\r\n";
        try (CapturedLog log = CapturedLog.start();
                Target target = Target.start(transport)) {
            String request = RawClient.upgradeRequest(target.port(), "/?token=" + secret, credentials);
            for (String bad : List.of(
                    request,
                    request.replace("Version: 13", "Version: " + secret),
                    request.replace("websocket", secret),
                    request.replace("HTTP/1.1", secret),
                    request.replace("GET", secret),
                    request.replace("/?", "/" + secret + "?"),
                    request.replace("Cookie:", "Cookie :"),
                    request.replace("Key: ", "Key: " + secret),
                    request + secret)) {
                try (RawClient client = RawClient.connect(target.port())) {
                    client.send(bad);
                    HttpAnswer answer = HttpAnswer.read(client);
                    assertThat(answer.status()).isBetween(400, 505);
                    assertThat(answer.head() + answer.body()).doesNotContain(secret);
                }
            }
            assertThat(log.connectionLines()).isNotEmpty();
            assertThat(log.lines()).noneMatch(line -> line.contains(secret));
        }
    }

    @Test
    void s54_sessionIdsAre128BitsThatDoNotRepeat() throws Exception {
        int count = 2_000;
        int[] ones = new int[128];
        Set<String> ids = new HashSet<>();
        try (Target target = Target.start(Transport.AUTO)) {
            for (int i = 0; i < count; i++) {
                try (RawClient client = target.upgraded()) {
                    String id = target.handler().session().id();
                    byte[] bits = Base64.getUrlDecoder().decode(id);
                    assertThat(bits).hasSize(16);
                    ids.add(id);
                    for (int bit = 0; bit < 128; bit++) {
                        ones[bit] += bits[bit / 8] >> bit % 8 & 1;
                    }
                }
            }
        }
        assertThat(ids).hasSize(count);
        // Of a fair coin 2,000 times: 8 standard deviations, which none of 128 passes in the life of a universe.
        assertThat(IntStream.of(ones).boxed()).allSatisfy(n -> assertThat(n).isBetween(1_000 - 180, 1_000 + 180));
    }

    @EachTransport
    void s55_whatIsSentBeforeADecisionIsNeverDeliveredWithoutIt(Transport transport) throws Exception {
        Target.Echo protectedHandler = new Target.Echo();
        CompletableFuture<HandshakeDecision> decision = new CompletableFuture<>();
        Endpoint endpoint = Endpoint.of("/protected", protectedHandler).withHandshakeHook(handshake -> decision);
        try (Target target =
                        Target.start(builder -> builder.transport(transport).endpoint(endpoint));
                RawClient client = RawClient.connect(target.port())) {
            client.send(RawClient.upgradeRequest(target.port(), "/protected", ""));
            for (int i = 0; i < 100; i++) {
                client.sendText("early");
            }
            decision.complete(HandshakeDecision.reject(401));
            assertThat(HttpAnswer.read(client).status()).isIn(401, 400);
            assertThat(client.readToEnd()).isEmpty();
            target.awaitRest();
            assertThat(protectedHandler.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/protected",
                "/protected/",
                "//protected",
                "/./protected",
                "/a/../protected",
                "/PROTECTED",
                "/%70rotected",
                "/protected%2f",
                "/protected;a=b",
                "/protected%00",
                "/protected?a",
                "/protected/deep",
                "/health",
                "http://localhost/protected"
            })
    void s55_noSpellingOfAPathGoesAroundItsPolicy(String path) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Endpoint endpoint = Endpoint.of("/protected", new Target.Echo()).withHandshakeHook(handshake -> {
            asked.incrementAndGet();
            return CompletableFuture.completedStage(HandshakeDecision.reject(401));
        });
        try (Target target =
                Target.start(builder -> builder.endpoint(endpoint).http(request -> HttpReply.notFound()))) {
            int status = statusOf(target, path, "localhost", "");
            assertThat(status).isEqualTo(asked.get() == 1 ? 401 : status == 400 ? 400 : 404);
            assertThat(target.server().metrics().openedSessions()).isZero();
        }
    }

    @EachTransport
    void s56_aSessionDoesNotOutliveItsAuthorisationUnlessThatIsRenewed(Transport transport) throws Exception {
        Target.Echo handler = new Target.Echo();
        Duration soon = Duration.ofMillis(300);
        AtomicInteger asked = new AtomicInteger();
        Endpoint endpoint = Endpoint.of("/token", handler).withHandshakeHook(handshake -> {
            asked.incrementAndGet();
            return CompletableFuture.completedStage(
                    HandshakeDecision.accept().withExpiry(Instant.now().plus(soon)));
        });
        try (Target target =
                        Target.start(builder -> builder.transport(transport).endpoint(endpoint));
                RawClient renewed = RawClient.upgraded(target.port(), "/token");
                RawClient client = RawClient.upgraded(target.port(), "/token")) {
            handler.session().setExpiry(Instant.now().plusSeconds(3_600));
            RawClient.Frame close = client.readFrame();
            assertThat(close.closeCode()).isEqualTo(1008);
            assertThat(close.closeReason()).contains("expired");
            client.sendClose(1008, "");
            assertThat(client.readToEnd()).isEmpty();
            client.close();
            assertThat(handler.nextClose()).isEqualTo("close 1008 SERVER");
            assertThat(target.timesMet("expiry")).isEqualTo(1);
            Target.expectEcho(renewed, "still here");
            RawClient.upgraded(target.port(), "/token").close();
            assertThat(asked).as("nobody comes back unasked").hasValue(3);
        }
    }

    @EachTransport
    void s62_roomsAreBoundedInNumberAndName(Transport transport) throws Exception {
        try (Target target = Target.start(transport);
                RawClient client = target.upgraded()) {
            WebSocketSession session = target.handler().session();
            int joined = 0;
            for (int i = 0; i < 1_000_000; i++) {
                try {
                    session.join("room " + i);
                    joined++;
                } catch (IllegalStateException full) {
                    break;
                }
            }
            assertThat(joined).isEqualTo(128);
            assertThatIllegalStateException().isThrownBy(() -> session.join("one more"));
            assertThatIllegalArgumentException().isThrownBy(() -> session.join("r".repeat(256)));
            assertThatIllegalArgumentException().isThrownBy(() -> session.join(""));
            Target.expectEcho(client, "still here");
            client.close();
            assertThat(target.handler().nextClose()).startsWith("close ");
            assertThat(target.server().metrics().rooms()).isZero();
        }
    }
}
