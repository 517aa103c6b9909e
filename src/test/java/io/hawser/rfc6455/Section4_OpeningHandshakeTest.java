package io.hawser.rfc6455;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Compression;
import io.hawser.Endpoint;
import io.hawser.HandshakeDecision;
import io.hawser.OriginPolicy;
import io.hawser.WebSocketHandler;
import io.hawser.internal.handshake.AllowedHosts;
import io.hawser.internal.handshake.OpeningHandshake;
import io.hawser.internal.handshake.OpeningHandshake.Answer;
import io.hawser.internal.handshake.OpeningHandshake.PlainRequest;
import io.hawser.internal.handshake.OpeningHandshake.Refusal;
import io.hawser.internal.handshake.OpeningHandshake.Response;
import io.hawser.internal.handshake.OpeningHandshake.Upgrade;
import io.hawser.internal.handshake.Peer;
import io.hawser.testing.RequestText;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §4, §9.1, §10.2 and §11.3, and the HTTP below them: what a server owes to every request head. */
class Section4_OpeningHandshakeTest {

    private static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.1", 50_000);

    private final OpeningHandshake handshake = new OpeningHandshake(
            List.of(
                    Endpoint.of("/chat", new WebSocketHandler() {}),
                    Endpoint.of("/protocols", new WebSocketHandler() {}).withSubprotocols("v2.chat", "v1.chat")),
            OriginPolicy.sameOrigin(),
            Compression.off(),
            AllowedHosts.ALL);

    // The example of §1.3, and the answer of §4.2.2.

    @ParameterizedTest
    @CsvSource({
        "dGhlIHNhbXBsZSBub25jZQ==, s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        "x3JJHMbDL1EzLkh9GBhXDw==, HSmrc0sMlYUkAGmm5OPpG2HaGWk="
    })
    void acceptIsTheHashOfTheKeyAndTheGuid(String key, String accept) {
        Response response = accepted(upgrade().set("Sec-WebSocket-Key", key));

        assertThat(response.headers()).contains(Map.entry("Sec-WebSocket-Accept", accept));
    }

