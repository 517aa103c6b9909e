package io.hawser.internal.handshake;

import io.hawser.Compression;
import io.hawser.Endpoint;
import io.hawser.Handshake;
import io.hawser.HandshakeDecision;
import io.hawser.OriginPolicy;
import io.hawser.RequestHead;
import io.hawser.internal.deflate.DeflateAgreement;
import io.hawser.internal.deflate.ExtensionOffer;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * RFC 6455 §4.2 as a total function: every request has an answer. Immutable; one per server.
 *
 * <p>The order of checks is the order of blame. What is wrong with the HTTP comes first, for then nothing else in the
 * request can be trusted; then the resource, so that a plain request finds its responder; then what the client must
 * have to speak with any WebSocket server; last the origin, the only check that asks who, not how.
 *
 * <p><b>Threading:</b> may be called from any thread.
 */
public final class OpeningHandshake {

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final Map.Entry<String, String> UPGRADE_WEBSOCKET = Map.entry("Upgrade", "websocket");
    private static final Map.Entry<String, String> CONNECTION_UPGRADE = Map.entry("Connection", "Upgrade");
    private static final Map.Entry<String, String> CONNECTION_CLOSE = Map.entry("Connection", "close");

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
     * A request that gets an error. The connection ends with it.
     *
     * @param status 400 and up
     * @param reason constant text, for the body and the log
     * @param headers such as Allow, or Sec-WebSocket-Version; Connection and those of the body are the server's to add
     * @param cause what an origin policy threw, for the log; null otherwise
     */
    public record Refusal(
            int status,
            String reason,
            List<Map.Entry<String, String>> headers,
            @Nullable Throwable cause) implements Answer {

        /** A refusal that nothing was thrown for. */
        public Refusal(int status, String reason, List<Map.Entry<String, String>> headers) {
            this(status, reason, headers, null);
        }
    }

    /**
     * A right GET or HEAD that asks for no WebSocket: for the {@link io.hawser.HttpResponder}.
     *
     * @param request the request
     */
    public record PlainRequest(RequestHead request) implements Answer {}

    /**
     * The answer to an upgrade that was decided upon.
     *
     * @param status 101 or a refusal's
     * @param headers all of them, in order, Connection included; for a refusal the server adds those of the body
     * @param handshake the handshake with the subprotocol in use
     * @param reason why it is not 101, constant text for the body and the log; empty if it is
     */
    public record Response(int status, List<Map.Entry<String, String>> headers, Handshake handshake, String reason) {

        /** A response that needs no reason. */
        public Response(int status, List<Map.Entry<String, String>> headers, Handshake handshake) {
            this(status, headers, handshake, "");
        }
    }

    private final PathRouter router;
    private final OriginPolicy originPolicy;
    private final Compression compression;
    private final AllowedHosts allowedHosts;

    /** The handshake of a server; throws IllegalArgumentException for a malformed or doubled path template. */
    public OpeningHandshake(
            List<Endpoint> endpoints, OriginPolicy originPolicy, Compression compression, AllowedHosts allowedHosts) {
        this.allowedHosts = allowedHosts;
        this.router = new PathRouter(endpoints);
        this.originPolicy = originPolicy;
        this.compression = compression;
    }

    /**
     * Whether the request's path is an endpoint's, whatever else may be wrong with the request: where other handlers
     * share the port, the others are theirs.
     */
    public boolean hasEndpointFor(HttpRequest request) {
        RequestTarget target = RequestTarget.parse(request.uri());
        return target != null && router.match(target.path()) != null;
    }

    /** Judges a request head. */
    public Answer answer(HttpRequest request, Peer peer) {
        try {
            RequestRules.requireDecoded(request);
            HeaderBlock headers = RequestRules.requireHeaders(request);
            boolean isUpgrade = UpgradeRules.asksForWebSocket(headers);
            return route(receive(request, headers, isUpgrade, peer), isUpgrade);
        } catch (Refused refused) {
            return refused.refusal();
        }
    }

    private ReceivedRequest receive(HttpRequest request, HeaderBlock headers, boolean isUpgrade, Peer peer) {
        String method = request.method().name();
        RequestRules.requireVersion(request.protocolVersion(), isUpgrade);
        RequestRules.requireNoBody(headers);
        RequestRules.requireMethod(method, isUpgrade);
        RequestTarget target = RequestRules.requireTarget(request.uri());
        HostHeader host = RequestRules.requireHost(headers, request.protocolVersion(), target);
        RequestRules.requireAllowed(host, allowedHosts);
        return new ReceivedRequest(method, target, headers, peer);
    }

