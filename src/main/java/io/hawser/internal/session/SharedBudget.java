package io.hawser.internal.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all sessions of a server together may hold of one kind: for peers that do not read, or of what peers sent. Event loops tell it
 * their sums in grains, so that the message path never meets another thread here. When it is passed, the sessions that hold the most
 * end, until it is kept.
 *
 * <p>As much again may be on its way between threads, split evenly among the event loops.
 *
 * <p><b>Threading:</b> any thread.
 */
final class SharedBudget {

    /** What is held. */
    enum Kind {
        PENDING {
            @Override
            long heldBy(LiveSession session) {
                return session.pendingBytes();
            }

            @Override
            void shed(LiveSession session) {
                session.shed();
            }
        },
        RECEIVED {
            @Override
            long heldBy(LiveSession session) {
                return session.receivedBytes();
            }

            @Override
            void shed(LiveSession session) {
                session.shedReceived();
            }
        };

        abstract long heldBy(LiveSession session);

        abstract void shed(LiveSession session);
    }

    private static final long MAX_GRAIN_BYTES = 64 * 1024;
    private static final long GRAINS = 256;
    private static final long MORE_PARTS = 16;

    private record Holder(LiveSession session, long bytes) {}

    private final Kind kind;
    private final long maxBytes;
    private final long grainBytes;
    private final Collection<SessionLoop> loops;
    private final Collection<LiveSession> sessions;
    private final AtomicLong held = new AtomicLong();
    private final AtomicBoolean asked = new AtomicBoolean();

    /** A budget for {@code sessions} on {@code loops}, which are live views. */
    SharedBudget(Kind kind, long maxBytes, Collection<SessionLoop> loops, Collection<LiveSession> sessions) {
        this.kind = kind;
        this.maxBytes = maxBytes;
        this.grainBytes = Math.max(1, Math.min(MAX_GRAIN_BYTES, maxBytes / GRAINS));
        this.loops = loops;
        this.sessions = sessions;
    }

    long maxBytes() {
        return maxBytes;
    }

    /** Changes below this need not be told. */
    long grainBytes() {
        return grainBytes;
    }

    /** What may be on its way to one event loop. */
    long shareOfLoop() {
        return maxBytes / Math.max(1, loops.size());
    }

    /** A loop holds more, or less; true if that is too much, and the caller is to {@link #shed}, in a moment. */
    boolean add(long change) {
        return held.addAndGet(change) > maxBytes && asked.compareAndSet(false, true);
    }

    /**
     * Ends the sessions that hold the most, as many as it takes, and a few more: whoever goes on sending would be back here at once,
     * and to look at all sessions has its price. By one event loop at a time.
     */
    void shed() {
        try {
            List<Holder> holders = new ArrayList<>();
            long excess = held.get() - maxBytes - shedBytes(holders);
            if (excess > 0) {
                holders.sort(Comparator.comparingLong(Holder::bytes).reversed());
                long toGo = excess + maxBytes / MORE_PARTS;
                for (int i = 0; i < holders.size() && toGo > 0; i++) {
                    toGo -= holders.get(i).bytes();
                    kind.shed(holders.get(i).session());
                }
            }
        } finally {
            asked.set(false);
        }
    }

    /** Finds the sessions that hold something; returns what is held by those that are ending for it already. */
    private long shedBytes(List<Holder> holders) {
        long ending = 0;
        for (LiveSession session : sessions) {
            long bytes = kind.heldBy(session);
            if (session.isShed()) {
                ending += bytes;
            } else if (bytes > 0) {
                holders.add(new Holder(session, bytes));
            }
        }
        return ending;
    }
}