    @Test
    void theAnswerTo101IsUpgradeConnectionAndAcceptAlone() {
        Response response = accepted(upgrade());

        assertThat(response.status()).isEqualTo(101);
        assertThat(response.headers())
                .containsExactly(
                        Map.entry("Upgrade", "websocket"),
                        Map.entry("Connection", "Upgrade"),
                        Map.entry("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    }

    @Test
    void whiteSpaceAroundTheKeyIsNotPartOfIt() {
        Response response = accepted(upgrade().set("Sec-WebSocket-Key", "\t dGhlIHNhbXBsZSBub25jZQ== \t"));

        assertThat(response.headers()).contains(Map.entry("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    }

    // §4.2.1, item 1: an HTTP/1.1 GET.

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "PATCH", "get", "FOO"})
    void anOpeningHandshakeIsAGet(String method) {
        Refusal refusal = refused(upgrade().requestLine(method + " /chat HTTP/1.1"));

        assertThat(refusal.status()).isEqualTo(405);
        assertThat(refusal.headers()).containsExactly(Map.entry("Allow", "GET"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /chat", "DELETE /", "OPTIONS *", "TRACE /", "CONNECT server.example.com:80"})
    void otherMethodsAreNotAllowed(String methodAndTarget) {
        Refusal refusal = refused(RequestText.plain(methodAndTarget + " HTTP/1.1"));

        assertThat(refusal.status()).isEqualTo(405);
        assertThat(refusal.headers()).containsExactly(Map.entry("Allow", "GET, HEAD"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/0.9", "HTTP/1.2", "HTTP/1.9", "HTTP/2.0", "HTTP/3.0"})
    void anOpeningHandshakeIsHttp11(String version) {
        assertThat(refused(upgrade().requestLine("GET /chat " + version)).status())
                .isEqualTo(505);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/0.9", "HTTP/1.9", "HTTP/2.0"})
    void otherVersionsOfHttpAreNotSupportedForPlainRequestsEither(String version) {
        assertThat(refused(RequestText.plain("GET /health " + version)).status())
                .isEqualTo(505);
    }

    @Test
    void thePrefaceOfHttp2IsNoVersionOfOurs() {
        assertThat(refused("PRI * HTTP/2.0\r\n\r\n").status()).isEqualTo(505);
    }

    @Test
    void healthChecksMaySpeakHttp10EvenWithoutHost() {
        assertThat(answer(RequestText.plain("GET /health HTTP/1.0").without("Host")))
                .isInstanceOf(PlainRequest.class);
    }

    // §3, §4.1: the request target.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/chat#part",
                "/ch\u00e4t",
                "/chat?q=\u00ff",
                "/chat%",
                "/chat%4",
                "/chat%zz",
                "/chat?q=%f",
                "/chat%ff",
                "chat",
                "*",
                "server.example.com:80",
                "ws://server.example.com/chat",
                "ftp://server.example.com/chat",
                "http://",
                "http:///chat",
                "http://user@server.example.com/chat",
                "http://server.example.com:99999/chat",
                "http://server.example.com#/chat"
            })
    void aTargetThatIsNeitherOriginFormNorAbsoluteFormIsRefused(String target) {
        assertThat(refused(RequestText.upgrade(target)).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://server.example.com/chat",
                "HTTP://SERVER.example.COM/chat",
                "https://server.example.com/chat?a=b",
                "http://server.example.com:80/chat",
                "https://server.example.com:443/chat"
            })
    void anAbsoluteFormThatNamesTheHostIsAccepted(String target) {
        assertThat(answer(RequestText.upgrade(target))).isInstanceOf(Upgrade.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example/chat",
                "http://server.example.com:8080/chat",
                "https://server.example.com:80/chat"
            })
    void anAbsoluteFormThatNamesAnotherHostIsRefused(String target) {
        assertThat(refused(RequestText.upgrade(target)).status()).isEqualTo(400);
    }

    // §4.2.1, item 2: Host.

    @Test
    void aRequestWithoutHostIsRefused() {
        assertThat(refused(upgrade().without("Host")).status()).isEqualTo(400);
        assertThat(refused(RequestText.plain("GET / HTTP/1.1").without("Host")).status())
                .isEqualTo(400);
    }

    @Test
    void aRequestWithTwoHostsIsRefusedEvenIfTheyAreEqual() {
        assertThat(refused(upgrade().with("Host: server.example.com")).status()).isEqualTo(400);
        assertThat(refused(RequestText.plain("GET / HTTP/1.0").with("Host: other"))
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "evil.com@h",
                "h:99999",
                "h:65536",
                "h:8a",
                "h:-1",
                "h:000080",
                "h:80:80",
                "a,b",
                "h/path",
                "[::1",
                "::1",
                "[::g]",
                "[1:2:3]",
                "[::1]x",
                "h\u00f6st"
            })
    void aMalformedHostIsRefused(String host) {
        assertThat(refused(upgrade().set("Host", host)).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h", "h:", "h:0", "h:65535", "127.0.0.1:8080", "[::1]", "[2001:DB8::1]:443", "a_b.local."})
    void aHostIsANameOrAnAddressWithOrWithoutPort(String host) {
        assertThat(answer(upgrade().set("Host", host))).isInstanceOf(Upgrade.class);
    }

    // §4.2.1, item 3: Upgrade.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "websocket",
                "WebSocket",
                "WEBSOCKET",
                "foo, websocket",
                "websocket, foo",
                "h2c,websocket,foo",
                " ,, websocket ,"
            })
    void upgradeIsAListThatContainsWebsocketInAnyCase(String upgrade) {
        assertThat(answer(upgrade().set("Upgrade", upgrade))).isInstanceOf(Upgrade.class);
    }

    @Test
    void upgradeMayBeSeveralLines() {
        assertThat(answer(upgrade().set("Upgrade", "foo").with("Upgrade: websocket")))
                .isInstanceOf(Upgrade.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h2c", "websockets", "web socket", "websocket/13", "xwebsocket", "\"websocket\""})
    void anEndpointWantsAnUpgradeToWebsocket(String upgrade) {
        Refusal refusal = refused(upgrade().set("Upgrade", upgrade));

        assertThat(refusal.status()).isEqualTo(426);
        assertThat(refusal.headers())
                .containsExactly(Map.entry("Upgrade", "websocket"), Map.entry("Sec-WebSocket-Version", "13"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /chat HTTP/1.1", "HEAD /chat HTTP/1.1", "GET /chat HTTP/1.0"})
    void anEndpointTellsPlainRequestsToUpgrade(String requestLine) {
        assertThat(refused(RequestText.plain(requestLine)).status()).isEqualTo(426);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /health HTTP/1.1", "HEAD /health?full HTTP/1.1", "GET /health HTTP/1.0"})
    void aPlainRequestElsewhereIsForTheResponder(String requestLine) {
        Answer answer = answer(RequestText.plain(requestLine));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        PlainRequest.class,
                        plain -> assertThat(plain.request().path()).isEqualTo("/health"));
    }

    @Test
    void anUpgradeToSomethingElseIsIgnoredWhereThereIsNoEndpoint() {
        RequestText h2c = RequestText.plain("GET /health HTTP/1.1")
                .with("Upgrade: h2c")
                .with("Connection: Upgrade, HTTP2-Settings")
                .with("HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA");

        assertThat(answer(h2c)).isInstanceOf(PlainRequest.class);
    }

    // §4.2.1, item 4: Connection.

    @ParameterizedTest
    @ValueSource(
            strings = {"upgrade", "Upgrade", "keep-alive, Upgrade", "UPGRADE,keep-alive", "keep-alive ,\tupgrade "})
    void connectionIsAListThatContainsUpgradeInAnyCase(String connection) {
        assertThat(answer(upgrade().set("Connection", connection))).isInstanceOf(Upgrade.class);
    }

    @Test
    void connectionMayBeSeveralLines() {
        assertThat(answer(upgrade().set("Connection", "keep-alive").with("Connection: upgrade")))
                .isInstanceOf(Upgrade.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "keep-alive", "close", "upgraded", "keep-alive upgrade", "up grade"})
    void connectionWithoutUpgradeIsRefused(String connection) {
        assertThat(refused(upgrade().set("Connection", connection)).status()).isEqualTo(400);
    }

    @Test
    void aMissingConnectionIsRefused() {
        assertThat(refused(upgrade().without("Connection")).status()).isEqualTo(400);
    }

    // §4.2.1, item 5: Sec-WebSocket-Key.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AA==",
                "hello",
                "dGhlIHNhbXBsZSBub25jZQ",
                "dGhlIHNhbXBsZSBub25jZQ=",
                "dGhlIHNhbXBsZSBub25jZQA=",
                "dGhlIHNhbXBsZSBub25jZQAA",
                "dGhlIHNhbXBsZSBub25jZQ==AA==",
                "dGhlIHNhbXBsZSBub25jZ===",
                "dGhlIHNhbXBsZSB-b25jZQ==",
                "dGhlIHNhbXBsZSB_b25jZQ==",
                "dGhlIHNhbXBs SBub25jZQ==",
                "dGhlIHNhbXBsZSBub25j\u00e9Q==",
                "dGhlIHNhbXBsZSBub25jZQ==,x3JJHMbDL1EzLkh9GBhXDw=="
            })
    void aKeyIs16BytesInBase64(String key) {
        assertThat(refused(upgrade().set("Sec-WebSocket-Key", key)).status()).isEqualTo(400);
    }

    @Test
    void aMissingKeyIsRefused() {
        assertThat(refused(upgrade().without("Sec-WebSocket-Key")).status()).isEqualTo(400);
    }

    @Test
    void twoKeysAreRefused() {
        RequestText request = upgrade().with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

        assertThat(refused(request).status()).isEqualTo(400);
    }

    @Test
    void theUnusedBitsOfAKeyMayBeSet() {
        assertThat(answer(upgrade().set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZR==")))
                .isInstanceOf(Upgrade.class);
    }

    // §4.2.1, item 6 and §4.4: Sec-WebSocket-Version.

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "4", "5", "6", "7", "8", "14", "25", "013", "+13", "13, 8", "8, 13", "13,13", "x"})
    void otherVersionsAreAnsweredWithTheVersionSpoken(String version) {
        Refusal refusal = refused(upgrade().set("Sec-WebSocket-Version", version));

        assertThat(refusal.status()).isEqualTo(426);
        assertThat(refusal.headers()).contains(Map.entry("Sec-WebSocket-Version", "13"));
    }

    @Test
    void aMissingVersionIsAnsweredWithTheVersionSpoken() {
        Refusal refusal = refused(upgrade().without("Sec-WebSocket-Version"));

        assertThat(refusal.status()).isEqualTo(426);
        assertThat(refusal.headers()).contains(Map.entry("Sec-WebSocket-Version", "13"));
    }

    @Test
    void twoVersionLinesAreNotOneVersion() {
        assertThat(refused(upgrade().with("Sec-WebSocket-Version: 13")).status())
                .isEqualTo(426);
    }

    @Test
    void theHandshakeOfHixie76IsRefused() {
        String keys = "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
                + "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\n\r\n";

        assertThat(refused(keys).status()).isEqualTo(400);
        assertThat(refused(upgrade().without("Sec-WebSocket-Version").with("Sec-WebSocket-Key2: 1 2"))
                        .status())
                .isEqualTo(400);
    }

    // §4.2.2: the resource.

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nowhere", "/chat/", "/Chat", "//chat", "/chat/../chat"})
    void anUpgradeToAnUnknownResourceIsNotFound(String target) {
        assertThat(refused(RequestText.upgrade(target)).status()).isEqualTo(404);
    }

    @Test
    void aResourceIsNamedByItsPathWithoutTheQuery() {
        assertThat(answer(RequestText.upgrade("/chat?token=abc"))).isInstanceOf(Upgrade.class);
    }

    // §10.2: Origin.

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "file://", "", "https://server.example.com:444", "garbage"})
    void aForeignOriginIsForbidden(String origin) {
        assertThat(refused(upgrade().set("Origin", origin)).status()).isEqualTo(403);
    }

    @Test
    void twoOriginsAreForbidden() {
        RequestText request =
                upgrade().with("Origin: http://server.example.com").with("Origin: http://server.example.com");

        assertThat(refused(request).status()).isEqualTo(403);
    }

    @Test
    void theSameOriginAndNoneAreAccepted() {
        assertThat(answer(upgrade())).isInstanceOf(Upgrade.class);
        assertThat(answer(upgrade().with("Origin: http://server.example.com"))).isInstanceOf(Upgrade.class);
        assertThat(answer(upgrade().with("Origin: https://server.example.com"))).isInstanceOf(Upgrade.class);
    }

    @Test
    void theRefusalOfAnOriginSaysHowToAllowIt() {
        assertThat(refused(upgrade().set("Origin", "https://evil.example")).reason())
                .contains("OriginPolicy.allowOnly", "$http_host")
                .doesNotContain("evil");
    }

    // §4.1 item 10, §4.2.2, §11.3.4: Sec-WebSocket-Protocol.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v1.chat | v1.chat",
                "v1.chat, v2.chat | v2.chat",
                "other,v1.chat | v1.chat",
                "other , v1.chat\t,  v2.chat | v2.chat"
            })
    void theServersFirstSubprotocolThatWasOfferedIsChosen(String offered, String chosen) {
        Response response = accepted(RequestText.upgrade("/protocols").with("Sec-WebSocket-Protocol: " + offered));

        assertThat(response.headers()).contains(Map.entry("Sec-WebSocket-Protocol", chosen));
        assertThat(response.handshake().subprotocol()).contains(chosen);
    }

    @Test
    void subprotocolsOfSeveralLinesMergeInOrder() {
        Response response = accepted(RequestText.upgrade("/protocols")
                .with("Sec-WebSocket-Protocol: x, y")
                .with("Sec-WebSocket-Protocol: v1.chat"));

        assertThat(response.handshake().offeredSubprotocols()).containsExactly("x", "y", "v1.chat");
        assertThat(response.headers()).contains(Map.entry("Sec-WebSocket-Protocol", "v1.chat"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"V1.CHAT", "v1.chatter", "other"})
    void withNoSubprotocolInCommonTheHeaderIsAbsent(String offered) {
        Response response = accepted(RequestText.upgrade("/protocols").with("Sec-WebSocket-Protocol: " + offered));

        assertThat(response.status()).isEqualTo(101);
        assertThat(response.headers()).noneMatch(header -> header.getKey().equals("Sec-WebSocket-Protocol"));
    }

    @Test
    void aSubprotocolThatWasNotOfferedIsNeverAnswered() {
        Response response = accepted(RequestText.upgrade("/protocols"));

        assertThat(response.headers()).noneMatch(header -> header.getKey().equals("Sec-WebSocket-Protocol"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "a,,b",
                "a,",
                ",a",
                "a b",
                "a;b",
                "a=b",
                "\"a\"",
                "a, a",
                "a/b",
                "(a)",
                "caf\u00e9",
                "a\tb"
            })
    void subprotocolsAreDifferentTokens(String offered) {
        assertThat(refused(upgrade().with("Sec-WebSocket-Protocol: " + offered)).status())
                .isEqualTo(400);
    }

    @Test
    void aSubprotocolOfferedTwiceOnTwoLinesIsRefused() {
        RequestText request = upgrade().with("Sec-WebSocket-Protocol: a").with("Sec-WebSocket-Protocol: b, a");

        assertThat(refused(request).status()).isEqualTo(400);
    }

    // §9.1, §11.3.2: Sec-WebSocket-Extensions.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "foo; bar, baz",
                "foo;bar=1 ; baz = \"quoted\" , x",
                "foo; bar=\"a\\b\"",
                ", foo ,, bar,"
            })
    void extensionsThatAreUnknownAreIgnored(String extensions) {
        Response response = accepted(upgrade().with("Sec-WebSocket-Extensions: " + extensions));

        assertThat(response.status()).isEqualTo(101);
        assertThat(response.headers()).noneMatch(header -> header.getKey().equals("Sec-WebSocket-Extensions"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                ";",
                "foo;",
                "foo; =1",
                "foo; bar=",
                "foo; bar=\"",
                "foo; bar=\"a b\"",
                "foo; bar=\"\"",
                "foo; bar=\"a,b\"",
                "foo; bar=\"a;b\"",
                "foo; bar=\"a\\",
                "foo; bar=a b",
                "foo bar",
                "foo=1",
                "foo; bar=\"a\"b",
                "caf\u00e9"
            })
    void malformedExtensionsFailTheHandshake(String extensions) {
        assertThat(refused(upgrade().with("Sec-WebSocket-Extensions: " + extensions))
                        .status())
                .isEqualTo(400);
    }

    // §4.1 and RFC 9112: no body, and nothing that could be taken for one.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5",
                "Content-Length: 00",
                "Content-Length: +1",
                "Content-Length: -1",
                "Content-Length: 1,1",
                "Content-Length: 0x1",
                "Transfer-Encoding: chunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: identity",
                "Expect: 100-continue"
            })
    void aRequestThatAnnouncesABodyIsRefused(String header) {
        assertThat(refused(upgrade().with(header)).status()).isEqualTo(400);
        assertThat(refused(RequestText.plain("GET / HTTP/1.1").with(header)).status())
                .isEqualTo(400);
        assertThat(refused(RequestText.plain("POST / HTTP/1.1").with(header)).status())
                .isEqualTo(400);
    }

    @Test
    void aBodyOfNoBytesIsNoBody() {
        assertThat(answer(upgrade().with("Content-Length: 0"))).isInstanceOf(Upgrade.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "No-Colon",
                "Space : before colon",
                "Nul: a\0b",
                "Bell: a\u0007b",
                ": no name",
                "N\u00e4me: x"
            })
    void whatTheDecoderOrTheGrammarRefusesIsABadRequest(String lines) {
        assertThat(refused(upgrade().with(lines)).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0GET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /\t/ HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / ICAP/1.1\r\nHost: h\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/1.1 extra\r\nHost: h\r\n\r\n",
                "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003 \n\n"
            })
    void whatIsNotHttpIsABadRequest(String bytes) {
        assertThat(refused(bytes).status()).isIn(400, 505);
    }

    @Test
    void aLineThatIsTooLongIs414AndHeadersThatAreTooLongAre431() {
        assertThat(refused(RequestText.upgrade("/" + "a".repeat(9_000))).status())
                .isEqualTo(414);
        assertThat(refused(upgrade().with("X: " + "a".repeat(20_000))).status()).isEqualTo(431);
    }

    @Test
    void refusalsNeverEchoTheInput() {
        String secret = "s3cr3t";
        List<RequestText> requests = List.of(
                RequestText.upgrade("/" + secret),
                RequestText.upgrade("/chat#" + secret),
                upgrade().set("Host", secret + "@"),
                upgrade().set("Origin", "https://" + secret),
                upgrade().set("Sec-WebSocket-Key", secret),
                upgrade().set("Sec-WebSocket-Version", secret),
                upgrade().with("Sec-WebSocket-Protocol: " + secret + ","),
                upgrade().with("Sec-WebSocket-Extensions: " + secret + ";"),
                upgrade().requestLine(secret + " /chat HTTP/1.1"));

        assertThat(requests)
                .allSatisfy(request -> assertThat(refused(request).toString()).doesNotContain(secret));
    }

    private static RequestText upgrade() {
        return RequestText.upgrade("/chat");
    }

    private Answer answer(RequestText request) {
        return handshake.answer(request.decode(), new Peer(PEER, PEER, null));
    }

    private Refusal refused(RequestText request) {
        return refused(request.toString());
    }

    private Refusal refused(String request) {
        Answer answer = handshake.answer(RequestText.decode(request), new Peer(PEER, PEER, null));
        assertThat(answer).isInstanceOf(Refusal.class);
        return (Refusal) answer;
    }

    private Response accepted(RequestText request) {
        Answer answer = answer(request);
        assertThat(answer).isInstanceOf(Upgrade.class);
        return handshake.respond((Upgrade) answer, HandshakeDecision.accept());
    }
}
