package io.hawser.examples.auth.identity;

import io.hawser.CloseStatus;
import io.hawser.Handshake;
import io.hawser.HandshakeDecision;

/**
 * Somebody who has not shown who they are. The texts are constants: what was shown is never repeated, neither to the peer nor in a
 * log, so this has neither a cause nor a stack trace.
 */
public final class Refused extends Exception {

    /** Why. */
    public enum Reason {
        /** Nothing was shown. */
        MISSING(401, "", "sign in"),
        /** Two tokens: two readers could believe two different ones (RFC 6750 §2). */
        AMBIGUOUS(400, "invalid_request", "more than one token"),
        /** Once right, too old. */
        EXPIRED(401, "invalid_token", "sign in again: expired"),
        /** The login that it came from has ended. */
        REVOKED(401, "invalid_token", "sign in again: signed out"),
        /** Anything else; what exactly would help only those who try. */
        INVALID(401, "invalid_token", "sign in again: not valid");

        private final int status;
        private final String error;
        private final String text;

        Reason(int status, String error, String text) {
            this.status = status;
            this.error = error;
            this.text = text;
        }

        /** The HTTP status that says it. */
        public int status() {
            return status;
        }

        /** For people. */
        public String text() {
            return text;
        }

        /** The close code that says it: 4000 and the HTTP status. */
        public CloseStatus closeStatus() {
            return new CloseStatus(4000 + status, text);
        }

        /** A challenge in answer to a token (RFC 6750 §3): no error where none was shown. */
        String bearerChallenge() {
            return error.isEmpty() ? "Bearer realm=\"hawser\"" : "Bearer realm=\"hawser\", error=\"" + error + "\"";
        }
    }

    private static final long serialVersionUID = 1;

    private final Reason reason;

    Refused(Reason reason) {
        super(reason.text, null, false, false);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /**
     * A browser hides the status of a refused handshake from its scripts: to them it is 1006, like a server that is down, and a page
     * would try for ever. So who sends an Origin, as every browser does, is accepted and told by a close code; others by status.
     */
    HandshakeDecision decision(Handshake handshake, String challenge) {
        if (handshake.header("Origin").isPresent()) {
            return HandshakeDecision.acceptThenClose(reason.closeStatus());
        }
        return HandshakeDecision.reject(reason.status).withHeader("WWW-Authenticate", challenge);
    }
}
