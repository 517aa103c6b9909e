package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.AttributeKey;
import io.hawser.CloseStatus;
import io.hawser.Compression;
import io.hawser.Endpoint;
import io.hawser.Handshake;
import io.hawser.HandshakeDecision;
import io.hawser.OriginPolicy;
import io.hawser.WebSocketHandler;
import io.hawser.internal.deflate.DeflateAgreement;
import io.hawser.internal.handshake.OpeningHandshake.Answer;
import io.hawser.internal.handshake.OpeningHandshake.PlainRequest;
import io.hawser.internal.handshake.OpeningHandshake.Refusal;
import io.hawser.internal.handshake.OpeningHandshake.Response;
import io.hawser.internal.handshake.OpeningHandshake.Upgrade;
import io.hawser.testing.RequestText;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpeningHandshakeTest {

    private static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.1", 50_000);
    private static final WebSocketHandler HANDLER = new WebSocketHandler() {};

    @Test
    void theHandshakeShowsTheRequest() throws Exception {
        SSLSession tls = SSLContext.getDefault().createSSLEngine().getSession();
        OpeningHandshake opening = opening(Endpoint.of("/chat/{room}", HANDLER).withSubprotocols("b"));
        RequestText request = RequestText.upgrade("/chat/a%2Fb?token=x+y&token=z")
                .with("Cookie: id=42; theme=dark")
                .with("X-Trace: one")
                .with("x-trace: two")
                .with("Sec-WebSocket-Protocol: a, b");

        Handshake handshake = ((Upgrade) opening.answer(request.decode(), new Peer(PEER, PEER, tls))).handshake();

        assertThat(handshake.method()).isEqualTo("GET");
        assertThat(handshake.path()).isEqualTo("/chat/a%2Fb");
        assertThat(handshake.rawQuery()).isEqualTo("token=x+y&token=z");
        assertThat(handshake.query()).isEqualTo(Map.of("token", List.of("x y", "z")));
        assertThat(handshake.query("token")).contains("x y");
        assertThat(handshake.query("absent")).isEmpty();
        assertThat(handshake.pathParameter("room")).isEqualTo("a/b");
        assertThat(handshake.pathParameters()).isEqualTo(Map.of("room", "a/b"));
        assertThatIllegalArgumentException().isThrownBy(() -> handshake.pathParameter("user"));
        assertThat(handshake.header("X-TRACE")).contains("one");
        assertThat(handshake.headers("X-Trace")).containsExactly("one", "two");
        assertThat(handshake.header("absent")).isEmpty();
        assertThat(handshake.cookie("theme")).contains("dark");
        assertThat(handshake.cookie("absent")).isEmpty();
        assertThat(handshake.offeredSubprotocols()).containsExactly("a", "b");
        assertThat(handshake.subprotocol()).contains("b");
        assertThat(handshake.remoteAddress()).isEqualTo(PEER);
        assertThat(handshake.tls()).containsSame(tls);
    }

    @Test
    void aHandshakeTellsTheClientFromTheProxyBeforeIt() {
        InetSocketAddress proxy = new InetSocketAddress("127.0.0.2", 443);
        Upgrade upgrade = (Upgrade) opening(endpoint()).answer(request().decode(), new Peer(PEER, proxy, null));

        assertThat(upgrade.handshake().remoteAddress()).isSameAs(PEER);
        assertThat(upgrade.handshake().connectionAddress()).isSameAs(proxy);
    }

    /** Each session keeps its handshake: most endpoints have one path, which need not be there for each. */
    @Test
    void aPathThatIsTheEndpointsOwnIsThatString() {
        Endpoint endpoint = endpoint();
        OpeningHandshake opening = opening(endpoint);

        assertThat(upgrade(opening, RequestText.upgrade("/chat?a")).handshake().path())
                .isSameAs(endpoint.path());
        assertThat(upgrade(opening, RequestText.upgrade("/%63hat")).handshake().path())
                .isEqualTo("/%63hat");
    }

    @Test
    void aPlainConnectionHasNoTlsSession() {
        assertThat(upgrade(opening(endpoint()), request()).handshake().tls()).isEmpty();
    }

    @Test
    void theTextOfAHandshakeKeepsItsSecrets() {
        Upgrade upgrade = upgrade(
                opening(endpoint()),
                RequestText.upgrade("/chat?token=s3cr3t")
                        .with("Authorization: s3cr3t")
                        .with("Cookie: s3cr3t=s3cr3t"));

        assertThat(upgrade.handshake()).hasToString("GET request");
    }

    @Test
    void aHandshakeDoesNotChangeWithTheRequestItCameFrom() {
        HttpRequest request = request().with("X-User: good").decode();
        Upgrade upgrade = (Upgrade) opening(endpoint()).answer(request, new Peer(PEER, PEER, null));
        request.headers().set("X-User", "evil");

        assertThat(upgrade.handshake().header("X-User")).contains("good");
        assertThatThrownBy(() -> upgrade.handshake().offeredSubprotocols().add("x"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> upgrade.handshake().pathParameters().put("x", "y"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void everyKindOfDecoderFailureHasItsStatus() {
        assertThat(refusalOf(new TooLongHttpLineException("s3cr3t")).status()).isEqualTo(414);
        assertThat(refusalOf(new TooLongHttpHeaderException("s3cr3t")).status()).isEqualTo(431);
        assertThat(refusalOf(new IllegalArgumentException("s3cr3t")).status()).isEqualTo(400);
        assertThat(refusalOf(new IllegalArgumentException("s3cr3t")).toString()).doesNotContain("s3cr3t");
    }

    private static Refusal refusalOf(Throwable decoderFailure) {
        HttpRequest request = request().decode();
        request.setDecoderResult(DecoderResult.failure(decoderFailure));
        return (Refusal) opening(endpoint()).answer(request, new Peer(PEER, PEER, null));
    }

    /** An embedding server may have switched Netty's validation off. */
    @Test
    void headersThatNobodyValidatedAreCheckedHere() {
        HttpRequest request = new DefaultHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.GET,
                "/chat",
                DefaultHttpHeadersFactory.headersFactory().withValidation(false));
        request.headers().add("Host", "h").add("X", "a\r\nSec-WebSocket-Key: b");

        assertThat(refused(opening(endpoint()), request).status()).isEqualTo(400);
    }

    @Test
    void aMethodIsJudgedBeforeTheTargetAndABodyBeforeTheMethod() {
        OpeningHandshake opening = opening(endpoint());

        assertThat(refused(opening, RequestText.plain("OPTIONS * HTTP/1.1").decode())
                        .status())
                .isEqualTo(405);
        assertThat(refused(
                                opening,
                                RequestText.plain("OPTIONS * HTTP/1.1")
                                        .with("Content-Length: 1")
                                        .decode())
                        .status())
                .isEqualTo(400);
    }

    @Test
    void anEndpointsOriginPolicyGoesBeforeTheServers() {
        OpeningHandshake opening = new OpeningHandshake(
                List.of(
                        Endpoint.of("/chat", HANDLER),
                        Endpoint.of("/open", HANDLER).withOriginPolicy(OriginPolicy.anyOrigin())),
                OriginPolicy.allowOnly("https://good.example"),
                Compression.off(),
                AllowedHosts.ALL);

        assertThat(answer(opening, request().with("Origin: https://good.example")))
                .isInstanceOf(Upgrade.class);
        assertThat(refused(
                                opening,
                                request().with("Origin: https://evil.example").decode())
                        .status())
                .isEqualTo(403);
        assertThat(answer(opening, RequestText.upgrade("/open").with("Origin: https://evil.example")))
                .isInstanceOf(Upgrade.class);
    }

    @Test
    void aRequiredOriginMustBeThere() {
        OpeningHandshake opening =
                opening(endpoint().withOriginPolicy(OriginPolicy.sameOrigin().requireOrigin()));

        assertThat(refused(opening, request().decode()).status()).isEqualTo(403);
        assertThat(answer(opening, request().with("Origin: http://server.example.com")))
                .isInstanceOf(Upgrade.class);
        assertThat(refused(
                                opening,
                                request().with("Origin: http://evil.example").decode())
                        .status())
                .isEqualTo(403);
    }

    @Test
    void anOriginThatIsNotAsciiIsMalformedWhateverThePolicy() {
        OpeningHandshake opening = opening(endpoint().withOriginPolicy(OriginPolicy.anyOrigin()));

        assertThat(refused(
                                opening,
                                request()
                                        .with("Origin: https://caf\u00e9.example")
                                        .decode())
                        .status())
                .isEqualTo(400);
    }

    @Test
    void anOriginPolicyThatThrowsIsAnInternalError() {
        StackOverflowError thrown = new StackOverflowError("s3cr3t");
        OpeningHandshake opening = opening(endpoint().withOriginPolicy((origin, request) -> {
            throw thrown;
        }));

        Refusal refusal =
                refused(opening, request().with("Origin: https://good.example").decode());

        assertThat(refusal.status()).isEqualTo(500);
        assertThat(refusal.reason()).doesNotContain("s3cr3t");
        assertThat(refusal.cause()).isSameAs(thrown);
    }

    @Test
    void anOriginPolicySeesTheRequest() {
        OpeningHandshake opening = opening(endpoint()
                .withOriginPolicy((origin, request) -> request.path().equals("/chat")
                        && request.header("Host").isPresent()
                        && origin.equals("https://good.example")));

        assertThat(answer(opening, request().with("Origin: https://good.example")))
                .isInstanceOf(Upgrade.class);
    }

    @Test
    void theHooksHeadersFollowThoseOfTheHandshake() {
        OpeningHandshake opening = opening(endpoint());

        Response response = opening.respond(
                upgrade(opening, request()),
                HandshakeDecision.accept().withHeader("Set-Cookie", "a=1").withHeader("Set-Cookie", "b=2"));

        assertThat(response.status()).isEqualTo(101);
        assertThat(response.reason()).isEmpty();
        assertThat(response.headers())
                .containsExactly(
                        Map.entry("Upgrade", "websocket"),
                        Map.entry("Connection", "Upgrade"),
                        Map.entry("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
                        Map.entry("Set-Cookie", "a=1"),
                        Map.entry("Set-Cookie", "b=2"));
    }

    @Test
    void theHookMayChooseAnySubprotocolThatWasOffered() {
        OpeningHandshake opening = opening(endpoint().withSubprotocols("a"));
        Upgrade upgrade = upgrade(opening, request().with("Sec-WebSocket-Protocol: a, b"));

        Response response = opening.respond(upgrade, HandshakeDecision.accept().withSubprotocol("b"));

        assertThat(response.headers()).contains(Map.entry("Sec-WebSocket-Protocol", "b"));
        assertThat(response.handshake().subprotocol()).contains("b");
        assertThat(response.handshake().path()).isEqualTo("/chat");
        assertThat(response.handshake().offeredSubprotocols()).containsExactly("a", "b");
        assertThat(upgrade.handshake().subprotocol()).contains("a");
    }

    @Test
    void aHooksSubprotocolThatWasNotOfferedIsAnInternalError() {
        OpeningHandshake opening = opening(endpoint().withSubprotocols("a"));
        Upgrade upgrade = upgrade(opening, request().with("Sec-WebSocket-Protocol: a"));

        for (String invented : List.of("b", "A", "", "a\r\nX: y", "a, b")) {
            Response response =
                    opening.respond(upgrade, HandshakeDecision.accept().withSubprotocol(invented));

            assertThat(response.status()).isEqualTo(500);
            assertThat(response.headers()).containsExactly(Map.entry("Connection", "close"));
            assertThat(response.reason()).isNotEmpty();
        }
    }

    @Test
    void aHooksRefusalCarriesItsStatusAndHeadersAndEndsTheConnection() {
        OpeningHandshake opening = opening(endpoint());

        Response response = opening.respond(
                upgrade(opening, request()), HandshakeDecision.reject(401).withHeader("WWW-Authenticate", "Bearer"));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.headers())
                .containsExactly(Map.entry("Connection", "close"), Map.entry("WWW-Authenticate", "Bearer"));
        assertThat(response.reason()).isNotEmpty();
    }

    @Test
    void aHookMayRedirect() {
        OpeningHandshake opening = opening(endpoint());

        Response response = opening.respond(
                upgrade(opening, request()),
                HandshakeDecision.reject(307).withHeader("Location", "https://other.example/chat"));

        assertThat(response.status()).isEqualTo(307);
        assertThat(response.headers()).contains(Map.entry("Location", "https://other.example/chat"));
    }

    @Test
    void acceptThenCloseIsAnsweredWith101() {
        OpeningHandshake opening = opening(endpoint());
        HandshakeDecision decision = HandshakeDecision.acceptThenClose(new CloseStatus(4001, "expired"))
                .withAttribute(AttributeKey.of("a", String.class), "b");

        assertThat(opening.respond(upgrade(opening, request()), decision).status())
                .isEqualTo(101);
    }

    @Test
    void compressionThatIsOffLeavesOffersAlone() {
        OpeningHandshake opening = opening(endpoint());

        assertThat(upgrade(opening, request().with("Sec-WebSocket-Extensions: permessage-deflate"))
                        .deflate())
                .isNull();
    }

    @Test
    void theFirstOfferThatCanBeAcceptedIsAgreedUpon() {
        OpeningHandshake opening = opening(endpoint().withCompression(Compression.on()));
        RequestText request = request()
                .with("Sec-WebSocket-Extensions: x-unknown, permessage-deflate; server_max_window_bits=99")
                .with("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=\"10\"");

        Upgrade upgrade = upgrade(opening, request);
        Response response = opening.respond(upgrade, HandshakeDecision.accept());

        DeflateAgreement deflate = Objects.requireNonNull(upgrade.deflate());
        assertThat(deflate.serverMaxWindowBits()).isEqualTo(10);
        assertThat(response.headers()).contains(Map.entry("Sec-WebSocket-Extensions", deflate.headerValue()));
    }

    @Test
    void withoutAnOfferNothingIsAgreedUpon() {
        OpeningHandshake opening = opening(endpoint().withCompression(Compression.on()));

        assertThat(upgrade(opening, request()).deflate()).isNull();
        assertThat(upgrade(opening, request().with("Sec-WebSocket-Extensions: x-unknown"))
                        .deflate())
                .isNull();
    }

    @Test
    void anEndpointsCompressionGoesBeforeTheServers() {
        OpeningHandshake opening = new OpeningHandshake(
                List.of(endpoint(), Endpoint.of("/off", HANDLER).withCompression(Compression.off())),
                OriginPolicy.sameOrigin(),
                Compression.on(),
                AllowedHosts.ALL);
        String offer = "Sec-WebSocket-Extensions: permessage-deflate";

        assertThat(upgrade(opening, request().with(offer)).deflate()).isNotNull();
        assertThat(upgrade(opening, RequestText.upgrade("/off").with(offer)).deflate())
                .isNull();
    }

    /** The rows of PROTOCOL's table of deviations: a bad parameter declines the offer, and never fails the handshake. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "client_max_window_bits=x",
                "client_max_window_bits=08",
                "client_no_context_takeover=1",
                "client_no_context_takeover; client_no_context_takeover",
                "unknown"
            })
    void anOfferWithABadParameterIsDeclined(String parameters) {
        OpeningHandshake opening = opening(endpoint().withCompression(Compression.on()));
        Upgrade upgrade =
                upgrade(opening, request().with("Sec-WebSocket-Extensions: permessage-deflate; " + parameters));

        assertThat(upgrade.deflate()).isNull();
        assertThat(opening.respond(upgrade, HandshakeDecision.accept()).status())
                .isEqualTo(101);
    }

    @Test
    void theExtensionThatWasAgreedUponIsAnswered() {
        OpeningHandshake opening = opening(endpoint());
        Upgrade plain = upgrade(opening, request());
        DeflateAgreement deflate =
                new DeflateAgreement(false, true, 15, 0, "permessage-deflate; client_no_context_takeover");

        Response response = opening.respond(
                new Upgrade(plain.endpoint(), plain.handshake(), plain.acceptKey(), deflate),
                HandshakeDecision.accept());

        assertThat(response.headers())
                .contains(Map.entry("Sec-WebSocket-Extensions", "permessage-deflate; client_no_context_takeover"));
    }

    @Test
    void aPlainRequestShowsItsHead() {
        Answer answer = answer(opening(endpoint()), RequestText.plain("HEAD /metrics?format=text HTTP/1.1"));

        assertThat(answer).isInstanceOfSatisfying(PlainRequest.class, plain -> {
            assertThat(plain.request().method()).isEqualTo("HEAD");
            assertThat(plain.request().path()).isEqualTo("/metrics");
            assertThat(plain.request().query("format")).contains("text");
            assertThat(plain.request().remoteAddress()).isEqualTo(PEER);
        });
    }

    @Test
    void whereOthersShareThePortTheyCanTellWhatIsOurs() {
        OpeningHandshake opening = opening(Endpoint.of("/chat/{room}", HANDLER));

        assertThat(opening.hasEndpointFor(RequestText.upgrade("/chat/a").decode()))
                .isTrue();
        assertThat(opening.hasEndpointFor(
                        RequestText.plain("POST /chat/a?b HTTP/1.1").decode()))
                .isTrue();
        assertThat(opening.hasEndpointFor(RequestText.upgrade("/other").decode()))
                .isFalse();
        assertThat(opening.hasEndpointFor(
                        RequestText.plain("OPTIONS * HTTP/1.1").decode()))
                .isFalse();
    }

    @Test
    void malformedAndDoubledTemplatesAreRefusedWhenTheServerIsBuilt() {
        assertThatIllegalArgumentException().isThrownBy(() -> opening(Endpoint.of("chat", HANDLER)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> opening(Endpoint.of("/{a}", HANDLER), Endpoint.of("/{b}", HANDLER)));
    }

    private static Endpoint endpoint() {
        return Endpoint.of("/chat", HANDLER);
    }

    private static OpeningHandshake opening(Endpoint... endpoints) {
        return new OpeningHandshake(List.of(endpoints), OriginPolicy.sameOrigin(), Compression.off(), AllowedHosts.ALL);
    }

    private static RequestText request() {
        return RequestText.upgrade("/chat");
    }

    private static Answer answer(OpeningHandshake opening, RequestText request) {
        return opening.answer(request.decode(), new Peer(PEER, PEER, null));
    }

    private static Upgrade upgrade(OpeningHandshake opening, RequestText request) {
        Answer answer = answer(opening, request);
        assertThat(answer).isInstanceOf(Upgrade.class);
        return (Upgrade) answer;
    }

    private static Refusal refused(OpeningHandshake opening, HttpRequest request) {
        Answer answer = opening.answer(request, new Peer(PEER, PEER, null));
        assertThat(answer).isInstanceOf(Refusal.class);
        return (Refusal) answer;
    }
}
