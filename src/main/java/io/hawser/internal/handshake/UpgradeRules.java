package io.hawser.internal.handshake;

import io.hawser.OriginPolicy;
import io.hawser.RequestHead;
import io.hawser.internal.deflate.ExtensionOffer;
import java.util.List;
import java.util.Set;

/**
 * What an opening handshake must have beyond HTTP (RFC 6455 §4.2.1), in the order of checking. Each check throws {@link
 * Refused}.
 */
final class UpgradeRules {

    private static final String ORIGIN_REFUSED = "origin is refused (RFC 6455 §10.2):"
            + " if this page may connect, name its origin in OriginPolicy.allowOnly;"
            + " behind a proxy, pass the client's Host on (Nginx: proxy_set_header Host $http_host)";

    private UpgradeRules() {}

    /** "An |Upgrade| header field containing the value "websocket", treated as an ASCII case-insensitive value." */
    static boolean asksForWebSocket(HeaderBlock headers) {
        return HeaderList.containsToken(headers.values("upgrade"), "websocket");
    }

    /** "A |Connection| header field that includes the token "Upgrade", treated as an ASCII case-insensitive value." */
    static void requireConnectionUpgrade(RequestHead request) {
        if (!HeaderList.containsToken(request.headers("connection"), "upgrade")) {
            throw Refused.badRequest("Connection does not list Upgrade (RFC 6455 §4.2.1)");
        }
    }

    /**
     * §4.4: "If the server doesn't support the requested version, it MUST respond with a |Sec-WebSocket-Version| header
     * field". The drafts before it are not spoken; the one with two keys and its challenge in a body does not even have
     * a version.
     */
    static void requireVersion13(RequestHead request) {
        if (!request.headers("sec-websocket-key1").isEmpty()
                || !request.headers("sec-websocket-key2").isEmpty()) {
            throw Refused.badRequest("handshake of a draft (hixie-76)");
        }
        List<String> versions = request.headers("sec-websocket-version");
        if (versions.size() != 1 || !versions.get(0).equals("13")) {
            throw Refused.upgradeRequired("Sec-WebSocket-Version is not 13 (RFC 6455 §4.2.2)");
        }
    }

    /**
     * "A |Sec-WebSocket-Key| header field with a base64-encoded [...] value that, when decoded, is 16 bytes in length."
     */
    static String requireKey(RequestHead request) {
        List<String> keys = request.headers("sec-websocket-key");
        if (keys.size() != 1 || !AcceptKey.isKey(keys.get(0))) {
            throw Refused.badRequest("Sec-WebSocket-Key is not one of 16 bytes in base64 (RFC 6455 §4.2.1)");
        }
        return keys.get(0);
    }

    /**
     * §4.1: the elements "MUST be non-empty strings with characters in the range U+0021 to U+007E not including
     * separator characters", "and MUST all be unique strings".
     */
    static List<String> requireSubprotocols(RequestHead request) {
        List<String> lines = request.headers("sec-websocket-protocol");
        if (lines.isEmpty()) {
            return List.of();
        }
        Set<String> subprotocols = HeaderList.uniqueTokens(lines);
        if (subprotocols == null) {
            throw Refused.badRequest("Sec-WebSocket-Protocol is not a list of different tokens (RFC 6455 §4.1)");
        }
        return List.copyOf(subprotocols);
    }

    /**
     * §9.1: "If a value is received by either the client or the server during negotiation that does not conform to the
     * ABNF below, the recipient of such malformed data MUST immediately _Fail the WebSocket Connection_."
     */
    static List<ExtensionOffer> requireExtensions(RequestHead request) {
        List<ExtensionOffer> offers = ExtensionHeader.parse(request.headers("sec-websocket-extensions"));
        if (offers == null) {
            throw Refused.badRequest("Sec-WebSocket-Extensions is malformed (RFC 6455 §9.1)");
        }
        return offers;
    }

    /**
     * §4.2.2: "If the server does not wish to accept this connection, it MUST return an appropriate HTTP error code
     * (e.g., 403 Forbidden)".
     */
    static void requireOrigin(RequestHead request, OriginPolicy policy) {
        try {
            checkOrigin(request.headers("origin"), request, policy);
        } catch (Refused refused) {
            throw refused;
        } catch (Throwable thrown) { // the policy is a program's: its errors are this request's alone
            throw Refused.internalError("origin policy threw", thrown);
        }
    }

    private static void checkOrigin(List<String> origins, RequestHead request, OriginPolicy policy) {
        if (origins.isEmpty() && policy.isOriginRequired()) {
            throw Refused.of(403, "Origin is missing, and required here (OriginPolicy.requireOrigin)");
        }
        if (origins.size() > 1) {
            throw Refused.of(403, "request has more than one Origin (RFC 6454 §7.3)");
        }
        for (String origin : origins) {
            if (origin.chars().anyMatch(c -> c > 0x7E)) {
                throw Refused.badRequest("Origin is not ASCII (RFC 6454 §7.1)");
            }
            if (!policy.allows(origin, request)) {
                throw Refused.of(403, ORIGIN_REFUSED);
            }
        }
    }
}
