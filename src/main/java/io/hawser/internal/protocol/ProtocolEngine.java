package io.hawser.internal.protocol;

import io.hawser.CloseStatus;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One connection's protocol, server side, from its 101 on (RFC 6455 §5–§8). Consumes every byte it is given.
 *
 * <p><b>Threading:</b> one thread at a time.
 */
public final class ProtocolEngine {

    /** An engine; {@code transform} is null where no extension was negotiated. */
    public ProtocolEngine(
            int maxMessageBytes,
            int maxFragments,
            @Nullable PayloadTransform transform,
            MessageListener listener,
            Outbox outbox) {
        throw new UnsupportedOperationException();
    }

    /** Takes bytes from the peer; {@code in} is borrowed and read to its end. */
    public void receive(ByteBuf in) {
        throw new UnsupportedOperationException();
    }

    /** Begins the closing handshake, if it has not begun. */
    public void close(CloseStatus status) {
        throw new UnsupportedOperationException();
    }

    /** Fails the connection for a reason that the session found, such as a timeout (RFC 6455 §7.1.7); no-op once closing. */
    public void fail(ProtocolViolation violation) {
        throw new UnsupportedOperationException();
    }

    /** Whether no Close frame went either way. */
    public boolean isOpen() {
        throw new UnsupportedOperationException();
    }

    /** Whether a data message has begun and not ended: its time is running. */
    public boolean isInsideMessage() {
        throw new UnsupportedOperationException();
    }
}
