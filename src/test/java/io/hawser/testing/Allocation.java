package io.hawser.testing;

import java.lang.reflect.Method;

/**
 * Counts what a piece of code allocates: the same number on a busy machine and on an idle one, which time is not. By reflection,
 * because the library's module does not read {@code java.management}.
 */
public final class Allocation {

    private static final Object THREADS;
    private static final Method ALLOCATED;

    static {
        try {
            THREADS = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            ALLOCATED =
                    Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("this JVM does not count allocations", e);
        }
        for (int i = 0; i < 50; i++) { // some calls in, reflection compiles itself, and that allocates
            allocated();
        }
    }

    private Allocation() {}

    /** Heap bytes that {@code code} allocates on this thread. */
    public static long bytesOf(Runnable code) {
        long before = allocated();
        code.run();
        return allocated() - before;
    }

    private static long allocated() {
        try {
            return (long) ALLOCATED.invoke(THREADS, Thread.currentThread().getId());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("this JVM does not count allocations", e);
        }
    }
}
