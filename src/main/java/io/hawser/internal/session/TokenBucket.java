package io.hawser.internal.session;

import io.hawser.Rate;

/**
 * What is left of a {@link Rate}: fills with time up to the burst, and is taken from. In whole numbers, so that the rate is exact however
 * often it is asked. Not thread-safe.
 */
public final class TokenBucket {

    /** A token is this much of the level: then a nanosecond adds just {@code perSecond} to it. */
    private static final long TOKEN = 1_000_000_000;

    private final long perSecond;
    private final long full;
    private final long nanosToFill;
    private long level;
    private long filled; // when

    /** A full bucket of a rate that is limited, at a time of the monotonic clock. */
    public TokenBucket(Rate rate, long now) {
        this(rate, rate.burst(), now);
    }

    /** A full bucket with another burst, because the rate's could never pay for one piece. */
    TokenBucket(Rate rate, int burst, long now) {
        perSecond = rate.perSecond();
        full = burst * TOKEN;
        nanosToFill = full / perSecond + 1;
        level = full;
        filled = now;
    }

    /** Takes tokens, unless there are too few: then none. */
    public boolean take(int tokens, long now) {
        long passed = Math.min(now - filled, nanosToFill); // beyond it the product could overflow
        level = Math.min(full, level + passed * perSecond);
        filled = now;
        long cost = tokens * TOKEN;
        if (level < cost) {
            return false;
        }
        level -= cost;
        return true;
    }
}
