package io.hawser;

import java.time.Duration;
import java.util.Objects;

/**
 * Bounds of one session: what a peer may make this server hold, and how long it may take. All are finite; a server has a set, and
 * an {@link Endpoint} may have its own.
 *
 * @param maxMessageBytes largest message accepted, in bytes after inflating; 64 KiB unless set: 1009
 * @param maxFragments frames of one message, empty ones counted; 1,024 unless set: 1008
 * @param messageTimeout from the first byte of a message to its last; 30 s unless set: 1008
 * @param maxPendingBytes most that is kept for a peer that does not read, in bytes, headers included; 1 MiB unless set. A message
 *     that would exceed it ends the session with 1008. A lone message is always accepted.
 * @param highWaterBytes from here on {@link WebSocketSession#isWritable()} is false; 64 KiB unless set
 * @param lowWaterBytes at or below, {@link WebSocketHandler#onWritable} is called and the session is writable again; 32 KiB
 *     unless set
 * @param closeTimeout for the peer to answer our Close frame; 5 s unless set, then the connection is cut
 * @param idleTimeout without a message in either direction; {@link Duration#ZERO}, the default, means off: 1001
 * @param maxQueuedMessages messages waiting for a handler that runs on an executor; 64 unless set, then reading stops
 * @param maxQueuedBytes bytes waiting for such a handler; 256 KiB unless set, then reading stops
 * @param maxRooms rooms one session may be in; 128 unless set
 * @since 0.1.0
 */
