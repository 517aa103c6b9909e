package io.hawser.internal.protocol;

import java.util.Arrays;

/**
 * A message's payload while it gathers. Grows with the bytes that arrive, never with those announced alone, and refuses to pass its
 * limit.
 */
public final class MessageBuffer {

    private static final byte[] EMPTY = {};
    private static final int FIRST_BYTES = 512;
    /** A message of which less than this part of what is there is missing gets its whole array. */
    private static final int NEARLY_WHOLE = 8;
    /** With so much there, a quarter of the message is enough: doubling would copy a large one once more. */
    private static final int LARGE_BYTES = 64 * 1024;
    /** But never more than this is held ahead of what is there. */
    private static final int MAX_AHEAD_BYTES = 1024 * 1024;

    /** The total of a message whose last frame has not begun. */
    static final long UNKNOWN = Long.MAX_VALUE;

    private int limitBytes;
    private byte[] bytes = EMPTY;
    private int size;
    private int forgotten; // bytes of the message that were here

    /** A buffer for messages of at most {@code limitBytes}. */
    public MessageBuffer(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** The limit from now on; nothing is gathered yet. */
    void limit(int bytes) {
        limitBytes = bytes;
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
        reserve(count, UNKNOWN);
    }

    /** As {@link #reserve(int)}, for a message that will have {@code total} bytes in the end: the array grows no further. */
    void reserve(int count, long total) {
        if (count > remaining()) {
            throw tooBig((long) forgotten + size + count, limitBytes);
        }
        if (count > bytes.length - size) {
            grow(size + count, total);
        }
    }

    /** Bytes that may still come. */
    public int remaining() {
        return limitBytes - forgotten - size;
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

    /** The violation of passing the limit, by one byte at least. */
    public ProtocolViolation tooBig() {
        return tooBig(limitBytes + 1L, limitBytes);
    }

    /** {@code reached} is unsigned: a 63-bit length and what came before it. */
    static ProtocolViolation tooBig(long reached, int limitBytes) {
        String size = Long.toUnsignedString(reached);
        return new ProtocolViolation(
                1009, "message of " + size + " bytes or more, " + limitBytes + " is the limit (RFC 6455 §10.4)");
    }

    /** Hands the bytes over, in an array of just their number, and starts anew without an array. */
    public byte[] take() {
        byte[] taken = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        bytes = EMPTY;
        size = 0;
        forgotten = 0;
        return taken;
    }

    /** Drops the first bytes, which go on counting: the message is no shorter for it. The array is not much larger than what is left. */
    void forgetFirst(int count) {
        int left = size - count;
        if (left == 0) {
            bytes = EMPTY;
        } else if (left < bytes.length / 4) {
            bytes = Arrays.copyOfRange(bytes, count, size);
        } else {
            System.arraycopy(bytes, count, bytes, 0, left);
        }
        size = left;
        forgotten += count;
    }

    /** Forgets the bytes and keeps the array for the next message, unless it is over {@code keepBytes}. */
    public void clear(int keepBytes) {
        size = 0;
        forgotten = 0;
        if (bytes.length > keepBytes) {
            bytes = EMPTY;
        }
    }

    private void grow(int needed, long total) {
        long wanted = deservesWhole(needed, total) ? total : Math.max(FIRST_BYTES, 2L * bytes.length);
        int capacity = (int) Math.max(needed, Math.min(wanted, Math.min(total, limitBytes)));
        bytes = size == 0 ? new byte[capacity] : Arrays.copyOf(bytes, capacity);
    }

    private static boolean deservesWhole(int needed, long total) {
        long ahead = needed < LARGE_BYTES ? needed / NEARLY_WHOLE : Math.min(3L * needed, MAX_AHEAD_BYTES);
        return total - needed < ahead;
    }
}
