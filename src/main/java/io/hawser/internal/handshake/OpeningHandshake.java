package io.hawser.internal.handshake;

import io.hawser.Compression;
import io.hawser.Endpoint;
import io.hawser.Handshake;
import io.hawser.HandshakeDecision;
import io.hawser.OriginPolicy;
import io.hawser.RequestHead;
import io.hawser.internal.deflate.DeflateAgreement;
import io.netty.handler.codec.http.HttpRequest;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** RFC 6455 §4.2 as a total function: every request has an answer. Immutable; one per server. */
public final class OpeningHandshake {

    /** What a request gets. */
    public sealed interface Answer permits Upgrade, Refusal, PlainRequest {}

    /**
     * A right opening handshake, waiting for the hook's decision.
     *
     * @param endpoint whose path matched
     * @param handshake the request, with the subprotocol that the endpoint's list chooses
     * @param acceptKey the value of Sec-WebSocket-Accept
     * @param deflate null if no compression was agreed upon
     */
    public record Upgrade(
            Endpoint endpoint,
            Handshake handshake,
            String acceptKey,
            @Nullable DeflateAgreement deflate) implements Answer {}

    /**
     * A request that gets an error.
     *
     * @param status 400 and up
     * @param reason constant text, for the body and the log
     * @param headers such as Allow, or Sec-WebSocket-Version
     */
    public record Refusal(int status, String reason, List<Map.Entry<String, String>> headers) implements Answer {}

    /**
     * A right GET or HEAD that asks for no upgrade: for the {@link io.hawser.HttpResponder}.
     *
     * @param request the request
     */
    public record PlainRequest(RequestHead request) implements Answer {}

    /**
     * The answer to an upgrade that was decided upon.
     *
     * @param status 101 or a refusal's
     * @param headers all of them, in order, Connection included
     * @param handshake the handshake with the subprotocol in use
     */
    public record Response(int status, List<Map.Entry<String, String>> headers, Handshake handshake) {}

    /** The handshake of a server; throws IllegalArgumentException for a malformed or doubled path template. */
    public OpeningHandshake(List<Endpoint> endpoints, OriginPolicy originPolicy, Compression compression) {}

    /** Judges a request head; {@code tls} is null on a plain connection. */
    public Answer answer(HttpRequest request, SocketAddress remoteAddress, @Nullable SSLSession tls) {
        throw new UnsupportedOperationException();
    }

    /** Carries a decision out. */
    public Response respond(Upgrade upgrade, HandshakeDecision decision) {
        throw new UnsupportedOperationException();
    }
}
