package io.hawser.internal.session;

import io.hawser.Message;
import io.hawser.SendResult;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The messages of one session that wait for its wire, in order, and the latest of each key where a policy conflates. */
final class Backlog {

    private @Nullable ArrayDeque<Outgoing> waiting; // most sessions never have any
    private @Nullable Map<Object, Conflated> latest;
    private long cost;

    boolean isEmpty() {
        return waiting == null || waiting.isEmpty();
    }

    /** Bytes reserved for what waits. */
    long cost() {
        return cost;
    }

    void add(Outgoing message) {
        if (message instanceof Conflated conflated) {
            Map<Object, Conflated> keys = latest;
            if (keys == null) {
                keys = new HashMap<>();
                latest = keys;
            }
            keys.put(conflated.key(), conflated); // the user's hashCode comes first: it may throw
            conflated.setWaiting(true);
        }
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        waiting.add(message);
        cost += message.cost();
    }

    /** The waiting message with an equal key. */
    @Nullable
    Conflated withKey(Object key) {
        Conflated found = latest == null ? null : latest.get(key);
        return found != null && found.isWaiting() ? found : null;
    }

    /** Gives the place of one that waits to a newer message; returns who asked for the result of the older one. */
    @Nullable
    CompletableFuture<SendResult> replace(
            Conflated old, Message newer, int newerCost, @Nullable CompletableFuture<SendResult> tracked) {
        cost += newerCost - old.cost();
        return old.become(newer, newerCost, tracked);
    }

    /** Takes out what has waited longest; null if nothing waits. */
    @Nullable
    Outgoing poll() {
        return waiting == null ? null : taken(waiting.poll());
    }

    /** Takes out what came last. */
    @Nullable
    Outgoing pollLast() {
        return waiting == null ? null : taken(waiting.pollLast());
    }

    private @Nullable Outgoing taken(@Nullable Outgoing message) {
        if (message != null) {
            cost -= message.cost();
            if (message instanceof Conflated conflated && latest != null) {
                conflated.setWaiting(false);
                latest.remove(conflated.key(), conflated);
            }
        }
        return message;
    }
}
