package io.hawser.internal.protocol;

import io.hawser.Message;

/**
 * The port of an extension that rewrites the payload of data messages and marks them with RSV1 (RFC 6455 §5.8, §9; RFC 7692 is the
 * only one). One per session, used by its event loop alone.
 *
 * <p>Inbound, for each marked message: {@code decode* decodeEnd}. Outbound, for each message that {@link #encodes}: one
 * {@code encode}, in the order of sending; a broadcast calls {@link #encodeShared} once for all sessions of the same
 * {@link #sharingKey} and {@link #sharedSent} on each of them, in the order of sending.
 */
public interface PayloadTransform {

    /**
     * Decodes one piece of a marked message.
     *
     * @param input borrowed for the call; unmasked already
     * @param out gets what can be decoded so far; it enforces the message limit
     * @throws ProtocolViolation 1007 if the piece is malformed, 1009 if {@code out} is full
     */
    void decode(byte[] input, int offset, int length, MessageBuffer out);

    /**
     * Decodes what is left at the end of a marked message, and gets ready for the next.
     *
     * @throws ProtocolViolation 1007 if the message is cut short or goes on after its end
     */
    void decodeEnd(MessageBuffer out);

    /** Whether a message is worth encoding: large enough, and not opted out. */
    boolean encodes(Message message);

    /** Encodes a whole message, which may refer back to earlier ones of the session. {@code out} is empty, and is the caller's. */
    void encode(byte[] payload, MessageBuffer out);

    /** Equal for sessions that can all decode the same {@link #encodeShared} bytes. */
    Object sharingKey();

    /** Encodes a whole message without reference to any other. */
    void encodeShared(byte[] payload, MessageBuffer out);

    /** Says that a message encoded by {@link #encodeShared} was sent here: later ones may refer back to it. */
    void sharedSent(byte[] payload);

    /** Frees what is held. Called once, at the session's end; no call follows. */
    void release();
}
