package io.hawser.hostile.runner;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other processes do. */
final class Await {

    private static final long STEP_NANOS = 20_000_000;

    private Await() {}

    /** Whether {@code condition} came true in time. */
    static boolean until(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return true;
    }

    /** Lets time pass, which is what a scenario is about. */
    static void pass(Duration time) {
        until(time, () -> false);
    }
}
