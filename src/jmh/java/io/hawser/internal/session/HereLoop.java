package io.hawser.internal.session;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;

/** An event loop that is wherever it is called, runs its tasks when it is told to, and has the buffers of a real one. No sweep. */
final class HereLoop implements LoopThread {

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean current = true;

    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Lets calls look as if they came from another thread, or from this one. */
    void setCurrent(boolean current) {
        this.current = current;
    }

    @Override
    public boolean isCurrent() {
        return current;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void schedule(Runnable task, long delayNanos) {}

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public ByteBufAllocator allocator() {
        return ByteBufAllocator.DEFAULT;
    }
}
