package io.hawser.internal.session;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Callbacks on an executor, one at a time and in order whatever the number of its threads. */
final class ExecutorCallbacks implements Callbacks {

    /** So many in a row, each of which may be a {@link ReceiveQueue}'s turn, then another session's on the same executor. */
    private static final int TURN = 4;

    private final SessionLoop loop;
    private final Executor executor;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>(); // any thread to executor
    private final AtomicInteger waiting = new AtomicInteger(); // any thread

    ExecutorCallbacks(SessionLoop loop, Executor executor) {
        this.loop = loop;
        this.executor = executor;
    }

    @Override
    public boolean isDirect() {
        return false;
    }

    @Override
    public void enter() {}

    @Override
    public void leave() {}

    @Override
    public void run(Runnable callback) {
        queue.add(callback);
        if (waiting.getAndIncrement() == 0) {
            startTurn();
        }
    }

    private void startTurn() {
        try {
            executor.execute(this::turn);
        } catch (Throwable rejected) {
            // An executor that has ended, or gets no thread, would leave the session without its onClose: the event
            // loop
            // stands in for it.
            loop.submitLater(this::turn);
        }
    }

    private void turn() {
        int done = 0;
        do {
            Runnable callback = queue.poll();
            if (callback != null) {
                SessionLoop.runGuarded(callback);
            }
            done++;
        } while (done < TURN && done < waiting.get());
        if (waiting.addAndGet(-done) > 0) {
            startTurn();
        }
    }
}
