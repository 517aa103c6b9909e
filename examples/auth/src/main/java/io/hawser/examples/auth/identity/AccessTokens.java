package io.hawser.examples.auth.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Judges access tokens: JWTs of RFC 9068, by the rules of RFC 8725. What we expect is pinned here; a token's header chooses nothing but
 * one of our own keys.
 *
 * <p>May be called from any thread, an event loop included: an RSA signature is checked in some 50 microseconds.
 */
public final class AccessTokens {

    /** Larger ones are refused unread. */
    public static final int MAX_BYTES = 8 * 1024;

    /** How far the issuer's clock and ours may differ. */
    public static final Duration LEEWAY = Duration.ofSeconds(5);

    /** The one algorithm (RFC 8725 §3.1). */
    static final JWSAlgorithm ALGORITHM = JWSAlgorithm.RS256;

    /** What says that a token is an access token, not an ID token of the same issuer (RFC 8725 §3.11). */
    static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");

    /** The claim that names the login which a token comes from. */
    static final String LOGIN_CLAIM = "sid";

    static final String ROLES_CLAIM = "roles";

    private static final int MOST_CLAIMS = 32;
    private static final int MOST_VALUES = 16;
    private static final int LONGEST_ID = 64;
    private static final Duration LONGEST_LIFE = Duration.ofHours(1);

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final Clock clock;

    /**
     * What is expected.
     *
     * @param keys the issuer's public keys, by {@code kid}; these and no others, wherever a token may point
     * @param issuer the only {@code iss}
     * @param audience one of {@code aud}: this server's name with the issuer
     */
    public AccessTokens(JWKSet keys, String issuer, String audience, Clock clock) {
        this.clock = clock;
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(ALGORITHM, new ImmutableJWKSet<>(keys.toPublicJWKSet())));
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(TYPE));
        JWTClaimsSet exact = new JWTClaimsSet.Builder().issuer(issuer).build();
        DefaultJWTClaimsVerifier<SecurityContext> claims =
                new DefaultJWTClaimsVerifier<>(audience, exact, Set.of("sub", "exp", LOGIN_CLAIM)) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        claims.setMaxClockSkew((int) LEEWAY.toSeconds());
        processor.setJWTClaimsSetVerifier(claims);
    }

    /** Who shows this token. */
    public Identity verify(String token) throws Refused {
        if (token.length() > MAX_BYTES) {
            throw new Refused(Refused.Reason.INVALID);
        }
        try {
            return identity(processor.process(SignedJWT.parse(token), null));
        } catch (ExpiredJWTException e) {
            throw new Refused(Refused.Reason.EXPIRED);
        } catch (ParseException | BadJOSEException | JOSEException | RuntimeException e) {
            // RuntimeException too: nothing that a stranger may send should end in a stack trace, which could show the
            // token.
            throw new Refused(Refused.Reason.INVALID);
        }
    }

    private Identity identity(JWTClaimsSet claims) throws ParseException, Refused {
        String name = claims.getSubject();
        String login = claims.getStringClaim(LOGIN_CLAIM);
        List<String> roles = claims.getClaim(ROLES_CLAIM) == null ? List.of() : claims.getStringListClaim(ROLES_CLAIM);
        Instant expiresAt = claims.getExpirationTime().toInstant();
        if (!Identity.isName(name)
                || login.length() > LONGEST_ID
                || claims.getClaims().size() > MOST_CLAIMS
                || claims.getAudience().size() > MOST_VALUES
                || roles.size() > MOST_VALUES
                || expiresAt.isAfter(clock.instant().plus(LONGEST_LIFE))) {
            throw new Refused(Refused.Reason.INVALID);
        }
        // With the leeway, or a token that was taken within it would open a session that ends at once.
        return new Identity(name, Role.of(roles), login, expiresAt.plus(LEEWAY));
    }
}
