package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What ends by a clock: lifetimes, authorisations, and what a late loop or a jump of the wall clock must not end. */
class DeadlinesTest {

    private static final Heartbeat HEARTBEAT = Heartbeat.onSilence(Duration.ofSeconds(10), Duration.ofSeconds(4));

    /** {@code reason} as the peer reads it, in hex. */
    private static String close(int code, String reason) {
        StringBuilder hex = new StringBuilder(String.format("88%02x%04x", 2 + reason.length(), code));
        reason.chars().forEach(c -> hex.append(String.format("%02x", c)));
        return hex.toString();
    }

    @Test
    void aSessionsLifetimeIsOverGiveOrTakeATenth() {
        Limits limits = Limits.defaults().withMaxLifetime(Duration.ofSeconds(100));
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        for (int i = 0; i < 200; i++) {
            SessionFixture test = new SessionFixture(limits);
            long lived = 0;
            while (test.session.state() == SessionState.OPEN) {
                test.thread.advanceMillis(200);
                lived += 200;
            }
            assertThat(lived).isBetween(90_000L, 110_400L);
            shortest = Math.min(shortest, lived);
            longest = Math.max(longest, lived);
            assertThat(test.wire.takenHex()).isEqualTo(close(1001, "session's lifetime is over"));
            assertThat(test.limitsHit("maxLifetime")).isEqualTo(1);
        }
        assertThat(longest - shortest).as("spread").isGreaterThan(10_000);
    }

    @Test
    void theAuthorisationEndsByTheWallClock() {
        SessionFixture test = new SessionFixture();
        test.session.setExpiry(Instant.ofEpochMilli(5_000));
        test.thread.setWallMillis(4_999);
        test.thread.advanceMillis(3_600_000);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.thread.setWallMillis(5_000);
        test.thread.advanceMillis(100);
        assertThat(test.wire.takenHex()).isEqualTo(close(1008, "authorisation expired"));
        assertThat(test.limitsHit("expiry")).isEqualTo(1);
        test.thread.advanceMillis(1_000);
        assertThat(test.limitsHit("expiry")).as("told once").isEqualTo(1);
        test.conversation.disconnected();
        assertThat(test.calls).containsExactly("open", "close 1008 SERVER");
    }

    @Test
    void afterItsEndNoMessageOfThePeerIsDelivered() {
        SessionFixture test = new SessionFixture();
        test.session.setExpiry(Instant.EPOCH);
        test.thread.advanceMillis(100);
        test.receiveText("too late");
        assertThat(test.calls).containsExactly("open");
    }

    @Test
    void anAuthorisationCanBeRefreshedFromAnyThreadAndTakenBack() {
        SessionFixture test = new SessionFixture();
        test.thread.setWallMillis(5_000);
        test.session.setExpiry(Instant.ofEpochMilli(6_000));
        assertThat(test.session.expiresAt()).contains(Instant.ofEpochMilli(6_000));
        test.thread.asOtherThread(() -> test.session.setExpiry(Instant.ofEpochSecond(7, 1)));
        test.thread.setWallMillis(7_000);
        test.thread.advanceMillis(500);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.session.setExpiry(Instant.MAX);
        assertThat(test.session.expiresAt()).isEmpty();
        test.thread.setWallMillis(Long.MAX_VALUE);
        test.thread.advanceMillis(500);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.session.setExpiry(Instant.MIN);
        test.thread.advanceMillis(100);
        assertThat(test.session.state()).isEqualTo(SessionState.CLOSING);
    }

    @Test
    void aJumpOfTheWallClockEndsNothingElse() {
        Limits limits =
                Limits.defaults().withIdleTimeout(Duration.ofSeconds(60)).withMaxLifetime(Duration.ofSeconds(600));
        for (long jump :
                new long[] {Duration.ofDays(10).toMillis(), -Duration.ofHours(1).toMillis()}) {
            SessionFixture test = new SessionFixture(limits, HEARTBEAT, null);
            test.receive("0181 00000000 61"); // a message that is not whole
            test.thread.setWallMillis(test.thread.currentTimeMillis() + jump);
            test.thread.advanceMillis(5_000);
            assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
            assertThat(test.registry.metrics().limitsHit()).isEmpty();
        }
    }

