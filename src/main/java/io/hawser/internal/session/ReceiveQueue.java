package io.hawser.internal.session;

import io.hawser.Limits;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One session's way in to its handler: order, demand, and a bound on what waits.
 *
 * <p>Where the handler runs on the event loop and wants all there is, nothing ever waits and a message costs no more than the call. Else
 * messages wait here, for their turn on the executor or for demand, and {@link Owner#stopReading} is called when they are too many.
 * Pongs keep their place among them, but need no demand.
 *
 * <p><b>Threading:</b> {@link #beginDirect}, {@link #add} and {@link #end} on the event loop; delivery where callbacks run; the rest
 * anywhere.
 */
final class ReceiveQueue {

    /** So many deliveries in a row, then other callbacks. */
    private static final int TURN = 16;

    /** What a queue asks of its session. */
    interface Owner {
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

    private final SessionLoop loop;
    private final Callbacks callbacks;
    private final Limits limits;
    private final Owner owner;

    private final Demand demand = new Demand();
    private volatile boolean discarding;
    /** Made by the event loop when something has to wait: for most sessions nothing ever does. */
    private volatile @Nullable Line line;

    ReceiveQueue(SessionLoop loop, Callbacks callbacks, Limits limits, Owner owner) {
        this.loop = loop;
        this.callbacks = callbacks;
        this.limits = limits;
        this.owner = owner;
    }

    /** Bytes that wait. */
    long bytes() {
        Line here = line;
        return here == null ? 0 : here.bytes.get();
    }

    private boolean isEmpty() {
        Line here = line;
        return here == null || here.isEmpty();
    }

    // Messages come

    /** Whether what came may be given to the handler right here; then {@link #endDirect} follows. */
    boolean beginDirect(Kind kind) {
        if (!callbacks.isDirect() || !isEmpty() || kind != Kind.PONG && !demand.take()) {
            return false;
        }
        callbacks.enter();
        return true;
    }

    void endDirect() {
        callbacks.leave();
    }

    /** Lets something wait for its delivery. */
    void add(Kind kind, int size, Runnable delivery) {
        Waiting added = new Waiting(kind, size, delivery);
        if (discarding) {
            drop(added);
            return;
        }
        Line here = line;
        if (here == null) {
            here = new Line();
            line = here;
        }
        here.add(added);
    }

    // The program

    void request(long more) {
        demand.add(more);
        Line here = line;
        if (here != null && !here.isEmpty()) {
            here.signal();
        }
    }

    void pause() {
        demand.clear();
    }

    // The end

    /** Drops what waits, and what will come. From any thread. */
    void discard() {
        discarding = true;
        Line here = line;
        if (here != null) {
            here.drain();
        }
    }

    private void drop(Waiting dropped) {
        if (dropped.kind() == Kind.MESSAGE) {
            owner.discarded(1);
        }
    }

    /** Runs the last callback behind what waits; at once, and without that, if the program does not want it now. */
    void end(Runnable lastCallback) {
        Line here = line;
        if (here == null || here.isEmpty()) {
            callbacks.run(lastCallback);
        } else {
            here.last = lastCallback;
            here.signal();
        }
    }

    /** What waits, and its delivery. */
    private final class Line {

        private enum Flow {
            READING,
            STOPPED,
            STARTING
        }

        private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicInteger items = new AtomicInteger(); // that wait, or are being delivered from here
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicReference<Flow> flow = new AtomicReference<>(Flow.READING);
        private final AtomicInteger signals = new AtomicInteger(); // over zero while a turn runs, or is to come
        private volatile @Nullable Runnable last;

        boolean isEmpty() {
            return items.get() == 0;
        }

        void add(Waiting added) {
            int nowWaiting = items.incrementAndGet();
            long nowBytes = bytes.addAndGet(added.bytes());
            waiting.add(added);
            boolean full = nowWaiting >= limits.maxQueuedMessages() || nowBytes >= limits.maxQueuedBytes();
            if (full && flow.compareAndSet(Flow.READING, Flow.STOPPED)) {
                owner.stopReading();
                startIfHalfEmpty(); // the handler may have been quicker than this
            }
            signal();
        }

        void drain() {
            for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
                drop(next);
                left(next);
            }
        }

        /** Something may have become deliverable. */
        void signal() {
            if (signals.getAndIncrement() == 0) {
                callbacks.run(this::turn);
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
            callbacks.run(this::turn);
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
                callbacks.run(callback); // behind callbacks of other kinds that came before it
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
                loop.submitLater(() -> {
                    flow.set(Flow.READING);
                    owner.startReading();
                });
            }
        }
    }
}
