package io.hawser.examples.auth.identity;

import io.hawser.AttributeKey;
import java.security.Principal;
import java.time.Instant;
import java.util.Set;

/**
 * Who somebody is, what they may do, and until when we believe it. A session has it as its principal, and as an attribute, which a
 * refresh replaces: roles may have changed meanwhile.
 *
 * @param name the user
 * @param roles what they may do
 * @param login which login this comes from, so that its end can end what came from it; no secret
 * @param expiresAt the end of the token or the login
 */
public record Identity(String name, Set<Role> roles, String login, Instant expiresAt) implements Principal {

    /** The attribute's key. */
    public static final AttributeKey<Identity> KEY = AttributeKey.of("identity", Identity.class);

    private static final int LONGEST_NAME = 64;

    @Override
    public String getName() {
        return name;
    }

    /** Whether a user may be called so: what goes into a token, a page and a log line has no surprises in it. */
    static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_NAME
                && name.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c) || "-_.@|".indexOf(c) >= 0);
    }
}
