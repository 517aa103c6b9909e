package io.hawser.internal.session;

import io.hawser.Heartbeat;
import io.hawser.Limits;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * All that one session has to do by a time: the heartbeat, here, and the {@link Timeouts}. Looked at by the loop's sweep; holds no
 * timer. Times are of the monotonic clock, 0 means none.
 */
final class Deadlines {

    /** How long, in nanoseconds: what all sessions of an endpoint share. */
    record Times(
            Heartbeat.Mode mode,
            long intervalNanos,
            long pongWithinNanos,
            long messageNanos,
            long idleNanos,
            long lifeNanos,
            long closeNanos) {

        static Times of(Limits limits, Heartbeat heartbeat) {
            return new Times(
                    heartbeat.mode(),
                    heartbeat.interval().toNanos(),
                    heartbeat.pongWithin().toNanos(),
                    limits.messageTimeout().toNanos(),
                    limits.idleTimeout().toNanos(),
                    limits.maxLifetime().toNanos(),
                    limits.closeTimeout().toNanos());
        }
    }

    /** What a deadline that passed asks for. */
    interface Actions {
        void ping(byte[] payload);

        void pongMissing();

        void messageLate();

        void idle();

        void livedLong();

        /** The peer has not closed; {@code goingAway} as in {@link Deadlines#goingAway()}. */
        void closeLate(boolean goingAway);

        /** The peer, which let its queue overflow, does not take the Close frame either. */
        void closeNotTaken();

        /** A deadline was set that may be the next. */
        void stir();
    }

    private static final long LONGEST_WAIT_NANOS = 3_600_000_000_000L;

    private final Actions actions;
    private final Times times;

    private @Nullable Timeouts
            timeouts; // from the first on: a session that is open and between messages mostly has none
    private long nextPing;
    private long pongBy;
    private long pingSent;
    private volatile long rtt; // read by any thread

    Deadlines(Times times, Actions actions) {
        this.times = times;
        this.actions = actions;
    }

    private Timeouts timeouts() {
        if (timeouts == null) {
            timeouts = new Timeouts(times);
        }
        return timeouts;
    }

    void opened(long now) {
        // Jittered, so that the sessions of a reconnect storm do not ping in step ever after.
        nextPing =
                now + times.intervalNanos() / 2 + ThreadLocalRandom.current().nextLong(times.intervalNanos() / 2 + 1);
        if (times.idleNanos() != 0 || times.lifeNanos() != 0) {
            timeouts().opened(now);
        }
    }

    /** Bytes came: the peer lives. */
    void heard(long now) {
        pongBy = 0;
        if (times.mode() == Heartbeat.Mode.ON_SILENCE) {
            nextPing = now + times.intervalNanos();
        }
    }

    /** A message ended, in either direction. */
    void message(long now) {
        if (timeouts != null) {
            timeouts.message(now);
        }
    }

    /** Bytes were read; {@code inside} says whether a message is open now, {@code ended} whether one ended meanwhile. */
    void read(boolean inside, boolean ended, long now) {
        if (inside) {
            stirIf(timeouts().insideMessage(ended, now));
        } else if (timeouts != null) {
            timeouts.outsideMessage();
        }
    }

    private void stirIf(boolean begun) {
        if (begun) {
            actions.stir();
        }
    }

    /** Nothing is read now: what the peer is waited for, it has its whole time for once more; nor is it known to be idle. */
    void suspend(long now) {
        if (pongBy != 0) {
            pongBy = now + times.pongWithinNanos();
        }
        if (timeouts != null) {
            timeouts.suspend(now);
        }
    }

    /** The peer has the close timeout from now on; told twice, the first holds. */
    void closing(long now) {
        stirIf(timeouts().closing(now));
    }

    /** Unless it is closing already, nothing hurries the peer until it has taken the Close frame and what is before it. */
    void goingAway() {
        timeouts().goingAway();
    }

    /** The peer let its queue overflow, and gets a Close frame for it. */
    void overflowed(long now) {
        timeouts().overflowed(now);
        actions.stir();
    }

    /** The kernel has our Close frame. */
    void closeWritten(long now) {
        stirIf(timeouts().closeWritten(now));
    }

    /** Whether a pong answers the heartbeat; measures the round trip if so. */
    boolean isHeartbeatPong(byte[] payload, long nanoTime) {
        if (pingSent == 0
                || payload.length != Long.BYTES
                || ByteBuffer.wrap(payload).getLong() != pingSent) {
            return false;
        }
        rtt = Math.max(1, nanoTime - pingSent);
        pingSent = 0;
        return true;
    }

    /** The latest round trip in nanoseconds; 0 if there was none. */
    long rtt() {
        return rtt;
    }

    /**
     * The loop was busy, or stuck, for that long: nobody's silence is judged by it. What the peers sent meanwhile is to be read
     * first, so that everybody has as long again, up to a second; but not {@code again} at each sweep of a loop that is late always.
     */
    void excuse(long lateNanos, boolean again, long now) {
        long grace = lateNanos > SessionLoop.STUCK_NANOS ? SessionLoop.STUCK_NANOS : again ? 0 : lateNanos;
        pongBy = later(pongBy, lateNanos, now, grace);
        nextPing += lateNanos;
        if (timeouts != null) {
            timeouts.excuse(lateNanos, now, grace);
        }
    }

    static long later(long deadline, long lateNanos, long now, long graceNanos) {
        return deadline == 0 ? 0 : Math.max(deadline + lateNanos - now, graceNanos) + now;
    }

    /** A time before which nothing is due, unless {@link Actions#stir} is called. */
    long next(long now) {
        long wait = sooner(LONGEST_WAIT_NANOS, pongBy, now);
        if (timeouts != null) {
            wait = timeouts.wait(wait, now);
        }
        if (times.mode() != Heartbeat.Mode.OFF) {
            wait = Math.min(wait, nextPing - now);
        }
        return now + wait;
    }

    static long sooner(long wait, long deadline, long now) {
        return deadline == 0 ? wait : Math.min(wait, deadline - now);
    }

    /** Does what is due. */
    void sweep(long now) {
        Timeouts others = timeouts;
        if (others != null && others.sweepEnd(now, actions)) {
            return;
        }
        if (pongBy != 0 && now - pongBy >= 0) {
            actions.pongMissing();
        } else if ((others == null || !others.sweep(now, actions)) && isPingDue(now)) {
            ping(now);
        }
    }

    private boolean isPingDue(long now) {
        return times.mode() != Heartbeat.Mode.OFF && pongBy == 0 && now - nextPing >= 0;
    }

    private void ping(long now) {
        pongBy = now + times.pongWithinNanos();
        nextPing = now + times.intervalNanos();
        pingSent = System.nanoTime();
        actions.ping(ByteBuffer.allocate(Long.BYTES).putLong(pingSent).array());
    }
}
