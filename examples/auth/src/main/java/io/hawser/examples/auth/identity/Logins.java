package io.hawser.examples.auth.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who has signed in and not signed out: the server's side of the session cookie. In memory: a restart signs everybody out. Where it
 * must not, or where there are several servers, this is the class to put a database behind.
 *
 * <p>May be called from any thread; nothing here takes long.
 */
public final class Logins {

    /**
     * A login that was just made.
     *
     * @param cookie for its owner alone
     * @param identity whose
     */
    public record Opened(String cookie, Identity identity) {}

    private record Login(Secret secret, Identity identity) {}

    private static final int MOST = 100_000;

    private final Clock clock;
    private final Duration lifetime;
    private final Duration tokenLifetime;
    private final Map<String, Login> logins = new LinkedHashMap<>(); // the oldest first, and all live equally long
    private final Map<String, Instant> revoked = new LinkedHashMap<>(); // until no token of that login can be valid

    /**
     * None yet.
     *
     * @param lifetime of a login
     * @param tokenLifetime of a token that a login may get, leeway included
     */
    public Logins(Clock clock, Duration lifetime, Duration tokenLifetime) {
        this.clock = clock;
        this.lifetime = lifetime;
        this.tokenLifetime = tokenLifetime;
    }

    /** Makes a login. If there are too many, the oldest one ends for it. */
    public synchronized Opened open(Passwords.Account account) {
        Instant now = clock.instant();
        forget(now);
        Secret.Shown shown = Secret.random();
        Identity identity = new Identity(account.name(), account.roles(), shown.id(), now.plus(lifetime));
        logins.put(shown.id(), new Login(new Secret(shown), identity));
        return new Opened(shown.text(), identity);
    }

    /** Whose cookie this is; empty if nobody's, or no longer. */
    public synchronized Optional<Identity> find(String cookie) {
        return Secret.Shown.parse(cookie)
                .flatMap(shown ->
                        Optional.ofNullable(logins.get(shown.id())).filter(login -> login.secret.isShownBy(shown)))
                .map(Login::identity)
                .filter(identity -> identity.expiresAt().isAfter(clock.instant()));
    }

    /** Ends a login, by the id that {@link Identity#login()} has. Its tokens are not valid from now on. */
    public synchronized void revoke(String login) {
        logins.remove(login);
        revoked.putIfAbsent(login, clock.instant().plus(tokenLifetime));
    }

    /** Ends every login of which this is true. */
    public synchronized void revokeIf(Predicate<Identity> isOver) {
        List<Identity> over =
                logins.values().stream().map(Login::identity).filter(isOver).toList();
        over.forEach(identity -> revoke(identity.login()));
    }

    /** Whether a login was ended; one that we have never heard of was not: its token may be older than this process. */
    public synchronized boolean isRevoked(String login) {
        return revoked.containsKey(login);
    }

    private void forget(Instant now) {
        Iterator<Login> oldest = logins.values().iterator();
        while (oldest.hasNext() && (oldest.next().identity.expiresAt().isBefore(now) || logins.size() >= MOST)) {
            oldest.remove();
        }
        Iterator<Instant> first = revoked.values().iterator();
        while (first.hasNext() && first.next().isBefore(now)) {
            first.remove();
        }
    }
}
