package io.hawser.internal.session;

import io.hawser.SendResult;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * The tracked sends of one session that are in wire form. Their places in the stream, counted in cost, tell what became of them: up
 * to {@code written} the kernel has it, beyond {@code handedOver} it never had.
 */
final class TrackedSends {

    private record Place(long start, long end, CompletableFuture<SendResult> result) {}

    private final SendQueue.Owner owner;
    private final ArrayDeque<Place> places = new ArrayDeque<>();

    TrackedSends(SendQueue.Owner owner) {
        this.owner = owner;
    }

    void add(long start, long end, CompletableFuture<SendResult> result) {
        places.add(new Place(start, end, result));
    }

    void written(long written) {
        for (Place next = places.peek(); next != null && next.end() <= written; next = places.peek()) {
            owner.complete(places.remove().result(), SendResult.WRITTEN);
        }
    }

    void failed(long handedOver, SendResult notWritten) {
        for (Place place = places.poll(); place != null; place = places.poll()) {
            owner.complete(place.result(), place.start() >= handedOver ? notWritten : UNKNOWN);
        }
    }

    private static final SendResult UNKNOWN =
            new SendResult(SendResult.Outcome.UNKNOWN, "the connection ended while it was being written");
}
