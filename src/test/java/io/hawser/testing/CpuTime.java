package io.hawser.testing;

import java.lang.reflect.Method;
import java.util.concurrent.locks.LockSupport;

/**
 * The processor's time that threads used: on a busy machine about the same as on an idle one, which time on the wall is not. By
 * reflection, because the library's module does not read {@code java.management}.
 */
public final class CpuTime {

    private static final long WINDOW_NANOS = 100_000_000;
    private static final int WINDOWS = 100;

    /** Of a window: less than that is rest, and a loop that spins has more even where it shares its core with many. */
    private static final long REST_NANOS = WINDOW_NANOS / 20;

    private CpuTime() {}

    /** Nanoseconds that this thread used so far. */
    public static long ofCurrentThread() {
        return of(Thread.currentThread());
    }

    /** Nanoseconds that the living threads with such names used so far. */
    public static long ofThreads(String namePrefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(namePrefix))
                .mapToLong(CpuTime::of)
                .sum();
    }

    /** Waits until the threads with such names are at rest for a moment: what they were given to do is done. */
    public static void awaitRestOfThreads(String namePrefix) {
        for (int i = 0; i < WINDOWS; i++) {
            long before = ofThreads(namePrefix);
            long end = System.nanoTime() + WINDOW_NANOS;
            for (long left = WINDOW_NANOS; left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            if (ofThreads(namePrefix) - before < REST_NANOS) {
                return;
            }
        }
        throw new AssertionError("threads " + namePrefix + " are never at rest");
    }

    private static long of(Thread thread) {
        try {
            Object threads = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            Method used = Class.forName("java.lang.management.ThreadMXBean").getMethod("getThreadCpuTime", long.class);
            return Math.max(0, (long) used.invoke(threads, thread.getId())); // -1 if it has ended
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("this JVM does not measure the time of threads", e);
        }
    }
}
