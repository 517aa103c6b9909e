package io.hawser.internal.session;

import io.hawser.Message;
import io.hawser.SendResult;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A message on its way into a {@link SendQueue}, or waiting in its {@link Backlog}. As a task it is the way there from another thread. */
class Outgoing implements Runnable {

    private final SendQueue queue;
    private Message message;
    private int cost;
    private @Nullable CompletableFuture<SendResult> tracked;

    /**
     * A message of {@code queue}.
     *
     * @param cost bytes reserved for it in the queue
     * @param tracked to be completed with its result; null if nobody asked
     */
    Outgoing(SendQueue queue, Message message, int cost, @Nullable CompletableFuture<SendResult> tracked) {
        this.queue = queue;
        this.message = message;
        this.cost = cost;
        this.tracked = tracked;
    }

    final SendQueue queue() {
        return queue;
    }

    final Message message() {
        return message;
    }

    final int cost() {
        return cost;
    }

    final @Nullable CompletableFuture<SendResult> tracked() {
        return tracked;
    }

    /** Gives this message's place in the backlog to a newer one; returns who asked for the result of this one. */
    final @Nullable CompletableFuture<SendResult> become(
            Message newer, int newerCost, @Nullable CompletableFuture<SendResult> newerTracked) {
        CompletableFuture<SendResult> before = tracked;
        message = newer;
        cost = newerCost;
        tracked = newerTracked;
        return before;
    }

    /** Arrives on the queue's event loop. */
    @Override
    public void run() {
        queue.arrived(cost);
        queue.arrive(this);
    }
}
