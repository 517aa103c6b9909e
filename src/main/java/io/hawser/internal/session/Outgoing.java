package io.hawser.internal.session;

import io.hawser.Message;
import io.hawser.SendResult;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way into a {@link SendQueue}. As a task it is the way there from another thread.
 *
 * @param cost bytes reserved for it in the queue
 * @param tracked to be completed with its result; null if nobody asked
 */
record Outgoing(
        SendQueue queue,
        Message message,
        int cost,
        @Nullable CompletableFuture<SendResult> tracked) implements Runnable {

    @Override
    public void run() {
        queue.enqueue(message, cost, tracked);
    }
}
