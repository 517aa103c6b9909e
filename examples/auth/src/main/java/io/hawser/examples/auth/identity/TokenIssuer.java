package io.hawser.examples.auth.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/**
 * Makes access tokens for who has signed in here. Where an identity provider makes them, this class and the private key go, and
 * {@link AccessTokens} gets the provider's public keys.
 */
public final class TokenIssuer {

    /**
     * A token and its life.
     *
     * @param text for its owner alone
     * @param lifetime from now
     */
    public record Issued(String text, Duration lifetime) {}

    private final RSASSASigner signer;
    private final JWSHeader header;
    private final String issuer;
    private final String audience;
    private final Duration lifetime;
    private final Clock clock;

    /** Signs with a private key of {@link SigningKeys}. */
    public TokenIssuer(RSAKey key, String issuer, String audience, Duration lifetime, Clock clock) {
        try {
            signer = new RSASSASigner(key);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("no private RSA key"); // without a cause: it might show the key
        }
        header = new JWSHeader.Builder(AccessTokens.ALGORITHM)
                .type(AccessTokens.TYPE)
                .keyID(key.getKeyID())
                .build();
        this.issuer = issuer;
        this.audience = audience;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** A token for a login; never longer than that login. */
    public Issued issue(Identity identity) {
        Instant now = clock.instant();
        Duration left = Duration.between(now, identity.expiresAt());
        Duration life = left.compareTo(lifetime) < 0 ? left : lifetime;
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(audience)
                .subject(identity.name())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(life)))
                .jwtID(UUID.randomUUID().toString())
                .claim(AccessTokens.LOGIN_CLAIM, identity.login())
                .claim(AccessTokens.ROLES_CLAIM, List.copyOf(Role.texts(identity.roles())))
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("the token could not be signed");
        }
        return new Issued(token.serialize(), life);
    }
}
