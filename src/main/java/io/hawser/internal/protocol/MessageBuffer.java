package io.hawser.internal.protocol;

import java.util.Arrays;

/**
 * A message's payload while it gathers. Grows with the bytes that arrive, never with those announced, and refuses to pass its
 * limit.
 */
public final class MessageBuffer {

    private static final byte[] EMPTY = {};
    private static final int FIRST_BYTES = 512;

    private final int limitBytes;
    private byte[] bytes = EMPTY;
    private int size;

    /** A buffer for messages of at most {@code limitBytes}. */
    public MessageBuffer(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** The bytes gathered so far, in {@code [0, size())}; valid until the next growth. */
    public byte[] array() {
        return bytes;
    }

    /** Number of bytes gathered. */
    public int size() {
        return size;
    }

    /**
     * Makes room for {@code count} more bytes at {@link #size()}, to be counted by {@link #advance}.
     *
     * @throws ProtocolViolation 1009 if the limit would be passed
     */
    public void reserve(int count) {
        reserve(count, limitBytes);
    }

    /**
     * As {@link #reserve(int)}, for a message that will have {@code announced} bytes as far as is known: what grows does not grow
     * beyond that.
     */
    void reserve(int count, int announced) {
        if (count > limitBytes - size) {
            throw tooBig();
        }
        if (count > bytes.length - size) {
            grow(size + count, announced);
        }
    }

    /** Bytes that may still come. */
    public int remaining() {
        return limitBytes - size;
    }

    /** Counts bytes that were put behind {@link #size()}. */
    public void advance(int count) {
        size += count;
    }

    /** Appends bytes. */
    public void append(byte[] source, int offset, int count) {
        reserve(count);
        System.arraycopy(source, offset, bytes, size, count);
        size += count;
    }

    /** The violation of passing the limit. */
    public ProtocolViolation tooBig() {
        return new ProtocolViolation(1009, "message is over the limit of " + limitBytes + " bytes (RFC 6455 §10.4)");
    }

    /** Hands the bytes over, in an array of just their number, and starts anew without an array. */
    public byte[] take() {
        byte[] taken = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        bytes = EMPTY;
        size = 0;
        return taken;
    }

    /** Forgets the bytes and keeps the array for the next message, unless it is over {@code keepBytes}. */
    public void clear(int keepBytes) {
        size = 0;
        if (bytes.length > keepBytes) {
            bytes = EMPTY;
        }
    }

    private void grow(int needed, int announced) {
        // Doubling makes the copies of a growing message linear in its size; the last step fits it exactly.
        long doubled = Math.max(FIRST_BYTES, 2L * bytes.length);
        int capacity = (int) Math.max(needed, Math.min(doubled, announced));
        bytes = Arrays.copyOf(bytes, capacity);
    }
}
