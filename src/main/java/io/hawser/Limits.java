package io.hawser;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Bounds of one session: what a peer may make this server hold, and how long it may take. A server has a set, and an
 * {@link Endpoint} may have its own. Those of all sessions together are {@link ServerLimits}.
 *
 * @param maxMessageBytes largest message accepted, in bytes after inflating; 64 KiB unless set: 1009
 * @param maxFragments frames of one message, empty ones counted; 1,024 unless set: 1008
 * @param messageTimeout from the first byte of a message to its last; 30 s unless set: 1008
 * @param messageRate messages that a peer may send; unlimited unless set: 1008
 * @param byteRate bytes of messages, after inflating, that a peer may send; unlimited unless set: 1008. Whatever is set, its burst is
 *     at least {@code maxMessageBytes}, for a message counts when it is whole; with a {@link StreamingHandler}, whose parts
 *     count as they come, at least 64 KiB
 * @param controlRate pings and pongs that a peer may send, answers to the {@link Heartbeat} not counted; 20 a second in bursts of 100
 *     unless set: 1008
 * @param maxPendingBytes most that is kept for a peer that does not read, in bytes, headers included, 64 for each message
 *     at least; 1 MiB unless set. What
 *     happens to a message that would exceed it is the {@link OverflowPolicy}'s to say. A lone message is always accepted.
 * @param highWaterBytes from here on {@link WebSocketSession#isWritable()} is false; 64 KiB unless set
 * @param lowWaterBytes at or below, {@link WebSocketHandler#onWritable} is called and the session is writable again; 32 KiB
 *     unless set
 * @param writeStallTimeout without a byte taken by a peer that something is to be written to; 10 s unless set, then the
 *     connection is cut
 * @param closeTimeout for the peer to answer our Close frame; 5 s unless set, then the connection is cut
 * @param idleTimeout without a message in either direction; {@link Duration#ZERO}, the default, means off: 1001
 * @param maxLifetime of a session, give or take a random tenth, so that sessions which came together do not end together;
 *     {@link Duration#ZERO}, the default, means off: 1001
 * @param maxQueuedMessages messages waiting for a handler that is paused or runs on an executor; 64 unless set, then reading stops
 *     until half of them have been delivered
 * @param maxQueuedBytes bytes waiting for such a handler; 256 KiB unless set, then reading stops until half of them have been
 *     delivered. The last message may pass the bound by its size
 * @param maxRooms rooms one session may be in; 128 unless set
 * @since 0.1.0
 */
public record Limits(
        int maxMessageBytes,
        int maxFragments,
        Duration messageTimeout,
        Rate messageRate,
        Rate byteRate,
        Rate controlRate,
        int maxPendingBytes,
        int highWaterBytes,
        int lowWaterBytes,
        Duration writeStallTimeout,
        Duration closeTimeout,
        Duration idleTimeout,
        Duration maxLifetime,
        int maxQueuedMessages,
        int maxQueuedBytes,
        int maxRooms) {

    /**
     * Checks that all bounds are positive and the marks in order.
     *
     * @param maxMessageBytes over zero
     * @param maxFragments over zero
     * @param messageTimeout over zero
     * @param messageRate not null
     * @param byteRate not null
     * @param controlRate not null
     * @param maxPendingBytes over zero
     * @param highWaterBytes at least {@code lowWaterBytes}
     * @param lowWaterBytes over zero
     * @param writeStallTimeout over zero
     * @param closeTimeout over zero
     * @param idleTimeout zero, which is off, or more
     * @param maxLifetime zero, which is off, or more
     * @param maxQueuedMessages over zero
     * @param maxQueuedBytes over zero
     * @param maxRooms over zero
     */
    public Limits {
        requirePositive(maxMessageBytes, "maxMessageBytes");
        requirePositive(maxFragments, "maxFragments");
        requirePositive(messageTimeout, "messageTimeout");
        Objects.requireNonNull(messageRate, "messageRate");
        Objects.requireNonNull(byteRate, "byteRate");
        Objects.requireNonNull(controlRate, "controlRate");
        requirePositive(maxPendingBytes, "maxPendingBytes");
        requirePositive(lowWaterBytes, "lowWaterBytes");
        requirePositive(writeStallTimeout, "writeStallTimeout");
        requirePositive(closeTimeout, "closeTimeout");
        requireNotNegative(idleTimeout, "idleTimeout");
        requireNotNegative(maxLifetime, "maxLifetime");
        requirePositive(maxQueuedMessages, "maxQueuedMessages");
        requirePositive(maxQueuedBytes, "maxQueuedBytes");
        requirePositive(maxRooms, "maxRooms");
        if (lowWaterBytes > highWaterBytes) {
            throw new IllegalArgumentException("lowWaterBytes is over highWaterBytes");
        }
    }

    /**
     * The limits as they are unless set.
     *
     * @return the default limits
     */
    public static Limits defaults() {
        return new Draft().build();
    }

    /**
     * These limits with other {@link #maxMessageBytes()}.
     *
     * @param maxMessageBytes see {@link #maxMessageBytes()}
     * @return new limits
     */
    public Limits withMaxMessageBytes(int maxMessageBytes) {
        return with(draft -> draft.maxMessageBytes = maxMessageBytes);
    }

    /**
     * These limits with other {@link #maxFragments()}.
     *
     * @param maxFragments see {@link #maxFragments()}
     * @return new limits
     */
    public Limits withMaxFragments(int maxFragments) {
        return with(draft -> draft.maxFragments = maxFragments);
    }

    /**
     * These limits with other {@link #messageTimeout()}.
     *
     * @param messageTimeout see {@link #messageTimeout()}
     * @return new limits
     */
    public Limits withMessageTimeout(Duration messageTimeout) {
        return with(draft -> draft.messageTimeout = messageTimeout);
    }

    /**
     * These limits with other {@link #messageRate()}.
     *
     * @param messageRate see {@link #messageRate()}
     * @return new limits
     */
    public Limits withMessageRate(Rate messageRate) {
        return with(draft -> draft.messageRate = messageRate);
    }

    /**
     * These limits with other {@link #byteRate()}.
     *
     * @param byteRate see {@link #byteRate()}
     * @return new limits
     */
    public Limits withByteRate(Rate byteRate) {
        return with(draft -> draft.byteRate = byteRate);
    }

    /**
     * These limits with other {@link #controlRate()}.
     *
     * @param controlRate see {@link #controlRate()}
     * @return new limits
     */
    public Limits withControlRate(Rate controlRate) {
        return with(draft -> draft.controlRate = controlRate);
    }

    /**
     * These limits with other {@link #maxPendingBytes()}.
     *
     * @param maxPendingBytes see {@link #maxPendingBytes()}
     * @return new limits
     */
    public Limits withMaxPendingBytes(int maxPendingBytes) {
        return with(draft -> draft.maxPendingBytes = maxPendingBytes);
    }

    /**
     * These limits with other water marks.
     *
     * @param highWaterBytes see {@link #highWaterBytes()}
     * @param lowWaterBytes see {@link #lowWaterBytes()}
     * @return new limits
     */
    public Limits withWaterMarks(int highWaterBytes, int lowWaterBytes) {
        return with(draft -> {
            draft.highWaterBytes = highWaterBytes;
            draft.lowWaterBytes = lowWaterBytes;
        });
    }

    /**
     * These limits with other {@link #writeStallTimeout()}.
     *
     * @param writeStallTimeout see {@link #writeStallTimeout()}
     * @return new limits
     */
    public Limits withWriteStallTimeout(Duration writeStallTimeout) {
        return with(draft -> draft.writeStallTimeout = writeStallTimeout);
    }

    /**
     * These limits with other {@link #closeTimeout()}.
     *
     * @param closeTimeout see {@link #closeTimeout()}
     * @return new limits
     */
    public Limits withCloseTimeout(Duration closeTimeout) {
        return with(draft -> draft.closeTimeout = closeTimeout);
    }

    /**
     * These limits with other {@link #idleTimeout()}.
     *
     * @param idleTimeout see {@link #idleTimeout()}
     * @return new limits
     */
    public Limits withIdleTimeout(Duration idleTimeout) {
        return with(draft -> draft.idleTimeout = idleTimeout);
    }

    /**
     * These limits with other {@link #maxLifetime()}.
     *
     * @param maxLifetime see {@link #maxLifetime()}
     * @return new limits
     */
    public Limits withMaxLifetime(Duration maxLifetime) {
        return with(draft -> draft.maxLifetime = maxLifetime);
    }

    /**
     * These limits with other {@link #maxQueuedMessages()}.
     *
     * @param maxQueuedMessages see {@link #maxQueuedMessages()}
     * @return new limits
     */
    public Limits withMaxQueuedMessages(int maxQueuedMessages) {
        return with(draft -> draft.maxQueuedMessages = maxQueuedMessages);
    }

    /**
     * These limits with other {@link #maxQueuedBytes()}.
     *
     * @param maxQueuedBytes see {@link #maxQueuedBytes()}
     * @return new limits
     */
    public Limits withMaxQueuedBytes(int maxQueuedBytes) {
        return with(draft -> draft.maxQueuedBytes = maxQueuedBytes);
    }

    /**
     * These limits with other {@link #maxRooms()}.
     *
     * @param maxRooms see {@link #maxRooms()}
     * @return new limits
     */
    public Limits withMaxRooms(int maxRooms) {
        return with(draft -> draft.maxRooms = maxRooms);
    }

    private Limits with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.build();
    }

    /** Limits in the making: one list of what there is, for all methods that change one of them. */
    private static final class Draft {
        int maxMessageBytes = 64 * 1024;
        int maxFragments = 1024;
        Duration messageTimeout = Duration.ofSeconds(30);
        Rate messageRate = Rate.unlimited();
        Rate byteRate = Rate.unlimited();
        Rate controlRate = Rate.of(20, 100);
        int maxPendingBytes = 1024 * 1024;
        int highWaterBytes = 64 * 1024;
        int lowWaterBytes = 32 * 1024;
        Duration writeStallTimeout = Duration.ofSeconds(10);
        Duration closeTimeout = Duration.ofSeconds(5);
        Duration idleTimeout = Duration.ZERO;
        Duration maxLifetime = Duration.ZERO;
        int maxQueuedMessages = 64;
        int maxQueuedBytes = 256 * 1024;
        int maxRooms = 128;

        Draft() {}

        Draft(Limits limits) {
            maxMessageBytes = limits.maxMessageBytes;
            maxFragments = limits.maxFragments;
            messageTimeout = limits.messageTimeout;
            messageRate = limits.messageRate;
            byteRate = limits.byteRate;
            controlRate = limits.controlRate;
            maxPendingBytes = limits.maxPendingBytes;
            highWaterBytes = limits.highWaterBytes;
            lowWaterBytes = limits.lowWaterBytes;
            writeStallTimeout = limits.writeStallTimeout;
            closeTimeout = limits.closeTimeout;
            idleTimeout = limits.idleTimeout;
            maxLifetime = limits.maxLifetime;
            maxQueuedMessages = limits.maxQueuedMessages;
            maxQueuedBytes = limits.maxQueuedBytes;
            maxRooms = limits.maxRooms;
        }

        Limits build() {
            return new Limits(
                    maxMessageBytes,
                    maxFragments,
                    messageTimeout,
                    messageRate,
                    byteRate,
                    controlRate,
                    maxPendingBytes,
                    highWaterBytes,
                    lowWaterBytes,
                    writeStallTimeout,
                    closeTimeout,
                    idleTimeout,
                    maxLifetime,
                    maxQueuedMessages,
                    maxQueuedBytes,
                    maxRooms);
        }
    }

    static int requirePositive(int value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
        return value;
    }

    static Duration requirePositive(Duration value, String name) {
        Objects.requireNonNull(value, name);
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
        return value;
    }

    private static void requireNotNegative(Duration value, String name) {
        if (Objects.requireNonNull(value, name).isNegative()) {
            throw new IllegalArgumentException(name + " is negative");
        }
    }
}
