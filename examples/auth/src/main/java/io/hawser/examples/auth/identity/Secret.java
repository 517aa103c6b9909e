package io.hawser.examples.auth.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * What we keep of a text that only its owner knows: the digest. Such a text is an id, by which we find the entry, a dot, and 256
 * random bits, which are compared in constant time: a search by the secret itself would tell by its time how much of it was right.
 */
final class Secret {

    /**
     * A text that somebody shows.
     *
     * @param id not secret
     * @param secret unchecked
     */
    record Shown(String id, String secret) {

        /** Empty if it cannot be one of ours. */
        static Optional<Shown> parse(String text) {
            return text.length() == ID_LENGTH + 1 + SECRET_LENGTH && text.charAt(ID_LENGTH) == '.'
                    ? Optional.of(new Shown(text.substring(0, ID_LENGTH), text.substring(ID_LENGTH + 1)))
                    : Optional.empty();
        }

        String text() {
            return id + "." + secret;
        }

        @Override
        public String toString() {
            return id;
        }
    }

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_LENGTH = 22; // 128 bits in Base64 without padding
    private static final int SECRET_LENGTH = 43; // 256 bits

    private final byte[] digest;

    Secret(Shown shown) {
        digest = digest(shown.secret);
    }

    /** A new one, for its owner. */
    static Shown random() {
        return new Shown(random(16), random(32));
    }

    boolean isShownBy(Shown shown) {
        return MessageDigest.isEqual(digest, digest(shown.secret));
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