public record Limits(
        int maxMessageBytes,
        int maxFragments,
        Duration messageTimeout,
        int maxPendingBytes,
        int highWaterBytes,
        int lowWaterBytes,
        Duration closeTimeout,
        Duration idleTimeout,
        int maxQueuedMessages,
        int maxQueuedBytes,
        int maxRooms) {

    /**
     * Checks that all bounds are positive and the marks in order.
     *
     * @param maxMessageBytes over zero
     * @param maxFragments over zero
     * @param messageTimeout over zero
     * @param maxPendingBytes over zero
     * @param highWaterBytes at least {@code lowWaterBytes}
     * @param lowWaterBytes over zero
     * @param closeTimeout over zero
     * @param idleTimeout zero, which is off, or more
     * @param maxQueuedMessages over zero
     * @param maxQueuedBytes over zero
     * @param maxRooms over zero
     */
    public Limits {
        requirePositive(maxMessageBytes, "maxMessageBytes");
        requirePositive(maxFragments, "maxFragments");
        requirePositive(messageTimeout, "messageTimeout");
        requirePositive(maxPendingBytes, "maxPendingBytes");
        requirePositive(lowWaterBytes, "lowWaterBytes");
        requirePositive(closeTimeout, "closeTimeout");
        requirePositive(maxQueuedMessages, "maxQueuedMessages");
        requirePositive(maxQueuedBytes, "maxQueuedBytes");
        requirePositive(maxRooms, "maxRooms");
        if (Objects.requireNonNull(idleTimeout, "idleTimeout").isNegative()) {
            throw new IllegalArgumentException("idleTimeout is negative");
        }
        if (lowWaterBytes > highWaterBytes) {
            throw new IllegalArgumentException("lowWaterBytes is over highWaterBytes");
        }
    }

    /**
     * The limits in the table above.
     *
     * @return the default limits
     */
    public static Limits defaults() {
        return new Limits(
                64 * 1024,
                1024,
                Duration.ofSeconds(30),
                1024 * 1024,
                64 * 1024,
                32 * 1024,
                Duration.ofSeconds(5),
                Duration.ZERO,
                64,
                256 * 1024,
                128);
    }

    /**
     * These limits with other {@link #maxMessageBytes()}.
     *
     * @param maxMessageBytes see {@link #maxMessageBytes()}
     * @return new limits
     */
    public Limits withMaxMessageBytes(int maxMessageBytes) {
        return new Limits(
                maxMessageBytes,
                maxFragments,
                messageTimeout,
                maxPendingBytes,
                highWaterBytes,
                lowWaterBytes,
                closeTimeout,
                idleTimeout,
                maxQueuedMessages,
                maxQueuedBytes,
                maxRooms);
    }

    /**
     * These limits with other {@link #maxFragments()}.
     *
     * @param maxFragments see {@link #maxFragments()}
     * @return new limits
     */
    public Limits withMaxFragments(int maxFragments) {
        return new Limits(
                maxMessageBytes,
                maxFragments,
                messageTimeout,
                maxPendingBytes,
                highWaterBytes,
                lowWaterBytes,
                closeTimeout,
                idleTimeout,
                maxQueuedMessages,
                maxQueuedBytes,
                maxRooms);
    }

    /**
     * These limits with other {@link #messageTimeout()}.
     *
     * @param messageTimeout see {@link #messageTimeout()}
     * @return new limits
     */
    public Limits withMessageTimeout(Duration messageTimeout) {
        return new Limits(
                maxMessageBytes,
                maxFragments,
                messageTimeout,
                maxPendingBytes,
                highWaterBytes,
                lowWaterBytes,
                closeTimeout,
                idleTimeout,
                maxQueuedMessages,
                maxQueuedBytes,
                maxRooms);
    }

    /**
     * These limits with other {@link #maxPendingBytes()}.
     *
     * @param maxPendingBytes see {@link #maxPendingBytes()}
     * @return new limits
     */
    public Limits withMaxPendingBytes(int maxPendingBytes) {
        return new Limits(
                maxMessageBytes,
                maxFragments,
                messageTimeout,
                maxPendingBytes,
                highWaterBytes,
                lowWaterBytes,
                closeTimeout,
                idleTimeout,
                maxQueuedMessages,
                maxQueuedBytes,
                maxRooms);
    }

    /**
     * These limits with other water marks.
     *
     * @param highWaterBytes see {@link #highWaterBytes()}
     * @param lowWaterBytes see {@link #lowWaterBytes()}
     * @return new limits
     */
    public Limits withWaterMarks(int highWaterBytes, int lowWaterBytes) {
        return new Limits(
                maxMessageBytes,
                maxFragments,
                messageTimeout,
                maxPendingBytes,
                highWaterBytes,
                lowWaterBytes,
                closeTimeout,
                idleTimeout,
                maxQueuedMessages,
                maxQueuedBytes,
                maxRooms);
    }

    /**
     * These limits with other {@link #closeTimeout()}.
     *
     * @param closeTimeout see {@link #closeTimeout()}
     * @return new limits
     */
    public Limits withCloseTimeout(Duration closeTimeout) {
        return new Limits(
                maxMessageBytes,
                maxFragments,
                messageTimeout,
                maxPendingBytes,
                highWaterBytes,
                lowWaterBytes,
                closeTimeout,
                idleTimeout,
                maxQueuedMessages,
                maxQueuedBytes,
                maxRooms);
    }

    /**
     * These limits with other {@link #idleTimeout()}.
     *
     * @param idleTimeout see {@link #idleTimeout()}
     * @return new limits
     */
    public Limits withIdleTimeout(Duration idleTimeout) {
        return new Limits(
                maxMessageBytes,
                maxFragments,
                messageTimeout,
                maxPendingBytes,
                highWaterBytes,
                lowWaterBytes,
                closeTimeout,
                idleTimeout,
                maxQueuedMessages,
                maxQueuedBytes,
                maxRooms);
    }

    /**
     * These limits with other {@link #maxQueuedMessages()}.
     *
     * @param maxQueuedMessages see {@link #maxQueuedMessages()}
     * @return new limits
     */
    public Limits withMaxQueuedMessages(int maxQueuedMessages) {
        return new Limits(
                maxMessageBytes,
                maxFragments,
                messageTimeout,
                maxPendingBytes,
                highWaterBytes,
                lowWaterBytes,
                closeTimeout,
                idleTimeout,
                maxQueuedMessages,
                maxQueuedBytes,
                maxRooms);
    }

    /**
     * These limits with other {@link #maxQueuedBytes()}.
     *
     * @param maxQueuedBytes see {@link #maxQueuedBytes()}
     * @return new limits
     */
    public Limits withMaxQueuedBytes(int maxQueuedBytes) {
        return new Limits(
                maxMessageBytes,
                maxFragments,
                messageTimeout,
                maxPendingBytes,
                highWaterBytes,
                lowWaterBytes,
                closeTimeout,
                idleTimeout,
                maxQueuedMessages,
                maxQueuedBytes,
                maxRooms);
    }

    /**
     * These limits with other {@link #maxRooms()}.
     *
     * @param maxRooms see {@link #maxRooms()}
     * @return new limits
     */
    public Limits withMaxRooms(int maxRooms) {
        return new Limits(
                maxMessageBytes,
                maxFragments,
                messageTimeout,
                maxPendingBytes,
                highWaterBytes,
                lowWaterBytes,
                closeTimeout,
                idleTimeout,
                maxQueuedMessages,
                maxQueuedBytes,
                maxRooms);
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
}
