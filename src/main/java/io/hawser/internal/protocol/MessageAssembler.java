package io.hawser.internal.protocol;

import io.hawser.Message;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Data frames to messages (RFC 6455 §5.4, §5.6, §8.1): fragments, limits, UTF-8, the extension. What is checked is checked as early
 * as it can be: the size at the header, the text at its first impossible byte.
 */
final class MessageAssembler {

    private static final int NONE = -1;
    /** An extension decodes in pieces of this size, so that its input costs no more memory than that. */
    private static final int PIECE_BYTES = 4096;

    private static final byte[] EMPTY = {};

    private final int maxMessageBytes;
    private final int maxFragments;
    private final @Nullable PayloadTransform transform;
    private final MessageListener listener;
    private final Utf8Validator utf8 = new Utf8Validator();
    private final MessageBuffer buffer;

    private int opcode = NONE; // of the message that is open
    private boolean transformed;
    private int fragments;
    private long wireBytes; // of the frames begun so far, as announced
    private boolean last; // the frame that is open is the message's last
    private byte[] whole = EMPTY; // the payload, where it came in one piece: the buffer is not used then

    MessageAssembler(
            int maxMessageBytes, int maxFragments, @Nullable PayloadTransform transform, MessageListener listener) {
        this.maxMessageBytes = maxMessageBytes;
        this.maxFragments = maxFragments;
        this.transform = transform;
        this.listener = listener;
        this.buffer = new MessageBuffer(maxMessageBytes);
    }

    boolean isInsideMessage() {
        return opcode != NONE;
    }

    /** Forgets the message that is open. No frame follows. */
    void discard() {
        opcode = NONE;
        buffer.clear(0);
        whole = EMPTY;
    }

    void header(int frameOpcode, boolean fin, boolean rsv1, long length) {
        if (frameOpcode == Opcode.CONTINUATION) {
            continueMessage();
        } else {
            beginMessage(frameOpcode, rsv1);
        }
        last = fin;
        if (length > limit() - wireBytes) { // never a sum that a hostile length could overflow
            throw MessageBuffer.tooBig(wireBytes + length, maxMessageBytes);
        }
        wireBytes += length;
    }

    private void beginMessage(int frameOpcode, boolean rsv1) {
        if (opcode != NONE) {
            // §5.4: "The fragments of one message MUST NOT be interleaved between the fragments of another message".
            throw new ProtocolViolation(1002, "new message inside another (RFC 6455 §5.4)");
        }
        opcode = frameOpcode;
        transformed = rsv1;
        fragments = 1;
    }

    private void continueMessage() {
        if (opcode == NONE) {
            throw new ProtocolViolation(1002, "continuation of no message (RFC 6455 §5.4)");
        }
        if (++fragments > maxFragments) {
            throw new ProtocolViolation(1008, "message of more than " + maxFragments + " fragments (RFC 6455 §10.4)");
        }
    }

    /** What a transformed message decodes to is limited by the buffer; its input by this, for an encoding may cost a little. */
    private long limit() {
        return transformed ? 1024L + maxMessageBytes + (maxMessageBytes >> 3) : maxMessageBytes;
    }

    void payload(ByteBuf in, int count, int maskingKey) {
        if (transformed) {
            decode(in, count, maskingKey);
        } else if (last && count == wireBytes) {
            whole = new byte[count]; // the usual case: a message in one frame, all of it there
            read(in, count, maskingKey, whole, 0);
        } else {
            int size = buffer.size();
            buffer.reserve(count, last ? wireBytes : maxMessageBytes);
            buffer.advance(count);
            read(in, count, maskingKey, buffer.array(), size);
        }
    }

    private void read(ByteBuf in, int count, int maskingKey, byte[] out, int offset) {
        if (opcode == Opcode.BINARY) {
            Masking.unmask(in, count, out, offset, maskingKey);
        } else if (!Masking.unmaskText(in, count, out, offset, maskingKey) || !utf8.isComplete()) {
            validate(out, offset, offset + count);
        }
    }

    private void decode(ByteBuf in, int count, int maskingKey) {
        byte[] piece = new byte[Math.min(count, PIECE_BYTES)];
        int key = maskingKey;
        for (int left = count; left > 0; left -= piece.length) {
            int length = Math.min(left, piece.length);
            Masking.unmask(in, length, piece, 0, key);
            key = Masking.turn(key, length);
            int before = buffer.size();
            transform().decode(piece, 0, length, buffer);
            validate(buffer.array(), before, buffer.size());
        }
    }

    private PayloadTransform transform() {
        if (transform == null) {
            throw new IllegalStateException("RSV1 without an extension");
        }
        return transform;
    }

    private void validate(byte[] bytes, int start, int end) {
        if (opcode == Opcode.TEXT && !utf8.accept(bytes, start, end)) {
            throw notUtf8();
        }
    }

    private static ProtocolViolation notUtf8() {
        // §8.1: "... finds that the byte stream is not, in fact, a valid UTF-8 stream, that endpoint MUST _Fail the
        // WebSocket
        // Connection_."
        return new ProtocolViolation(1007, "text is not UTF-8 (RFC 6455 §8.1)");
    }

    void end() {
        if (!last) {
            return;
        }
        if (transformed) {
            int before = buffer.size();
            transform().decodeEnd(buffer);
            validate(buffer.array(), before, buffer.size());
        }
        boolean text = opcode == Opcode.TEXT;
        if (text && !utf8.end()) {
            throw notUtf8();
        }
        opcode = NONE; // before the call: whoever asks now finds no message open
        wireBytes = 0;
        byte[] payload = buffer.size() == 0 ? whole : buffer.take();
        whole = EMPTY;
        if (text) {
            listener.onText(Message.textWithoutCopyOrCheck(payload));
        } else {
            listener.onBinary(Message.binaryWithoutCopy(payload));
        }
    }
}
