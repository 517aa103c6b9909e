package io.hawser.internal.session;

import io.hawser.Message;
import io.hawser.SendResult;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** A message that gives its place to a newer one of an equal key, on the way from another thread and in the backlog. */
final class Conflated extends Outgoing {

    private final Object key;

    /** Where the latest message of each key stands that is on its way; null for one of the queue's own thread. */
    private final @Nullable ConcurrentMap<Object, Conflated> underWay;

    private boolean waiting;

    Conflated(
            SendQueue queue,
            Message message,
            int cost,
            @Nullable CompletableFuture<SendResult> tracked,
            Object key,
            @Nullable ConcurrentMap<Object, Conflated> underWay) {
        super(queue, message, cost, tracked);
        this.key = key;
        this.underWay = underWay;
    }

    Object key() {
        return key;
    }

    /** Whether it is in the backlog: a key that changed there is not found again when its message leaves. */
    boolean isWaiting() {
        return waiting;
    }

    void setWaiting(boolean waiting) {
        this.waiting = waiting;
    }

    /** Arrives as the first of its key that set out; the latest comes in. */
    @Override
    public void run() {
        queue().arrived(cost());
        ConcurrentMap<Object, Conflated> all = Objects.requireNonNull(underWay, "sent from this very thread");
        Conflated latest = all.remove(key);
        if (latest != null) {
            queue().arrive(latest);
        }
    }
}
