package io.hawser.internal.protocol;

import io.hawser.CloseStatus;

/**
 * What the protocol core asks of the connection:
 *
 * <pre>{@code writePong* (writeClose startCloseTimer? closeTransport)?}</pre>
 */
public interface Outbox {

    /** Answers a Ping with exactly its payload (RFC 6455 §5.5.3), after what was written before. */
    void writePong(byte[] payload);

    /**
     * Writes the only Close frame of this side (RFC 6455 §5.5.1); nothing may be written after it. {@link CloseStatus#NO_STATUS}
     * is an empty body.
     */
    void writeClose(CloseStatus status);

    /** Our Close frame went out first: the peer now has the close timeout to answer. */
    void startCloseTimer();

    /** No frame will be sent or read any more: the server closes TCP, and first (RFC 6455 §7.1.1), once all is written. */
    void closeTransport();
}
