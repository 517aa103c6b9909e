package io.hawser.internal.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts, exactly and from any thread, the bytes that a session has accepted for sending, against its cap and its water marks.
 * Count and mark are one word, so that no crossing of a mark is missed or told twice.
 */
final class PendingBytes {

    private static final long ABOVE_HIGH = 1L << 62;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(PendingBytes.class, "state", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int cap;
    private final int high;
    private final int low;
    private volatile long state;

    PendingBytes(int cap, int high, int low) {
        this.cap = cap;
        this.high = high;
        this.low = low;
    }

    /** Takes room for {@code cost} bytes, unless the cap would be passed. A lone message always has room. */
    boolean reserve(int cost) {
        while (true) {
            long before = state;
            long count = before & ~ABOVE_HIGH;
            if (count != 0 && cost > cap - count) {
                return false;
            }
            long after = count + cost;
            if (after >= high || before != count) {
                after |= ABOVE_HIGH;
            }
            if (STATE.compareAndSet(this, before, after)) {
                return true;
            }
        }
    }

    /** Gives room back; true if the count came down to the low mark after having been at the high one. */
    boolean release(long cost) {
        while (true) {
            long before = state;
            long count = (before & ~ABOVE_HIGH) - cost;
            boolean wasAbove = (before & ABOVE_HIGH) != 0;
            boolean crossed = wasAbove && count <= low;
            long after = wasAbove && !crossed ? count | ABOVE_HIGH : count;
            if (STATE.compareAndSet(this, before, after)) {
                return crossed;
            }
        }
    }

    long count() {
        return state & ~ABOVE_HIGH;
    }

    boolean isBelowHigh() {
        return (state & ABOVE_HIGH) == 0;
    }
}
