package io.hawser.jmh;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * Runs benchmarks on threads of the kind that a server's event loops are: Netty's allocator and recyclers treat others worse. JMH
 * makes it, where {@code jmh.executor.class} names it.
 */
public final class EventLoopWorkers extends DefaultEventExecutorGroup {

    /** As JMH calls it. */
    public EventLoopWorkers(int threads, String prefix) {
        super(threads, new DefaultThreadFactory(prefix + "-" + CpuTime.WORKER));
    }
}
