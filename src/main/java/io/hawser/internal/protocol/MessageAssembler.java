package io.hawser.internal.protocol;

import io.hawser.Message;
import io.hawser.MessagePart;
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
    /** Where parts are wanted, what a piece decodes to, up to a thousand times as much, is to be a few parts at most. */
    private static final int PIECE_FOR_PARTS_BYTES = 256;

    private final FrameConsumer frames;
    private final Utf8Validator utf8 = new Utf8Validator();
    private final MessageBuffer buffer;

    // The connection's
    private MessageRules rules;
    private @Nullable PayloadTransform transform;
    private MessageListener listener;
    private @Nullable MessageParts parts; // null where messages are wanted whole

    private int opcode = NONE; // of the message that is open
    private boolean transformed;
    private int fragments;
    private long wireBytes; // of the frames begun so far, as announced
    private boolean last; // the frame that is open is the message's last

    /** {@code frames} is who calls: asked whether to go on after the listener was called. */
    MessageAssembler(
            MessageRules rules, @Nullable PayloadTransform transform, MessageListener listener, FrameConsumer frames) {
        this.rules = rules;
        this.transform = transform;
        this.listener = listener;
        this.frames = frames;
        this.buffer = new MessageBuffer(rules.maxMessageBytes());
        this.parts = rules.inParts() ? new MessageParts(buffer) : null;
    }

    /** What follows is another connection's; no message is open. */
    void serve(MessageRules itsRules, @Nullable PayloadTransform itsTransform, MessageListener itsListener) {
        transform = itsTransform;
        listener = itsListener;
        if (!rules.equals(itsRules)) { // mostly it is the same endpoint's
            rules = itsRules;
            buffer.limit(itsRules.maxMessageBytes());
            parts = itsRules.inParts() ? new MessageParts(buffer) : null;
        }
    }

    boolean isInsideMessage() {
        return opcode != NONE;
    }

    /** Forgets the message that is open. No frame follows. */
    void discard() {
        opcode = NONE;
        buffer.clear(0);
        if (parts != null) {
            parts.reset();
        }
    }

    /** Memory that is held for a message that is not whole. */
    int heldBytes() {
        return buffer.array().length;
    }

    void header(int frameOpcode, boolean fin, boolean rsv1, long length) {
        if (frameOpcode == Opcode.CONTINUATION) {
            continueMessage();
        } else {
            beginMessage(frameOpcode, rsv1);
        }
        last = fin;
        if (length > limit() - wireBytes) { // never a sum that a hostile length could overflow
            throw MessageBuffer.tooBig(wireBytes + length, rules.maxMessageBytes());
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
        if (++fragments > rules.maxFragments()) {
            throw new ProtocolViolation(
                    1008, "message of more than " + rules.maxFragments() + " fragments (RFC 6455 §10.4)");
        }
    }

    /** What a transformed message decodes to is limited by the buffer; its input by this, for an encoding may cost a little. */
    private long limit() {
        int max = rules.maxMessageBytes();
        return transformed ? 1024L + max + (max >> 3) : max;
    }

    /** More of the frame that is open, its end if it {@code ends} so. Leaves bytes behind where the listener, when called, wants no more. */
    void payload(ByteBuf in, int count, int maskingKey, boolean ends) {
        if (last && count == wireBytes && isTakenWhole(count)) {
            // Not kept in a field in between: G1 would follow that by a fence that waits for all of the new array to be
            // written.
            byte[] whole = new byte[count];
            read(in, count, maskingKey, whole, 0);
            checkEnd();
            end(whole);
            return;
        }
        boolean endsMessage = ends && last;
        int end = in.readerIndex() + count;
        if (transformed) {
            decode(in, count, maskingKey);
        } else if (parts == null) {
            gather(in, count, maskingKey, last ? wireBytes : MessageBuffer.UNKNOWN);
        } else {
            gatherParts(parts, in, count, maskingKey);
        }
        if (endsMessage && in.readerIndex() == end && opcode != NONE) { // all is taken, and the listener has not closed
            endGathered();
        }
    }

    /** Whether a message that is all there is taken at once: the usual case. */
    private boolean isTakenWhole(int count) {
        return !transformed && (parts == null || count <= MessageParts.MAX_PART_BYTES);
    }

    private void gather(ByteBuf in, int count, int maskingKey, long total) {
        int size = buffer.size();
        buffer.reserve(count, total);
        buffer.advance(count);
        read(in, count, maskingKey, buffer.array(), size);
    }

    private void gatherParts(MessageParts toGive, ByteBuf in, int count, int maskingKey) {
        int key = maskingKey;
        int left = count;
        while (left > 0 && !isInterrupted()) {
            int length = Math.min(left, MessageParts.MAX_PART_BYTES - toGive.waiting());
            gather(in, length, key, MessageParts.MAX_PART_BYTES);
            key = Masking.turn(key, length);
            left -= length;
            give(toGive, MessageParts.MAX_PART_BYTES);
        }
    }

    /** Whether the listener, when it was called, ended the message or held back what follows. */
    private boolean isInterrupted() {
        return opcode == NONE || frames.isDone();
    }

    /** What one read brought is given on, though it is not the whole message. */
    void endRead() {
        if (parts != null) {
            give(parts, 1);
        }
    }

    /** Gives parts while there are {@code least} bytes. A listener that ends the message empties the buffer. */
    private void give(MessageParts toGive, int least) {
        while (toGive.waiting() >= least) {
            if (opcode == Opcode.BINARY) {
                listener.onPart(toGive.nextBinary(transformed));
            } else if (toGive.hasCharacter(utf8.isComplete())) {
                listener.onPart(toGive.nextText(transformed, utf8.isComplete()));
            } else {
                return; // the rest of the character is to come
            }
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
        byte[] piece = new byte[Math.min(count, parts == null ? PIECE_BYTES : PIECE_FOR_PARTS_BYTES)];
        int key = maskingKey;
        for (int left = count; left > 0 && !isInterrupted(); left -= piece.length) {
            int length = Math.min(left, piece.length);
            Masking.unmask(in, length, piece, 0, key);
            key = Masking.turn(key, length);
            int before = buffer.size();
            transform().decode(piece, 0, length, buffer);
            validate(buffer.array(), before, buffer.size());
            if (parts != null) {
                give(parts, MessageParts.MAX_PART_BYTES);
            }
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

    /** The last byte is there, all that came in the buffer. */
    private void endGathered() {
        if (transformed) {
            int before = buffer.size();
            transform().decodeEnd(buffer);
            validate(buffer.array(), before, buffer.size());
        }
        checkEnd();
        if (parts == null) {
            end(buffer.take());
        } else {
            give(parts, MessageParts.MAX_PART_BYTES + 1);
            if (opcode != NONE) { // the listener has not closed
                end(parts.last());
            }
        }
    }

    private void checkEnd() {
        if (opcode == Opcode.TEXT && !utf8.end()) {
            throw notUtf8();
        }
    }

    /** The message ends with these bytes: all of it, or its last part. */
    private void end(byte[] rest) {
        boolean text = opcode == Opcode.TEXT;
        opcode = NONE; // before the call: whoever asks now finds no message open
        wireBytes = 0;
        if (parts != null) {
            listener.onPart(text ? MessagePart.text(rest, true) : MessagePart.binary(rest, true));
        } else if (text) {
            listener.onText(Message.textWithoutCopyOrCheck(rest));
        } else {
            listener.onBinary(Message.binaryWithoutCopy(rest));
        }
    }
}
