package io.hawser.internal.session;

import io.hawser.Limits;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts, exactly and from any thread, the bytes that a session has accepted for sending, against its cap and its water marks.
 * Count, mark and end are one word, so that no crossing of a mark is missed or told twice, and nothing is taken after the end.
 */
final class PendingBytes {

    private static final long ABOVE_HIGH = 1L << 62;
    private static final long SHUT = 1L << 61;
    private static final long COUNT = SHUT - 1;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(PendingBytes.class, "state", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Limits limits;
    private volatile long state;

    PendingBytes(Limits limits) {
        this.limits = limits;
    }

    Limits limits() {
        return limits;
    }

    int cap() {
        return limits.maxPendingBytes();
    }

    /** Takes room for {@code cost} bytes, unless the cap would be passed. A lone message always has room. */
    boolean reserve(int cost) {
        return reserve(cost, cap(), 0);
    }

    /**
     * Takes room for a message that others will give way to, in place of {@code replaced} bytes. Until they have, the count may be
     * up to twice the cap, and no more.
     */
    boolean reserveAhead(int cost, int replaced) {
        return reserve(cost, 2L * cap(), replaced);
    }

    /** Takes room for {@code cost} bytes in place of {@code replaced}, which are no more than it. */
    boolean exchange(int cost, int replaced) {
        return reserve(cost, cap(), replaced);
    }

    private boolean reserve(int cost, long limit, int replaced) {
        while (true) {
            long before = state;
            long others = (before & COUNT) - replaced;
            if ((before & SHUT) != 0 || others != 0 && cost > limit - others) {
                return false;
            }
            if (STATE.compareAndSet(this, before, marked(others + cost, before))) {
                return true;
            }
        }
    }

    /** Counts bytes that are held already, cap or not. */
    void add(int cost) {
        while (true) {
            long before = state;
            if (STATE.compareAndSet(this, before, marked((before & COUNT) + cost, before))) {
                return;
            }
        }
    }

    private long marked(long count, long before) {
        return count | before & (ABOVE_HIGH | SHUT) | (count >= limits.highWaterBytes() ? ABOVE_HIGH : 0);
    }

    /** Gives room back; true if the count came down to the low mark after having been at the high one. */
    boolean release(long cost) {
        while (true) {
            long before = state;
            long after = before - cost;
            boolean crossed = (before & ABOVE_HIGH) != 0 && (after & COUNT) <= limits.lowWaterBytes();
            if (STATE.compareAndSet(this, before, crossed ? after & ~ABOVE_HIGH : after)) {
                return crossed;
            }
        }
    }

    /** Takes nothing more from now on; true for the first who says so. */
    boolean shut() {
        return ((long) STATE.getAndBitwiseOr(this, SHUT) & SHUT) == 0;
    }

    boolean isShut() {
        return (state & SHUT) != 0;
    }

    long count() {
        return state & COUNT;
    }

    boolean isBelowHigh() {
        return (state & ABOVE_HIGH) == 0;
    }
}
