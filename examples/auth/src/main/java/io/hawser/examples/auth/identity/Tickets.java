package io.hawser.examples.auth.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Codes that are good once and not for long: from the WebSocket that heard the password to the request that gets the cookie. */
public final class Tickets {

    private record Ticket(Secret secret, Passwords.Account account, Instant expiresAt) {}

    private static final Duration LIFETIME = Duration.ofSeconds(30);
    private static final int MOST = 1000;

    private final Clock clock;
    private final Map<String, Ticket> tickets = new LinkedHashMap<>();

    /** None yet. */
    public Tickets(Clock clock) {
        this.clock = clock;
    }

    /** A ticket for who has shown the password. If there are too many, the oldest one ends for it. */
    public synchronized String issue(Passwords.Account account) {
        Instant now = clock.instant();
        Iterator<Ticket> oldest = tickets.values().iterator();
        while (oldest.hasNext() && (oldest.next().expiresAt.isBefore(now) || tickets.size() >= MOST)) {
            oldest.remove();
        }
        Secret.Shown shown = Secret.random();
        tickets.put(shown.id(), new Ticket(new Secret(shown), account, now.plus(LIFETIME)));
        return shown.text();
    }

    /** Whose ticket this is. Whether it was right or not, that was its only use. */
    public synchronized Optional<Passwords.Account> redeem(String shownText) {
        return Secret.Shown.parse(shownText)
                .flatMap(shown -> Optional.ofNullable(tickets.remove(shown.id()))
                        .filter(ticket -> ticket.secret.isShownBy(shown)))
                .filter(ticket -> ticket.expiresAt.isAfter(clock.instant()))
                .map(Ticket::account);
    }
}
