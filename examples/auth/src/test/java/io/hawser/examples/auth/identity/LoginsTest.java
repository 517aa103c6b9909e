package io.hawser.examples.auth.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Logins and tickets, by a clock that is set by hand. */
class LoginsTest {

    private static final Passwords.Account ADA = new Passwords.Account("ada", Set.of(Role.WRITER));
    private static final Passwords.Account BOB = new Passwords.Account("bob", Set.of());

    private final HandClock clock = new HandClock();
    private final Logins logins = new Logins(clock, Duration.ofHours(8), Duration.ofMinutes(5));
    private final Tickets tickets = new Tickets(clock);

    @Test
    void aLoginIsFoundByItsCookieUntilItExpires() {
        Logins.Opened login = logins.open(ADA);
        clock.advance(Duration.ofHours(8).minusMillis(1));
        assertEquals(Optional.of(login.identity()), logins.find(login.cookie()));
        clock.advance(Duration.ofMillis(1));
        assertEquals(Optional.empty(), logins.find(login.cookie()));
    }

    @Test
    void anIdWithAnotherSecretIsNobody() {
        Logins.Opened login = logins.open(ADA);
        String id = login.cookie().substring(0, 23);
        assertEquals(
                Optional.empty(), logins.find(id + logins.open(BOB).cookie().substring(23)));
        assertEquals(Optional.empty(), logins.find(id));
        assertEquals(Optional.of(login.identity()), logins.find(login.cookie()));
    }

    @Test
    void aRevokedLoginIsOverAndItsTokensAreRememberedForAsLongAsOneCouldBeValid() {
        Logins.Opened login = logins.open(ADA);
        logins.revoke(login.identity().login());
        assertEquals(Optional.empty(), logins.find(login.cookie()));
        assertTrue(logins.isRevoked(login.identity().login()));
        clock.advance(Duration.ofMinutes(5).plusMillis(1));
        logins.open(BOB);
        assertFalse(logins.isRevoked(login.identity().login()), "no token of it is left to be refused");
    }

    @Test
    void allLoginsOfAUserAreRevokedAndNobodyElses() {
        Logins.Opened first = logins.open(ADA);
        Logins.Opened second = logins.open(ADA);
        Logins.Opened other = logins.open(BOB);
        logins.revokeIf(identity -> identity.name().equals("ada"));
        assertTrue(logins.find(first.cookie()).isEmpty()
                && logins.find(second.cookie()).isEmpty());
        assertTrue(logins.find(other.cookie()).isPresent());
    }

    @Test
    void aTicketIsGoodOnceAndForHalfAMinute() {
        String used = tickets.issue(ADA);
        assertEquals(Optional.of(ADA), tickets.redeem(used));
        assertEquals(Optional.empty(), tickets.redeem(used));
        String late = tickets.issue(ADA);
        clock.advance(Duration.ofSeconds(30));
        assertEquals(Optional.empty(), tickets.redeem(late));
    }

    @Test
    void aGuessAtATicketSpendsIt() {
        String ticket = tickets.issue(ADA);
        String guess = ticket.substring(0, 23) + tickets.issue(BOB).substring(23);
        assertEquals(Optional.empty(), tickets.redeem(guess));
        assertEquals(Optional.empty(), tickets.redeem(ticket));
    }

    @Test
    void ticketsThatNobodyTakesDoNotPileUp() {
        String first = tickets.issue(ADA);
        for (int i = 0; i < 1000; i++) {
            tickets.issue(ADA);
        }
        assertEquals(Optional.empty(), tickets.redeem(first));
    }

    private static final class HandClock extends Clock {
        private Instant now = Instant.parse("2026-11-21T10:00:00Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
