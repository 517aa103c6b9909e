package io.hawser.examples.auth.identity;

import io.hawser.Handshake;
import io.hawser.HandshakeDecision;
import io.hawser.HandshakeHook;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Lets in who shows an access token, in one of four places:
 *
 * <ul>
 *   <li>{@code Authorization: Bearer …} (RFC 6750 §2.1), for programs;
 *   <li>{@code Sec-WebSocket-Protocol: hawser.v1, bearer.…}, for pages, as scripts cannot set another header. The answer names the
 *       other subprotocol: the token must not come back;
 *   <li>{@code ?token=…}, for what can do neither; proxies write it into their logs;
 *   <li>a cookie {@code token}, if nothing else was shown: cookies come by themselves.
 * </ul>
 */
public final class TokenVerifier implements HandshakeHook {

    /** What goes before a token in the list of subprotocols. */
    public static final String SUBPROTOCOL_PREFIX = "bearer.";

    private static final String SCHEME = "Bearer ";
    private static final String NAME = "token";

    private final AccessTokens tokens;
    private final Logins logins;

    /** Believes these tokens, except those of logins that have ended. */
    public TokenVerifier(AccessTokens tokens, Logins logins) {
        this.tokens = tokens;
        this.logins = logins;
    }

    @Override
    public CompletionStage<HandshakeDecision> decide(Handshake handshake) {
        HandshakeDecision decision;
        try {
            Identity identity = verify(shown(handshake));
            decision = HandshakeDecision.accept()
                    .withPrincipal(identity)
                    .withAttribute(Identity.KEY, identity)
                    .withExpiry(identity.expiresAt());
        } catch (Refused refused) {
            decision = refused.decision(handshake, refused.reason().bearerChallenge());
        }
        return CompletableFuture.completedStage(decision);
    }

    /** Who shows this token now. */
    public Identity verify(String token) throws Refused {
        Identity identity = tokens.verify(token);
        if (logins.isRevoked(identity.login())) {
            throw new Refused(Refused.Reason.REVOKED);
        }
        return identity;
    }

    /** RFC 6750 §2: "Clients MUST NOT use more than one method to transmit the token in each request." */
    private static String shown(Handshake handshake) throws Refused {
        List<String> shown = new ArrayList<>(handshake.query().getOrDefault(NAME, List.of()));
        for (String credentials : handshake.headers("Authorization")) {
            if (credentials.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                shown.add(credentials.substring(SCHEME.length()).strip());
            }
        }
        for (String subprotocol : handshake.offeredSubprotocols()) {
            if (subprotocol.startsWith(SUBPROTOCOL_PREFIX)) {
                shown.add(subprotocol.substring(SUBPROTOCOL_PREFIX.length()));
            }
        }
        if (shown.isEmpty()) {
            handshake.cookie(NAME).ifPresent(shown::add);
        }
        if (shown.size() > 1) {
            throw new Refused(Refused.Reason.AMBIGUOUS);
        }
        if (shown.isEmpty()) {
            throw new Refused(Refused.Reason.MISSING);
        }
        return shown.get(0);
    }
}
