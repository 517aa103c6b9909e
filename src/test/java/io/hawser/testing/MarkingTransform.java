package io.hawser.testing;

import io.hawser.Message;
import io.hawser.internal.protocol.MessageBuffer;
import io.hawser.internal.protocol.PayloadTransform;
import io.hawser.internal.protocol.ProtocolViolation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The simplest extension there is: it decodes by flipping the lowest bit of each byte, perhaps repeats the byte, holds
 * the last one back until the message ends, and finds a {@code FF} malformed.
 */
public final class MarkingTransform implements PayloadTransform {

    private final int times;
    private int held = -1;
    private int decodedMessages;
    private @Nullable MessageBuffer out;

    /** Decodes each byte to {@code times} bytes. */
    public MarkingTransform(int times) {
        this.times = times;
    }

    /** How often {@link #decodeEnd} was called. */
    public int decodedMessages() {
        return decodedMessages;
    }

    /** Where it was decoded to, the last time. */
    public MessageBuffer decodedInto() {
        return Objects.requireNonNull(out, "nothing was decoded");
    }

    @Override
    public void decode(byte[] input, int offset, int length, MessageBuffer out) {
        this.out = out;
        for (int i = offset; i < offset + length; i++) {
            if (input[i] == (byte) 0xFF) {
                throw new ProtocolViolation(1007, "not decodable");
            }
            flush(out);
            held = (input[i] ^ 1) & 0xFF;
        }
    }

    @Override
    public void decodeEnd(MessageBuffer out) {
        flush(out);
        decodedMessages++;
    }

    private void flush(MessageBuffer out) {
        byte[] one = {(byte) held};
        for (int i = 0; held != -1 && i < times; i++) {
            out.append(one, 0, 1);
        }
        held = -1;
    }

    @Override
    public boolean encodes(Message message) {
        return false;
    }

    @Override
    public void encode(byte[] payload, MessageBuffer out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object sharingKey() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void encodeShared(byte[] payload, MessageBuffer out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void sharedSent(byte[] payload) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void release() {}
}
