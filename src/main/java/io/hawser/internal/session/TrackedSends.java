package io.hawser.internal.session;

import io.hawser.SendResult;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The tracked sends of one session that are in wire form. Their places in the stream, counted in cost, tell what became of them: up
 * to {@code written} the kernel has it, beyond {@code handedOver} it never had.
 */
final class TrackedSends {

    private record Place(long start, long end, CompletableFuture<SendResult> result) {}

    private final BiConsumer<CompletableFuture<SendResult>, SendResult> complete;
    private @Nullable ArrayDeque<Place> places;

    TrackedSends(BiConsumer<CompletableFuture<SendResult>, SendResult> complete) {
        this.complete = complete;
    }

    void add(long start, long end, CompletableFuture<SendResult> result) {
        ArrayDeque<Place> all = places;
        if (all == null) {
            all = new ArrayDeque<>();
            places = all;
        }
        all.add(new Place(start, end, result));
    }

    void written(long written) {
        ArrayDeque<Place> all = places;
        while (all != null && !all.isEmpty() && all.peek().end() <= written) {
            complete.accept(all.remove().result(), SendResult.WRITTEN);
        }
    }

    void failed(long handedOver, SendResult notWritten) {
        ArrayDeque<Place> all = places;
        while (all != null && !all.isEmpty()) {
            Place place = all.remove();
            complete.accept(place.result(), place.start() >= handedOver ? notWritten : UNKNOWN);
        }
    }

    private static final SendResult UNKNOWN =
            new SendResult(SendResult.Outcome.UNKNOWN, "the connection ended while it was being written");
}
