package io.hawser.examples.auth;

import io.hawser.examples.auth.identity.Forge;
import io.hawser.examples.auth.identity.Passwords;
import io.hawser.examples.auth.identity.Role;
import io.hawser.examples.auth.identity.SigningKeys;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** A server with users whose passwords take no time to check, and tokens that look as if it had made them. */
final class Fixture {

    static final SigningKeys KEYS = SigningKeys.ephemeral();

    static final String ADA = "engine-of-ada";
    static final String BOB = "packets-of-bob";
    static final String EVE = "ears-of-eve";

    private static final int ITERATIONS = 1000;

    private Fixture() {}

    static Settings settings() {
        try {
            return Settings.demonstration(0, KEYS)
                    .withUsers(List.of(
                            Passwords.line("ada", Set.of(Role.WRITER, Role.ADMIN), ADA, ITERATIONS),
                            Passwords.line("bob", Set.of(Role.WRITER), BOB, ITERATIONS),
                            Passwords.line("eve", Set.of(), EVE, ITERATIONS)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static AuthServer start() {
        return AuthServer.start(settings(), Clock.systemUTC());
    }

    /** A token that is good until something is changed in it. */
    static Forge token() {
        return new Forge(KEYS.first(), AuthServer.ISSUER, AuthServer.AUDIENCE);
    }

    static Forge token(String user, Role... roles) {
        return token().claim("sub", user)
                .claim("roles", List.of(roles).stream().map(Role::text).toList());
    }
}
