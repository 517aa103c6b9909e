package io.hawser.internal.session;

import io.hawser.internal.session.Deadlines.Actions;
import io.hawser.internal.session.Deadlines.Times;
import java.util.concurrent.ThreadLocalRandom;

/**
 * By when one session's peer has to get on: end the message it has begun, say something, answer or take a Close frame, and go when the
 * session has lived its life. Times are of the monotonic clock, 0 means none.
 */
final class Timeouts {

    /** For the Close frame of a peer that reads too slowly: it is told why if it reads at all, and holds nothing for long. */
    private static final long OVERFLOW_NANOS = 1_500_000_000;

    private final Times times;

    private long messageBy;
    private long lastMessage;
    private long liveUntil;
    private long closeBy;
    private long closeTakenBy;
    private boolean goingAway;

    Timeouts(Times times) {
        this.times = times;
    }

    void opened(long now) {
        lastMessage = now;
        if (times.lifeNanos() != 0) {
            liveUntil = now
                    + times.lifeNanos()
                    - times.lifeNanos() / 10
                    + ThreadLocalRandom.current().nextLong(times.lifeNanos() / 5 + 1);
        }
    }

    void message(long now) {
        lastMessage = now;
    }

    /** A message is open; {@code ended} says whether another ended before it. Returns whether its time begins now. */
    boolean insideMessage(boolean ended, long now) {
        boolean begins = messageBy == 0 || ended;
        if (begins) {
            messageBy = now + times.messageNanos();
        }
        return begins;
    }

    void outsideMessage() {
        messageBy = 0;
    }

    void suspend(long now) {
        lastMessage = now;
        if (messageBy != 0) {
            messageBy = now + times.messageNanos();
        }
    }

    /** The peer's time to close begins; false if it has begun, or nothing hurries it. */
    boolean closing(long now) {
        return !goingAway && closeLater(now);
    }

    private boolean closeLater(long now) {
        boolean first = closeBy == 0;
        if (first) {
            closeBy = now + times.closeNanos();
        }
        return first;
    }

    void goingAway() {
        goingAway = closeBy == 0;
    }

    void overflowed(long now) {
        closeTakenBy = now + OVERFLOW_NANOS;
    }

    /** The kernel has our Close frame. Returns whether the peer's time to close begins with it. */
    boolean closeWritten(long now) {
        closeTakenBy = 0;
        return closeLater(now);
    }

    void excuse(long lateNanos, long now, long graceNanos) {
        messageBy = Deadlines.later(messageBy, lateNanos, now, graceNanos);
        closeBy = Deadlines.later(closeBy, lateNanos, now, graceNanos);
        closeTakenBy = Deadlines.later(closeTakenBy, lateNanos, now, graceNanos);
        lastMessage += lateNanos;
    }

    /** How long nothing is due, {@code most} at most. */
    long wait(long most, long now) {
        long wait = Deadlines.sooner(most, closeTakenBy, now);
        wait = Deadlines.sooner(wait, closeBy, now);
        wait = Deadlines.sooner(wait, messageBy, now);
        wait = Deadlines.sooner(wait, liveUntil, now);
        return times.idleNanos() == 0 ? wait : Math.min(wait, lastMessage + times.idleNanos() - now);
    }

    /** Does what is due of a session's end; false if the session is not at its end, and is to be judged otherwise. */
    boolean sweepEnd(long now, Actions actions) {
        if (closeTakenBy != 0 && now - closeTakenBy >= 0) {
            closeTakenBy = 0;
            actions.closeNotTaken();
            return true;
        }
        if (closeBy != 0 && now - closeBy >= 0) {
            actions.closeLate(goingAway);
        }
        return closeBy != 0 || goingAway; // a drain has a deadline of its own
    }

    /** Does what is due of an open session; false if that is nothing. */
    boolean sweep(long now, Actions actions) {
        if (messageBy != 0 && now - messageBy >= 0) {
            actions.messageLate();
        } else if (times.idleNanos() != 0 && now - lastMessage >= times.idleNanos()) {
            actions.idle();
        } else if (liveUntil != 0 && now - liveUntil >= 0) {
            actions.livedLong();
        } else {
            return false;
        }
        return true;
    }
}
