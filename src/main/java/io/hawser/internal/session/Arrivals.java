package io.hawser.internal.session;

import io.hawser.Message;
import io.hawser.OverflowPolicy;
import io.hawser.SendResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The way into a {@link SendQueue} from other threads. What is on it has its room in the queue already: the cap holds for all
 * of it together. Where older messages give way, which only the event loop can make them do, a message may set out while the count is
 * over the cap, but never so that it passes twice the cap; the loop makes the room when the message arrives.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Arrivals {

    private final SendQueue queue;
    private final SessionLoop loop;
    private final PendingBytes pending;

    /** The latest message of each key that is under way: its place is taken there, so that a fast sender needs no more than that. */
    private volatile @Nullable ConcurrentMap<Object, Conflated> underWay;

    Arrivals(SendQueue queue, SessionLoop loop, PendingBytes pending) {
        this.queue = queue;
        this.loop = loop;
        this.pending = pending;
    }

    Fate send(
            Message message,
            @Nullable CompletableFuture<SendResult> tracked,
            boolean onlyIfRoom,
            OverflowPolicy policy) {
        Object key = SendQueue.keyOf(message, policy);
        int cost = SendQueue.costOf(message);
        if (!loop.admit(cost)) {
            return queue.full(policy, onlyIfRoom, LimitName.SERVER_MAX_PENDING_BYTES);
        }
        Fate fate;
        if (key != null) {
            fate = conflate(message, cost, tracked, onlyIfRoom, key);
        } else if (reserve(cost, 0, onlyIfRoom || policy.kind() != OverflowPolicy.Kind.DROP_OLDEST)) {
            loop.submitLater(new Outgoing(queue, message, cost, tracked));
            return Fate.QUEUED;
        } else {
            fate = Fate.REFUSED;
        }
        if (fate != Fate.QUEUED) {
            loop.retract(cost);
            return queue.full(policy, onlyIfRoom, LimitName.MAX_PENDING_BYTES);
        }
        return fate;
    }

    Fate send(StreamedMessage<?> message, OverflowPolicy policy) {
        int cost = message.cost();
        if (!loop.admit(cost)) {
            return queue.full(policy, false, LimitName.SERVER_MAX_PENDING_BYTES);
        }
        if (!reserve(cost, 0, policy.kind() != OverflowPolicy.Kind.DROP_OLDEST)) {
            loop.retract(cost);
            return queue.full(policy, false, LimitName.MAX_PENDING_BYTES);
        }
        loop.submitLater(message);
        return Fate.QUEUED;
    }

    private boolean reserve(int cost, int replaced, boolean withinCap) {
        return withinCap ? pending.exchange(cost, replaced) : pending.reserveAhead(cost, replaced);
    }

    private Fate conflate(
            Message message,
            int cost,
            @Nullable CompletableFuture<SendResult> tracked,
            boolean onlyIfRoom,
            Object key) {
        ConcurrentMap<Object, Conflated> all = underWay();
        Conflated fresh = new Conflated(queue, message, cost, tracked, key, all);
        Conflated[] before = new Conflated[1];
        Conflated latest = all.compute(key, (same, present) -> {
            before[0] = present;
            // A tracked one keeps its room until its sender was told, for that is on its way to the loop too.
            int replaced = present == null || present.tracked() != null ? 0 : present.cost();
            return reserve(cost, replaced, onlyIfRoom) ? fresh : present;
        });
        if (latest != fresh) {
            return Fate.REFUSED;
        }
        Conflated replaced = before[0];
        if (replaced == null) {
            loop.submitLater(fresh);
            return Fate.QUEUED;
        }
        loop.retract(cost); // the one it replaced has a task on its way, which takes this one in
        if (replaced.tracked() != null) {
            loop.submitLater(() -> queue.supersede(replaced));
        } else {
            queue.countReplaced();
        }
        return Fate.QUEUED;
    }

    private ConcurrentMap<Object, Conflated> underWay() {
        ConcurrentMap<Object, Conflated> all = underWay;
        if (all == null) {
            all = new ConcurrentHashMap<>(2); // of two that are made at once each is whole: their tasks know them
            underWay = all;
        }
        return all;
    }

    /** Pings the peer; false if there is no room. */
    boolean ping(byte[] payload) {
        int cost = SendQueue.costOf(payload.length);
        if (!loop.admit(cost)) {
            return false;
        }
        if (!pending.reserve(cost)) {
            loop.retract(cost);
            return false;
        }
        loop.submitLater(() -> {
            loop.arrived(cost);
            queue.departures().ping(payload);
        });
        return true;
    }
}
