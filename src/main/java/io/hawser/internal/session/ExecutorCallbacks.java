package io.hawser.internal.session;

import io.hawser.Limits;
import io.hawser.Message;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callbacks on an executor, one at a time and in order whatever the number of its threads. The queue in front of it is bounded:
 * while it is full the peer is not read.
 */
final class ExecutorCallbacks implements Callbacks {

    /** So many in a row, then another session's turn on the same executor. */
    private static final int TURN = 64;

    private final SessionLoop loop;
    private final Wire wire;
    private final Executor executor;
    private final int maxMessages;
    private final int maxBytes;

    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>(); // event loop to executor
    private final AtomicInteger waiting = new AtomicInteger(); // both
    private int queuedMessages;
    private int queuedBytes;
    private boolean paused;

    ExecutorCallbacks(SessionLoop loop, Wire wire, Executor executor, Limits limits) {
        this.loop = loop;
        this.wire = wire;
        this.executor = executor;
        this.maxMessages = limits.maxQueuedMessages();
        this.maxBytes = limits.maxQueuedBytes();
    }

    @Override
    public boolean isDirect() {
        return false;
    }

    @Override
    public boolean isPaused() {
        return paused;
    }

    @Override
    public void enter() {}

    @Override
    public void leave() {}

    @Override
    public void run(Message message, Runnable callback) {
        queuedMessages++;
        queuedBytes += message.sizeBytes();
        if (!paused && (queuedMessages >= maxMessages || queuedBytes >= maxBytes)) {
            paused = true;
            wire.setReading(false);
        }
        run(() -> {
            try {
                callback.run();
            } finally {
                loop.submitLater(() -> done(message));
            }
        });
    }

    private void done(Message message) {
        queuedMessages--;
        queuedBytes -= message.sizeBytes();
        if (paused && queuedMessages <= maxMessages / 2 && queuedBytes <= maxBytes / 2) {
            paused = false;
            wire.setReading(true);
        }
    }

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
        } catch (RuntimeException rejected) {
            // An executor that has ended would leave the session without its onClose: the event loop stands in for it.
            loop.submitLater(this::turn);
        }
    }

    private void turn() {
        int done = 0;
        do {
            Runnable callback = queue.poll();
            if (callback != null) {
                callback.run();
            }
            done++;
        } while (done < TURN && done < waiting.get());
        if (waiting.addAndGet(-done) > 0) {
            startTurn();
        }
    }
}
