package io.hawser.testing;

import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * How a piece of work grows with its input. Compares the least time of the processor over many rounds: noise only ever adds to it, so
 * a linear piece gets through in some round on the busiest machine, and a quadratic one, whose factor is 4, in none.
 */
public final class Growth {

    /** Twice the input may cost so many times as much. */
    private static final double FACTOR = 2.5;

    private static final int ROUNDS = 60;
    private static final int LEAST_ROUNDS = 5;

    private Growth() {}

    /** Asserts that work over 2n and 4n costs at most 2.5 times what it costs over n and 2n; {@code work} prepares it. */
    public static void assertLinear(int n, IntFunction<Runnable> work) {
        assertLinear(n, CpuTime::ofCurrentThread, work);
    }

    /** As {@link #assertLinear(int, IntFunction)}, for work that threads of another clock do meanwhile. */
    public static void assertLinear(int n, LongSupplier clock, IntFunction<Runnable> work) {
        long[] least = {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE};
        for (int round = 1; round <= ROUNDS; round++) {
            for (int i = 0; i < least.length; i++) {
                Runnable prepared = work.apply(n << i);
                long before = clock.getAsLong();
                prepared.run();
                least[i] = Math.min(least[i], clock.getAsLong() - before);
            }
            if (round >= LEAST_ROUNDS && least[1] <= FACTOR * least[0] && least[2] <= FACTOR * least[1]) {
                return;
            }
        }
        throw new AssertionError("not linear: " + least[0] + ", " + least[1] + ", " + least[2] + " ns for " + n
                + " and twice and four times as much");
    }
}
