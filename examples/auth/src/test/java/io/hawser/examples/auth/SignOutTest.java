package io.hawser.examples.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hawser.WebSocketSession;
import io.hawser.examples.auth.identity.AccessTokens;
import io.hawser.examples.auth.identity.Identity;
import io.hawser.examples.auth.identity.Logins;
import io.hawser.examples.auth.identity.Passwords;
import io.hawser.examples.auth.identity.Refused;
import io.hawser.examples.auth.identity.TokenVerifier;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The moment between being let in and being there. */
class SignOutTest {

    private final Clock clock = Clock.systemUTC();
    private final Logins logins = new Logins(clock, Duration.ofHours(1), Duration.ofMinutes(5));
    private final Identity ada =
            logins.open(new Passwords.Account("ada", Set.of())).identity();
    private final List<String> calls = new ArrayList<>();

    @Test
    void aSessionWhoseLoginEndsWhileItOpensIsClosedBeforeItHearsAnything() {
        logins.revoke(ada.login()); // after the hook's decision, before anybody could find the session
        handler().onOpen(session());
        assertEquals(List.of("close " + Refused.Reason.REVOKED.closeStatus()), calls);
    }

    @Test
    void aSessionWhoseLoginLastsIsWelcomed() {
        handler().onOpen(session());
        assertEquals(2, calls.size());
        assertEquals("join live", calls.get(1));
    }

    private LiveHandler handler() {
        AccessTokens tokens = new AccessTokens(Fixture.KEYS.all(), AuthServer.ISSUER, AuthServer.AUDIENCE, clock);
        return new LiveHandler(new TokenVerifier(tokens, logins), new SignOut(logins), clock);
    }

    /** Ada's, which writes down what is done with it. */
    private WebSocketSession session() {
        return (WebSocketSession) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {WebSocketSession.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("attribute")) {
                        return Optional.of(ada);
                    }
                    calls.add(method.getName() + " " + arguments[0]);
                    return method.getReturnType() == boolean.class ? true : null;
                });
    }
}
