package io.hawser.internal.deflate;

import java.util.Arrays;

/**
 * The last bytes that went through one direction of a session, before compression: what the next message may refer back to (RFC
 * 7692 §7.1.1). Costs no more than the bytes seen so far.
 */
final class PlaintextWindow {

    private static final byte[] EMPTY = {};
    private static final int FIRST_BYTES = 256;

    private final int limitBytes;
    private byte[] bytes = EMPTY;
    private int size;

    PlaintextWindow(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Its bytes, in {@code [0, size())}; valid until the next {@link #append}. */
    byte[] array() {
        return bytes;
    }

    int size() {
        return size;
    }

    void append(byte[] source, int length) {
        int count = Math.min(length, limitBytes);
        int kept = Math.min(size, limitBytes - count);
        if (kept + count > bytes.length) {
            int capacity = Math.max(kept + count, Math.max(FIRST_BYTES, 2 * bytes.length));
            bytes = Arrays.copyOf(bytes, Math.min(capacity, limitBytes));
        }
        System.arraycopy(bytes, size - kept, bytes, 0, kept);
        System.arraycopy(source, length - count, bytes, kept, count);
        size = kept + count;
    }
}
