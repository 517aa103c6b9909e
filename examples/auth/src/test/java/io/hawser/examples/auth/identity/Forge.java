package io.hawser.examples.auth.identity;

import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/** Makes tokens that no issuer would: by hand, for a library would refuse to. It begins as a good one. */
public final class Forge {

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Object> header = new LinkedHashMap<>();
    private final Map<String, Object> claims = new LinkedHashMap<>();
    private final RSAKey key;

    /** A token of this key's owner, good for a minute. */
    public Forge(RSAKey key, String issuer, String audience) {
        this.key = key;
        header("alg", "RS256").header("typ", "at+jwt").header("kid", key.getKeyID());
        claim("iss", issuer).claim("aud", audience).claim("sub", "ada").claim("sid", "a login");
        claim("exp", now() + 60);
    }

    /** Seconds of the epoch. */
    public static long now() {
        return Instant.now().getEpochSecond();
    }

    public Forge header(String name, Object value) {
        return put(header, name, value);
    }

    public Forge claim(String name, Object value) {
        return put(claims, name, value);
    }

    private Forge put(Map<String, Object> json, String name, Object value) {
        if (value == null) {
            json.remove(name);
        } else {
            json.put(name, value);
        }
        return this;
    }

    /** With the right signature of the right key. */
    public String signed() {
        return signedBy(key, "SHA256withRSA");
    }

    public String signedBy(RSAKey other, String algorithm) {
        try {
            return signedBy(other.toPrivateKey(), algorithm);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String signedBy(PrivateKey other, String algorithm) throws Exception {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(other);
        signature.update(content().getBytes(StandardCharsets.US_ASCII));
        return content() + "." + base64(signature.sign());
    }

    /** With an HMAC, such as of bytes that everybody knows. */
    public String authenticatedBy(byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return content() + "." + base64(mac.doFinal(content().getBytes(StandardCharsets.US_ASCII)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Header and claims, each in its Base64. */
    public String content() {
        return base64(JSON.writeValueAsBytes(header)) + "." + base64(JSON.writeValueAsBytes(claims));
    }

    /** Claims that are not what they should be. */
    public static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
