package io.hawser.internal.session;

import io.hawser.Heartbeat;
import io.hawser.Limits;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/**
 * All that one session has to do by a time: the peer's next sign of life, the end of a message, the answer to a Close frame. Looked
 * at by the loop's sweep; holds no timer. Times are of the monotonic clock, 0 means none.
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

    /** For the Close frame of a peer that reads too slowly: it is told why if it reads at all, and holds nothing for long. */
    private static final long OVERFLOW_NANOS = 1_500_000_000;

    private static final long LONGEST_WAIT_NANOS = 3_600_000_000_000L;

    private final Actions actions;
    private final Times times;

    private long nextPing;
    private long pongBy;
    private long messageBy;
    private long lastMessage;
    private long closeBy;
    private long closeTakenBy;
    private boolean goingAway;
    private long liveUntil;
    private long pingSent;
    private volatile long rtt; // read by any thread

    Deadlines(Times times, Actions actions) {
        this.times = times;
        this.actions = actions;
    }

    void opened(long now) {
        lastMessage = now;
        // Jittered, so that the sessions of a reconnect storm do not ping in step ever after.
        nextPing =
                now + times.intervalNanos() / 2 + ThreadLocalRandom.current().nextLong(times.intervalNanos() / 2 + 1);
        if (times.lifeNanos() != 0) {
            liveUntil = now
                    + times.lifeNanos()
                    - times.lifeNanos() / 10
                    + ThreadLocalRandom.current().nextLong(times.lifeNanos() / 5 + 1);
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
        lastMessage = now;
    }

    /** Bytes were read; {@code inside} says whether a message is open now, {@code ended} whether one ended meanwhile. */
    void read(boolean inside, boolean ended, long now) {
        if (!inside) {
            messageBy = 0;
        } else if (messageBy == 0 || ended) {
            messageBy = now + times.messageNanos();
            actions.stir();
        }
    }

    /** Nothing is read now: what the peer is waited for, it has its whole time for once more; nor is it known to be idle. */
    void suspend(long now) {
        lastMessage = now;
        if (pongBy != 0) {
            pongBy = now + times.pongWithinNanos();
        }
        if (messageBy != 0) {
            messageBy = now + times.messageNanos();
        }
    }

    /** The peer has the close timeout from now on; told twice, the first holds. */
    void closing(long now) {
        if (closeBy == 0 && !goingAway) {
            closeBy = now + times.closeNanos();
            actions.stir();
        }
    }

    /** Unless it is closing already, nothing hurries the peer until it has taken the Close frame and what is before it. */
    void goingAway() {
        goingAway = closeBy == 0;
    }

    /** The peer let its queue overflow, and gets a Close frame for it. */
    void overflowed(long now) {
        closeTakenBy = now + OVERFLOW_NANOS;
        actions.stir();
    }

    /** The kernel has our Close frame. */
    void closeWritten(long now) {
        closeTakenBy = 0;
        if (closeBy == 0) {
            closeBy = now + times.closeNanos();
            actions.stir();
        }
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
        messageBy = later(messageBy, lateNanos, now, grace);
        closeBy = later(closeBy, lateNanos, now, grace);
        closeTakenBy = later(closeTakenBy, lateNanos, now, grace);
        lastMessage += lateNanos;
        nextPing += lateNanos;
    }

    private static long later(long deadline, long lateNanos, long now, long graceNanos) {
        return deadline == 0 ? 0 : Math.max(deadline + lateNanos - now, graceNanos) + now;
    }

    /** A time before which nothing is due, unless {@link Actions#stir} is called. */
    long next(long now) {
        long wait = LONGEST_WAIT_NANOS;
        wait = sooner(wait, closeTakenBy, now);
        wait = sooner(wait, closeBy, now);
        wait = sooner(wait, pongBy, now);
        wait = sooner(wait, messageBy, now);
        wait = sooner(wait, liveUntil, now);
        if (times.idleNanos() != 0) {
            wait = Math.min(wait, lastMessage + times.idleNanos() - now);
        }
        if (times.mode() != Heartbeat.Mode.OFF) {
            wait = Math.min(wait, nextPing - now);
        }
        return now + wait;
    }

    private static long sooner(long wait, long deadline, long now) {
        return deadline == 0 ? wait : Math.min(wait, deadline - now);
    }

    /** Does what is due. */
    void sweep(long now) {
        if (closeTakenBy != 0 && now - closeTakenBy >= 0) {
            closeTakenBy = 0;
            actions.closeNotTaken();
        } else if (closeBy != 0) {
            if (now - closeBy >= 0) {
                actions.closeLate(goingAway);
            }
        } else if (goingAway) {
            return; // the drain has a deadline of its own
        } else if (pongBy != 0 && now - pongBy >= 0) {
            actions.pongMissing();
        } else if (messageBy != 0 && now - messageBy >= 0) {
            actions.messageLate();
        } else if (times.idleNanos() != 0 && now - lastMessage >= times.idleNanos()) {
            actions.idle();
        } else if (liveUntil != 0 && now - liveUntil >= 0) {
            actions.livedLong();
        } else if (times.mode() != Heartbeat.Mode.OFF && pongBy == 0 && now - nextPing >= 0) {
            ping(now);
        }
    }

    private void ping(long now) {
        pongBy = now + times.pongWithinNanos();
        nextPing = now + times.intervalNanos();
        pingSent = System.nanoTime();
        actions.ping(ByteBuffer.allocate(Long.BYTES).putLong(pingSent).array());
    }
}
