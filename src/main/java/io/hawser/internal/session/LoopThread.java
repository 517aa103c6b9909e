package io.hawser.internal.session;

import io.netty.buffer.ByteBufAllocator;

/** An event loop as {@link SessionLoop} sees it. */
public interface LoopThread {

    /** Whether the caller runs on this loop. */
    boolean isCurrent();

    /** Runs a task on the loop, after those given before; dropped if the loop has ended. */
    void execute(Runnable task);

    /** Runs a task on the loop later. */
    void schedule(Runnable task, long delayNanos);

    /** The monotonic clock. */
    long nanoTime();

    /** The wall clock, which may jump: for what is dated, never for what lasts. */
    long currentTimeMillis();

    /** Where buffers come from. */
    ByteBufAllocator allocator();
}