    private Answer route(ReceivedRequest request, boolean isUpgrade) {
        PathRouter.Match match = router.match(request.path());
        if (match == null && !isUpgrade) {
            return new PlainRequest(request);
        }
        if (match == null) {
            // RFC 6455 §4.2.2: "If the requested service is not available, the server MUST send an appropriate HTTP
            // error code
            // (such as 404 Not Found)".
            throw Refused.of(404, "no endpoint has this path");
        }
        if (!isUpgrade) {
            throw Refused.upgradeRequired("this resource speaks WebSocket alone: Upgrade does not list websocket");
        }
        return upgrade(request, match);
    }

    private Upgrade upgrade(ReceivedRequest request, PathRouter.Match match) {
        Endpoint endpoint = match.endpoint();
        UpgradeRules.requireConnectionUpgrade(request);
        UpgradeRules.requireVersion13(request);
        String key = UpgradeRules.requireKey(request);
        List<String> offered = UpgradeRules.requireSubprotocols(request);
        List<ExtensionOffer> extensions = UpgradeRules.requireExtensions(request);
        UpgradeRules.requireOrigin(request, endpoint.originPolicy().orElse(originPolicy));
        Handshake handshake = new ReceivedHandshake(request, match, firstInCommon(endpoint.subprotocols(), offered));
        return new Upgrade(endpoint, handshake, AcceptKey.of(key), negotiate(endpoint, extensions));
    }

    /** None in common is no error: the header stays away, and the client decides (RFC 6455 §4.2.2). */
    private static @Nullable String firstInCommon(List<String> preferred, List<String> offered) {
        for (String subprotocol : preferred) {
            if (offered.contains(subprotocol)) {
                return subprotocol;
            }
        }
        return null;
    }

    private @Nullable DeflateAgreement negotiate(Endpoint endpoint, List<ExtensionOffer> offers) {
        Compression settings = endpoint.compression().orElse(compression);
        return settings.enabled() && !offers.isEmpty() ? DeflateAgreement.negotiate(offers, settings) : null;
    }

    /** Carries a decision out. */
    public Response respond(Upgrade upgrade, HandshakeDecision decision) {
        if (decision.status() != SWITCHING_PROTOCOLS) {
            return refuse(upgrade, decision.status(), decision.headers(), "refused by the handshake hook");
        }
        Optional<String> chosen = decision.subprotocol();
        if (chosen.isEmpty()) {
            return accept(upgrade, upgrade.handshake(), decision.headers());
        }
        // RFC 6455 §4.1: a client must fail the connection if the response "indicates the use of a subprotocol that was
        // not present
        // in the client's handshake". It is the program that is wrong here, not the client.
        if (!upgrade.handshake().offeredSubprotocols().contains(chosen.get())) {
            return refuse(upgrade, 500, List.of(), "the handshake hook chose a subprotocol that was not offered");
        }
        Handshake handshake = ((ReceivedHandshake) upgrade.handshake()).withSubprotocol(chosen.get());
        return accept(upgrade, handshake, decision.headers());
    }

    private static Response refuse(
            Upgrade upgrade, int status, List<Map.Entry<String, String>> hookHeaders, String reason) {
        List<Map.Entry<String, String>> headers = new ArrayList<>(hookHeaders.size() + 1);
        headers.add(CONNECTION_CLOSE);
        headers.addAll(hookHeaders);
        return new Response(status, List.copyOf(headers), upgrade.handshake(), reason);
    }

    /**
     * RFC 6455 §4.2.2, step 5. A 101 has neither Content-Length (RFC 9110 §8.6) nor Transfer-Encoding (RFC 9112 §6.1).
     */
    private static Response accept(Upgrade upgrade, Handshake handshake, List<Map.Entry<String, String>> hookHeaders) {
        List<Map.Entry<String, String>> headers = new ArrayList<>(5 + hookHeaders.size());
        headers.add(UPGRADE_WEBSOCKET);
        headers.add(CONNECTION_UPGRADE);
        headers.add(Map.entry("Sec-WebSocket-Accept", upgrade.acceptKey()));
        handshake.subprotocol().ifPresent(name -> headers.add(Map.entry("Sec-WebSocket-Protocol", name)));
        DeflateAgreement deflate = upgrade.deflate();
        if (deflate != null) {
            headers.add(Map.entry("Sec-WebSocket-Extensions", deflate.headerValue()));
        }
        headers.addAll(hookHeaders);
        return new Response(SWITCHING_PROTOCOLS, Collections.unmodifiableList(headers), handshake);
    }
}
