package io.hawser.internal.deflate;

import java.io.ByteArrayOutputStream;

/** A block of fixed Huffman codes (RFC 1951 §3.2.6), written by hand: for references that no deflater would make. */
final class FixedBlock {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int bits = 2; // BFINAL 0, BTYPE 01
    private int bitCount = 3;

    /** A copy of 3 to 10 bytes from {@code distance} bytes back. */
    FixedBlock match(int length, int distance) {
        code(length - 2, 7); // 257 and up: seven bits, counted from 1
        int extra = 0;
        while (distance - 1 >> extra + 2 != 0) {
            extra++;
        }
        // RFC 1951 §3.2.5: the two leading bits of distance-1 choose the code, the others follow.
        int symbol = distance <= 4 ? distance - 1 : 2 * extra + (distance - 1 >> extra);
        code(symbol, 5);
        append(distance - 1 & (1 << extra) - 1, distance <= 4 ? 0 : extra);
        return this;
    }

    /** Ends the block, and the message with the header of an empty stored one. */
    byte[] message() {
        code(0, 7);
        append(0, 3);
        append(0, -bitCount & 7);
        return out.toByteArray();
    }

    /** Codes go most significant bit first. */
    private void code(int code, int count) {
        append(Integer.reverse(code) >>> 32 - count, count);
    }

    private void append(int value, int count) {
        bits |= value << bitCount;
        bitCount += count;
        while (bitCount >= 8) {
            out.write(bits);
            bits >>>= 8;
            bitCount -= 8;
        }
    }
}