    @Test
    void afterAStallEverybodyHasTheTimeThatWasLeft() {
        Limits limits =
                Limits.defaults().withMessageTimeout(Duration.ofSeconds(30)).withIdleTimeout(Duration.ofSeconds(50));
        SessionFixture test = new SessionFixture(limits);
        test.receive("0181 00000000 61");
        test.thread.advanceMillis(10_000);
        test.thread.stallMillis(60_000);
        test.thread.advanceMillis(19_000);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.receive("8081 00000000 61");
        test.thread.advanceMillis(30_000);
        assertThat(test.session.state())
                .as("not idle: it sent as soon as we listened")
                .isEqualTo(SessionState.OPEN);
        test.thread.advanceMillis(21_000);
        assertThat(test.registry.metrics().limitsHit()).isEqualTo(Map.of("idleTimeout", 1L));
    }

    @Test
    void aStallJustBeforeADeadlineLeavesASecondToReadWhatCame() {
        SessionFixture test = new SessionFixture(Limits.defaults());
        test.receive("0181 00000000 61");
        test.thread.advanceMillis(29_900);
        test.thread.stallMillis(60_000);
        test.thread.advanceMillis(900);
        test.receive("8081 00000000 61");
        test.thread.advanceMillis(1_000);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        assertThat(test.calls).contains("text aa");
    }

    @Test
    void aBusyLoopReadsOnceMoreBeforeItJudges() {
        SessionFixture test = new SessionFixture(Limits.defaults());
        test.receive("0181 00000000 61");
        test.thread.advanceMillis(29_900);
        test.thread.stallMillis(500); // the message is late, or we are
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.receive("8081 00000000 61");
        test.thread.advanceMillis(1_000);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
    }

    @Test
    void aLoopThatIsAlwaysLateJudgesAllTheSame() {
        SessionFixture test = new SessionFixture(Limits.defaults().withMessageTimeout(Duration.ofSeconds(3)));
        test.receive("0181 00000000 61");
        int sweeps = 0;
        while (test.session.state() == SessionState.OPEN) {
            test.thread.stallMillis(300);
            assertThat(++sweeps).as("by the time that the loop was not busy").isLessThan(40);
        }
        assertThat(test.limitsHit("messageTimeout")).isEqualTo(1);
    }

    @Test
    void aStallDoesNotSaveWhoStaysAway() {
        SessionFixture test = new SessionFixture(Limits.defaults(), HEARTBEAT, null);
        int waited = 0;
        while (test.wire.takenHex().isEmpty() && waited++ < 200) {
            test.thread.advanceMillis(100);
        }
        test.thread.stallMillis(60_000);
        assertThat(test.wire.cut).isFalse();
        test.thread.advanceMillis(4_500);
        assertThat(test.wire.cut).isTrue();
        assertThat(test.limitsHit("pongWithin")).isEqualTo(1);
    }

    @Test
    void theCloseTimeoutIsCountedWhereThePeerLetItPass() {
        SessionFixture test = new SessionFixture();
        test.session.close();
        test.thread.run();
        test.thread.stallMillis(60_000);
        assertThat(test.wire.cut).isFalse();
        test.thread.advanceMillis(5_200);
        assertThat(test.wire.cut).isTrue();
        assertThat(test.registry.metrics().limitsHit()).isEqualTo(Map.of("closeTimeout", 1L));
    }

    /** The loop keeps the times apart from the sessions, and moves both when one of them ends. */
    @Test
    void noDeadlineIsMissedHoweverSessionsComeAndGo() {
        record Idle(LiveSession session, long endsMillis) {}
        Random random = new Random(1);
        SessionFixture test = new SessionFixture();
        List<Idle> all = new ArrayList<>();
        for (long millis = 0; millis < 120_000; millis += 500) {
            int seconds = 1 + random.nextInt(60);
            FakeWire wire = new FakeWire();
            LiveSession fresh = test.open(Limits.defaults().withIdleTimeout(Duration.ofSeconds(seconds)), wire);
            all.add(new Idle(fresh, millis + seconds * 1_000L));
            if (random.nextInt(3) == 0) {
                all.remove(random.nextInt(all.size())).session().conversation().disconnected();
            }
            test.thread.advanceMillis(500);
            for (Idle idle : all) {
                if (idle.endsMillis() > millis + 500) {
                    assertThat(idle.session().state()).isEqualTo(SessionState.OPEN);
                } else if (idle.endsMillis() <= millis + 300) {
                    assertThat(idle.session().state()).isNotEqualTo(SessionState.OPEN);
                }
            }
        }
        assertThat(test.limitsHit("idleTimeout")).isGreaterThan(50);
    }
}
