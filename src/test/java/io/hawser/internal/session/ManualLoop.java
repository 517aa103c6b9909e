package io.hawser.internal.session;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** An event loop that runs when it is told to, with a clock that stands still until it is moved. */
final class ManualLoop implements LoopThread {

    private record Timer(long due, Runnable task) {}

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::due));
    private long now = 1;
    private long wallMillis = 1_795_000_000_000L;
    private boolean current = true;

    /** Runs what is due, and what that leads to. */
    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Moves the clock on, running timers when they are due. */
    void advanceMillis(long millis) {
        long target = now + millis * 1_000_000;
        while (!timers.isEmpty() && timers.peek().due() <= target) {
            Timer timer = timers.remove();
            now = Math.max(now, timer.due());
            timer.task().run();
            run();
        }
        now = target;
    }

    /** Sets the wall clock, forward or back, while the monotonic one goes its way. */
    void setWallMillis(long millis) {
        wallMillis = millis;
    }

    /** Moves the clock on without running anything, as when the loop is stuck; then runs what became due. */
    void stallMillis(long millis) {
        now += millis * 1_000_000;
        advanceMillis(0);
    }

    /** Lets calls look as if they came from another thread. */
    void asOtherThread(Runnable call) {
        current = false;
        try {
            call.run();
        } finally {
            current = true;
        }
    }

    /** Does what only the loop does, whoever the calls look to come from now. */
    void asLoop(Runnable call) {
        boolean before = current;
        current = true;
        try {
            call.run();
        } finally {
            current = before;
        }
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
    public void schedule(Runnable task, long delayNanos) {
        timers.add(new Timer(now + delayNanos, task));
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public long currentTimeMillis() {
        return wallMillis;
    }

    @Override
    public ByteBufAllocator allocator() {
        return UnpooledByteBufAllocator.DEFAULT;
    }
}
