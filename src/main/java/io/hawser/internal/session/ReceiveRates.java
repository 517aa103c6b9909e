package io.hawser.internal.session;

import io.hawser.Limits;
import io.hawser.Rate;
import io.hawser.internal.protocol.ProtocolEngine;
import org.jspecify.annotations.Nullable;

/** How much a peer may still send of what is limited by the second. Takes the time once for each read batch. */
final class ReceiveRates {

    private final LoopThread clock;
    private final @Nullable TokenBucket messages;
    private final @Nullable TokenBucket bytes;
    private final @Nullable TokenBucket control;
    private long now;
    private boolean timed;

    ReceiveRates(SessionSettings settings, LoopThread clock) {
        this(
                settings.limits(),
                settings.handler().isStreaming()
                        ? ProtocolEngine.MAX_PART_BYTES
                        : settings.limits().maxMessageBytes(),
                clock);
    }

    /** {@code largestPiece} is what comes at once at most: no burst of bytes is smaller, or it could never come. */
    ReceiveRates(Limits limits, int largestPiece, LoopThread clock) {
        this.clock = clock;
        this.now = clock.nanoTime();
        this.messages = bucket(limits.messageRate(), 0);
        this.bytes = bucket(limits.byteRate(), largestPiece);
        this.control = bucket(limits.controlRate(), 0);
    }

    private @Nullable TokenBucket bucket(Rate rate, int leastBurst) {
        return rate.isUnlimited() ? null : new TokenBucket(rate, Math.max(rate.burst(), leastBurst), now);
    }

    /** Bytes were read: time has passed. */
    void beginBatch() {
        timed = false;
    }

    boolean takeMessage() {
        return messages == null || messages.take(1, now());
    }

    boolean takeBytes(int count) {
        return bytes == null || bytes.take(count, now());
    }

    boolean takeControlFrame() {
        return control == null || control.take(1, now());
    }

    private long now() {
        if (!timed) {
            timed = true;
            now = clock.nanoTime();
        }
        return now;
    }
}
