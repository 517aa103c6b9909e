package io.hawser.examples.auth.identity;

import io.hawser.Handshake;
import io.hawser.HandshakeDecision;
import io.hawser.HandshakeHook;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets in who has signed in, known by the session cookie. A cookie that is good for nothing is taken away with the answer. */
public final class SessionVerifier implements HandshakeHook {

    private final SessionCookie cookie;
    private final Logins logins;

    /** Believes the cookies of these logins. */
    public SessionVerifier(SessionCookie cookie, Logins logins) {
        this.cookie = cookie;
        this.logins = logins;
    }

    @Override
    public CompletionStage<HandshakeDecision> decide(Handshake handshake) {
        Optional<String> shown = cookie.in(handshake);
        HandshakeDecision decision = shown.flatMap(logins::find)
                .map(SessionVerifier::accept)
                .orElseGet(() -> refuse(handshake, shown.isPresent()));
        return CompletableFuture.completedStage(decision);
    }

    private static HandshakeDecision accept(Identity identity) {
        return HandshakeDecision.accept()
                .withPrincipal(identity)
                .withAttribute(Identity.KEY, identity)
                .withExpiry(identity.expiresAt());
    }

    private HandshakeDecision refuse(Handshake handshake, boolean shown) {
        Refused refused = new Refused(shown ? Refused.Reason.INVALID : Refused.Reason.MISSING);
        // A 401 needs a challenge (RFC 9110 §15.5.2), and no registered scheme says "by a cookie".
        HandshakeDecision decision =
                refused.decision(handshake, "Cookie realm=\"hawser\", cookie-name=" + cookie.name());
        return shown ? decision.withHeader("Set-Cookie", cookie.clear()) : decision;
    }
}
