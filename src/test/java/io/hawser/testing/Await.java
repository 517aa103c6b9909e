package io.hawser.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what other threads and processes do, where nothing tells of it. */
public final class Await {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long FIRST_STEP_NANOS = 100_000;
    private static final long LAST_STEP_NANOS = 20_000_000;

    private Await() {}

    /** What is waited for; it may throw. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Fails unless that comes true in time. */
    public static void until(String what, Condition condition) {
        if (!until(PATIENCE, condition)) {
            throw new AssertionError("never: " + what);
        }
    }

    /** Whether that comes true in time. */
    public static boolean until(Duration limit, Condition condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        long step = FIRST_STEP_NANOS;
        while (!holds(condition)) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            if (Thread.interrupted()) { // by JUnit: the test took too long
                throw new AssertionError("interrupted");
            }
            LockSupport.parkNanos(step);
            step = Math.min(2 * step, LAST_STEP_NANOS);
        }
        return true;
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Lets time pass, which is what a scenario is about. */
    public static void pass(Duration time) {
        until(time, () -> false);
    }
}
