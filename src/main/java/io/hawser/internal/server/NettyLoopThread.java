package io.hawser.internal.server;

import io.hawser.internal.session.LoopThread;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Netty's event loop, for the sessions. After its end tasks are dropped: there is no session left that they could be for. */
record NettyLoopThread(EventLoop eventLoop, ByteBufAllocator allocator) implements LoopThread {

    @Override
    public boolean isCurrent() {
        return eventLoop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        try {
            eventLoop.execute(task);
        } catch (RejectedExecutionException ended) {
            assert eventLoop.isShuttingDown();
        }
    }

    @Override
    public void schedule(Runnable task, long delayNanos) {
        try {
            eventLoop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ended) {
            assert eventLoop.isShuttingDown();
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
        return System.currentTimeMillis();
    }
}
