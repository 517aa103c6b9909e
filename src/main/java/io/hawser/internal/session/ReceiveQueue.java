package io.hawser.internal.session;

import io.hawser.Limits;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What of one session waits for its handler, and what the handler is ready for: order, demand, and a bound.
 *
 * <p>Where the handler runs on the event loop and wants all there is, nothing ever waits, and there is no such queue. Else messages wait
 * here, for their turn on the executor or for demand, and {@link Owner#stopReading} is called when they are too many. Pongs keep their
 * place among them, but need no demand.
 *
 * <p><b>Threading:</b> {@link #passes}, {@link #add} and {@link #end} on the event loop; delivery where callbacks run; the rest
 * anywhere.
 */
final class ReceiveQueue {

    /** So many deliveries in a row, then other callbacks. */
    private static final int TURN = 16;

    /** What a queue asks of its session. */
    interface Owner {
        SessionLoop loop();

        Limits limits();

        Callbacks callbacks();

        /** So much waits that no more should come. On the event loop. */
        void stopReading();

        /** Half of it has gone. On the event loop. */
        void startReading();

        /** Messages that came whole will not be delivered. From any thread. */
        void discarded(int messages);
    }

    /** What waits. */
    enum Kind {
        MESSAGE,
        /** A part of a message, of which more come. */
        PART,
        PONG
    }

    private record Waiting(Kind kind, int bytes, Runnable delivery) {}

    private enum Flow {
        READING,
        STOPPED,
        STARTING
    }

    private final Owner owner;
    private final Limits limits;
    private final Demand demand = new Demand();
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger items = new AtomicInteger(); // that wait, or are being delivered from here
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicReference<Flow> flow = new AtomicReference<>(Flow.READING);
    private final AtomicInteger signals = new AtomicInteger(); // over zero while a turn runs, or is to come
    private volatile @Nullable Runnable last;
    private volatile boolean discarding;

    ReceiveQueue(Owner owner) {
        this.owner = owner;
        this.limits = owner.limits();
    }

    /** Bytes that wait. */
    long bytes() {
        return bytes.get();
    }

    // Messages come

    /** Whether what came need not wait: nothing does, and there is demand for it, of which it uses up one. */
    boolean passes(Kind kind) {
        return items.get() == 0 && (kind == Kind.PONG || demand.take());
    }

    /** Lets something wait for its delivery. */
    void add(Kind kind, int size, Runnable delivery) {
        Waiting added = new Waiting(kind, size, delivery);
        if (discarding) {
            drop(added);
            return;
        }
        int nowWaiting = items.incrementAndGet();
        long nowBytes = bytes.addAndGet(size);
        waiting.add(added);
        boolean full = nowWaiting >= limits.maxQueuedMessages() || nowBytes >= limits.maxQueuedBytes();
        if (full && flow.compareAndSet(Flow.READING, Flow.STOPPED)) {
            owner.stopReading();
            startIfHalfEmpty(); // the handler may have been quicker than this
        }
        signal();
    }

    // The program

    void request(long more) {
        demand.add(more);
        if (items.get() != 0) {
            signal();
        }
    }

    void pause() {
        demand.clear();
    }

    // The end

    /** Drops what waits, and what will come. From any thread. */
    void discard() {
        discarding = true;
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            drop(next);
            left(next);
        }
    }

    private void drop(Waiting dropped) {
        if (dropped.kind() == Kind.MESSAGE) {
            owner.discarded(1);
        }
    }

    /** Runs the last callback behind what waits; at once, and without that, if the program does not want it now. */
    void end(Runnable lastCallback) {
        if (items.get() == 0) {
            owner.callbacks().run(lastCallback);
        } else {
            last = lastCallback;
            signal();
        }
    }

    // Delivery

    /** Something may have become deliverable. */
    private void signal() {
        if (signals.getAndIncrement() == 0) {
            owner.callbacks().run(this::turn);
        }
    }

    private void turn() {
        int seen = signals.get();
        for (int delivered = 0; delivered < TURN; ) {
            if (deliverNext()) {
                delivered++;
            } else {
                callLast();
                seen = signals.addAndGet(-seen);
                if (seen == 0) {
                    return; // whoever signals now starts another turn
                }
            }
        }
        owner.callbacks().run(this::turn);
    }

    private boolean deliverNext() {
        Waiting next = waiting.peek();
        if (next == null || next.kind() != Kind.PONG && !demand.take()) {
            return false;
        }
        next = waiting.poll();
        if (next == null) {
            return false; // discarded meanwhile
        }
        try {
            if (discarding) {
                drop(next);
            } else {
                SessionLoop.runGuarded(next.delivery());
            }
        } finally {
            left(next);
        }
        return true;
    }

    private void callLast() {
        Runnable callback = last;
        if (callback != null) {
            last = null;
            discard(); // there was no demand for it
            owner.callbacks().run(callback); // behind callbacks of other kinds that came before it
        }
    }

    private void left(Waiting gone) {
        items.decrementAndGet();
        bytes.addAndGet(-gone.bytes());
        startIfHalfEmpty();
    }

    private void startIfHalfEmpty() {
        if (flow.get() == Flow.STOPPED
                && items.get() <= limits.maxQueuedMessages() / 2
                && bytes.get() <= limits.maxQueuedBytes() / 2
                && flow.compareAndSet(Flow.STOPPED, Flow.STARTING)) {
            owner.loop().submitLater(() -> {
                flow.set(Flow.READING);
                owner.startReading();
            });
        }
    }
}
