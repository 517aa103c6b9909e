package io.hawser.internal.handshake;

import io.hawser.internal.handshake.OpeningHandshake.Refusal;
import java.util.List;
import java.util.Map;

/** Ends the checks of a request with its refusal. Never leaves this package. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    private Refused(Refusal refusal) {
        // No stack trace: a flood of bad requests is not worth one each.
        super(refusal.reason(), refusal.cause(), false, false);
        this.refusal = refusal;
    }

    static Refused badRequest(String reason) {
        return of(400, reason);
    }

    static Refused of(int status, String reason) {
        return new Refused(new Refusal(status, reason, List.of()));
    }

    static Refused methodNotAllowed(String reason, String allowed) {
        return new Refused(new Refusal(405, reason, List.of(Map.entry("Allow", allowed))));
    }

    /**
     * RFC 9110 §15.5.22: the server "MUST send an Upgrade header field in a 426 response"; RFC 6455 §4.4 wants the
     * versions beside it.
     */
    static Refused upgradeRequired(String reason) {
        return new Refused(new Refusal(
                426, reason, List.of(Map.entry("Upgrade", "websocket"), Map.entry("Sec-WebSocket-Version", "13"))));
    }

    static Refused internalError(String reason, Throwable cause) {
        return new Refused(new Refusal(500, reason, List.of(), cause));
    }

    Refusal refusal() {
        return refusal;
    }
}
