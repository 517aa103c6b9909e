package io.hawser.internal.protocol;

import io.hawser.CloseStatus;
import io.hawser.Message;
import io.hawser.MessagePart;

/**
 * What the protocol core tells upward, in wire order:
 *
 * <pre>{@code (onText | onBinary | onPart | onPing | onPong)* (onClose | onViolation)?}</pre>
 *
 * <p>Calls come from within {@link ProtocolEngine#receive}. A listener may call the engine back, {@code close} included.
 */
public interface MessageListener {

    /** A whole text message; its payload is valid UTF-8 (RFC 6455 §8.1). */
    void onText(Message message);

    /** A whole binary message. */
    void onBinary(Message message);

    /**
     * A part of a message, in place of {@link #onText} and {@link #onBinary} where the engine was asked for parts. A text's parts hold
     * whole characters. The last part of each message that ends, and no other, {@linkplain MessagePart#isLast() says so}.
     */
    default void onPart(MessagePart part) {
        throw new IllegalStateException("nobody asked for parts");
    }

    /** A Ping, after its Pong was given to the {@link Outbox}. {@code payload} is the listener's to keep. */
    void onPing(byte[] payload);

    /** A Pong, solicited or not (RFC 6455 §5.5.3). {@code payload} is the listener's to keep. */
    void onPong(byte[] payload);

    /** The peer's Close frame, whether it began the handshake or answers ours; {@link CloseStatus#NO_STATUS} if it had no code. */
    void onClose(CloseStatus status);

    /** The peer broke a rule: nothing more is read, and the Close frame goes to the {@link Outbox} next (RFC 6455 §7.1.7). */
    void onViolation(ProtocolViolation violation);
}
