package io.hawser.testing;

import java.lang.reflect.Method;

/**
 * Counts what a piece of code allocates: the same number on a busy machine and on an idle one, which time is not. By reflection,
 * because the library's module does not read {@code java.management}.
 */
public final class Allocation {

    private Allocation() {}

    /** Heap bytes that {@code code} allocates on this thread. */
    public static long bytesOf(Runnable code) {
        try {
            Object threads = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            Method allocated =
                    Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class);
            long thread = Thread.currentThread().getId();
            long before = (long) allocated.invoke(threads, thread);
            code.run();
            return (long) allocated.invoke(threads, thread) - before;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("this JVM does not count allocations", e);
        }
    }
}
