package io.hawser.hostile.runner;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Latencies counted in buckets 3 % wide.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Latencies {

    private static final int STEPS = 32; // for each doubling
    private final AtomicLongArray buckets = new AtomicLongArray(64 * STEPS);
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong max = new AtomicLong();

    void record(long nanos) {
        long positive = Math.max(1, nanos);
        int exponent = 63 - Long.numberOfLeadingZeros(positive);
        long fraction = exponent < 5 ? 0 : positive >>> exponent - 5 & STEPS - 1;
        buckets.incrementAndGet(exponent * STEPS + (int) fraction);
        count.incrementAndGet();
        max.accumulateAndGet(positive, Math::max);
    }

    long count() {
        return count.get();
    }

    double maxMillis() {
        return max.get() / 1e6;
    }

    /** The upper end of the bucket in which that share of all latencies ends. */
    double millis(double share) {
        long wanted = (long) Math.ceil(count.get() * share);
        long seen = 0;
        for (int i = 0; i < buckets.length(); i++) {
            seen += buckets.get(i);
            if (seen >= wanted && seen > 0) {
                return Math.min(max.get(), Math.scalb(1 + (i % STEPS + 1) / (double) STEPS, i / STEPS)) / 1e6;
            }
        }
        return 0;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "p50 %.1f ms, p99 %.1f ms, max %.1f ms", millis(0.5), millis(0.99), maxMillis());
    }
}
