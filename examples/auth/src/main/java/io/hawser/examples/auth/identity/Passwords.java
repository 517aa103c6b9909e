package io.hawser.examples.auth.identity;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The users, one a line: name, roles with commas between or a dash for none, PBKDF2's iterations, salt, hash. Immutable.
 */
public final class Passwords {

    /**
     * Somebody whose password was right.
     *
     * @param name the user
     * @param roles what they may do
     */
    public record Account(String name, Set<Role> roles) {}

    private record Entry(Account account, int iterations, byte[] salt, byte[] hash) {
        boolean isOpenedBy(String password) {
            return MessageDigest.isEqual(hash, derive(password, salt, iterations));
        }
    }

    /** What OWASP's password storage sheet says for PBKDF2 with HMAC-SHA-256. */
    public static final int ITERATIONS = 600_000;

    private static final int LONGEST_PASSWORD = 128;
    private static final int HASH_BITS = 256;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, Entry> entries;
    private final Entry nobody;

    private Passwords(Map<String, Entry> entries) {
        this.entries = entries;
        int iterations =
                entries.values().stream().mapToInt(Entry::iterations).max().orElse(ITERATIONS);
        nobody = new Entry(new Account("", Set.of()), iterations, randomBytes(), randomBytes());
    }

    /** Reads lines; throws IllegalArgumentException with the number of one that is wrong. */
    public static Passwords parse(List<String> lines) {
        return new Passwords(IntStream.range(0, lines.size())
                .filter(i -> !lines.get(i).isBlank() && !lines.get(i).startsWith("#"))
                .mapToObj(i -> entry(lines.get(i), i + 1))
                .collect(Collectors.toUnmodifiableMap(entry -> entry.account.name, Function.identity())));
    }

    private static Entry entry(String line, int number) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length != 5 || !Identity.isName(fields[0])) {
            throw new IllegalArgumentException("line " + number + " is not: name roles iterations salt hash");
        }
        Base64.Decoder base64 = Base64.getDecoder();
        Account account = new Account(fields[0], Role.of(List.of(fields[1].split(","))));
        return new Entry(account, Integer.parseInt(fields[2]), base64.decode(fields[3]), base64.decode(fields[4]));
    }

    /** The line of a new user. */
    public static String line(String name, Set<Role> roles, String password, int iterations) {
        if (!Identity.isName(name) || password.isEmpty() || password.length() > LONGEST_PASSWORD) {
            throw new IllegalArgumentException("a name has 1 to 64 letters and digits, a password 1 to 128 characters");
        }
        byte[] salt = randomBytes();
        Base64.Encoder base64 = Base64.getEncoder();
        String texts = roles.isEmpty() ? "-" : String.join(",", Role.texts(roles));
        return String.join(
                " ",
                name,
                texts,
                String.valueOf(iterations),
                base64.encodeToString(salt),
                base64.encodeToString(derive(password, salt, iterations)));
    }

    /**
     * Checks a password. Takes more than a tenth of a second, by design, and as long for a name that nobody has, or the time would tell
     * which names are there. Not to be called on an event loop.
     */
    public Optional<Account> check(String name, String password) {
        if (password.length() > LONGEST_PASSWORD) {
            return Optional.empty();
        }
        Entry entry = entries.getOrDefault(name, nobody);
        boolean isRight = entry.isOpenedBy(password);
        return isRight && entry != nobody ? Optional.of(entry.account) : Optional.empty();
    }

    private static byte[] derive(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("PBKDF2 is not to be had"); // without a cause: it might show the password
        } finally {
            spec.clearPassword();
        }
    }

    private static byte[] randomBytes() {
        byte[] random = new byte[HASH_BITS / 8];
        RANDOM.nextBytes(random);
        return random;
    }
}
