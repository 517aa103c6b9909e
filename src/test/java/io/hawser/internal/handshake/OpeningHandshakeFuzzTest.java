package io.hawser.internal.handshake;

import static java.util.Objects.requireNonNull;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hawser.Compression;
import io.hawser.Endpoint;
import io.hawser.Handshake;
import io.hawser.HandshakeDecision;
import io.hawser.OriginPolicy;
import io.hawser.RequestHead;
import io.hawser.WebSocketHandler;
import io.hawser.internal.handshake.OpeningHandshake.Answer;
import io.hawser.internal.handshake.OpeningHandshake.PlainRequest;
import io.hawser.internal.handshake.OpeningHandshake.Refusal;
import io.hawser.internal.handshake.OpeningHandshake.Response;
import io.hawser.internal.handshake.OpeningHandshake.Upgrade;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** Every request has an answer, and a 101 goes only to what RFC 6455 §4.2.1 describes. */
class OpeningHandshakeFuzzTest {

    private static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.1", 50_000);

    private static final OpeningHandshake OPENING = new OpeningHandshake(
            List.of(
                    Endpoint.of("/chat", new WebSocketHandler() {}).withSubprotocols("v1", "v2"),
                    Endpoint.of("/chat/{room}/{user}", new WebSocketHandler() {}),
                    Endpoint.of("/list", new WebSocketHandler() {})
                            .withOriginPolicy(OriginPolicy.allowOnly("https://a.example", "https://*.b.example:8443"))),
            OriginPolicy.sameOrigin(),
            Compression.on(),
            AllowedHosts.ALL);

    private static final String[] METHODS = {"GET", "HEAD", "POST", "OPTIONS"};
    private static final String[] TARGETS = {
        "/chat", "/chat/a/b", "/list", "http://h/chat", "/chat?token=a+b%20c&d", "/chat/%2F/%C3%A9"
    };

    /** Each is followed by a value that is right, to go on from. */
    private static final String[][] HEADERS = {
        {"Host", "h"},
        {"Upgrade", "websocket"},
        {"Connection", "keep-alive, Upgrade"},
        {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
        {"Sec-WebSocket-Version", "13"},
        {"Sec-WebSocket-Protocol", "v2, v1"},
        {"Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits=\"10\", x"},
        {"Origin", "http://h"},
        {"Cookie", "a=1; b=\"2\""},
        {"Content-Length", "0"},
        {"Transfer-Encoding", "chunked"},
        {"Sec-WebSocket-Key1", "1 2"},
    };

    @FuzzTest(maxExecutions = 1_000_000)
    void anyBytesGetAnAnswer(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes));
            for (Object decoded : channel.inboundMessages()) {
                if (decoded instanceof HttpRequest request) {
                    judge(request);
                }
            }
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    /** What an embedding server might pass on with its own parser, and with Netty's validation off. */
    @FuzzTest(maxExecutions = 1_000_000)
    void anyHeadersGetAnAnswer(FuzzedDataProvider data) {
        HttpRequest request = new DefaultHttpRequest(
                data.consumeBoolean() ? HttpVersion.HTTP_1_1 : new HttpVersion("HTTP", 1, data.consumeInt(0, 9), true),
                HttpMethod.valueOf(data.pickValue(METHODS)),
                data.consumeBoolean() ? data.pickValue(TARGETS) : data.consumeString(40),
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders(),
                false);
        for (String[] header : HEADERS) {
            switch (data.consumeInt(0, 4)) {
                case 0 -> request.headers().add(header[0], data.consumeString(60));
                case 1 -> request.headers().add(header[0], header[1] + data.consumeString(10));
                case 2 -> {}
                default -> request.headers().add(header[0], header[1]);
            }
        }
        if (data.consumeBoolean()) {
            request.headers().add(data.pickValue(HEADERS)[0], data.consumeRemainingAsString());
        }
        judge(request);
    }

    private static void judge(HttpRequest request) {
        Answer answer = OPENING.answer(request, new Peer(PEER, PEER, null));
        if (answer instanceof Refusal refusal) {
            require(refusal.status() >= 400 && refusal.status() < 600, "a refusal is an error");
            require(!refusal.reason().isEmpty(), "a refusal has a reason");
            require(refusal.cause() == null, "nothing was thrown");
        } else if (answer instanceof PlainRequest plain) {
            require(List.of("GET", "HEAD").contains(plain.request().method()), "plain requests only read");
            readAll(plain.request());
        } else {
            judge(request, (Upgrade) answer);
        }
    }

    private static void judge(HttpRequest request, Upgrade upgrade) {
        Handshake handshake = upgrade.handshake();
        readAll(handshake);
        require(request.decoderResult().isSuccess(), "what was not decoded is not accepted");
        require(handshake.method().equals("GET"), "an upgrade is a GET");
        require(handshake.headers("host").size() == 1, "one Host");
        require(handshake.headers("sec-websocket-version").equals(List.of("13")), "one version");
        require(handshake.headers("origin").size() <= 1, "one Origin");
        require(AcceptKey.isKey(handshake.header("sec-websocket-key").orElse("")), "one key");
        for (String subprotocol : handshake.offeredSubprotocols()) {
            require(HttpToken.isToken(subprotocol), "subprotocols are tokens");
        }
        for (String parameter : handshake.pathParameters().keySet()) {
            require(!handshake.pathParameter(parameter).isEmpty(), "parameters are not empty");
        }
        judge(OPENING.respond(upgrade, HandshakeDecision.accept()));
    }

    private static void judge(Response response) {
        require(response.status() == 101, "an accepting decision is answered with 101");
        require(response.headers().size() >= 3, "Upgrade, Connection and Accept");
        for (Map.Entry<String, String> header : response.headers()) {
            require(HttpToken.isToken(header.getKey()), "a header name is a token");
            require(header.getValue().chars().allMatch(c -> c >= ' ' && c < 0x7F), "a header value is visible");
        }
    }

    private static void readAll(RequestHead request) {
        require(request.path().startsWith("/"), "a path begins with a slash");
        requireNonNull(request.query());
        requireNonNull(request.query("token"));
        requireNonNull(request.cookie("a"));
        requireNonNull(request.headers("cookie"));
        requireNonNull(request.toString());
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new AssertionError(rule);
        }
    }
}
