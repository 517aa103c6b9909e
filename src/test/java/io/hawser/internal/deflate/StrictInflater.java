package io.hawser.internal.deflate;

import java.util.Arrays;

/**
 * RFC 1951 by the letter, slow and strict: an inflater of a given window, which Java's is not. It refuses distances beyond that
 * window or beyond the bytes so far, incomplete codes, and streams that do not end with the empty stored block of RFC 7692 §7.2.1.
 */
final class StrictInflater {

    private static final int[] LENGTH_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258
    };
    private static final int[] LENGTH_EXTRA = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
    };
    private static final int[] CODE_LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private final int windowBytes;
    private final boolean contextTakeover;
    private byte[] seen = new byte[1 << 12];
    private int size;
    private int largestDistance;

    private byte[] in = {};
    private int bit;

    StrictInflater(int windowBits, boolean contextTakeover) {
        this.windowBytes = 1 << windowBits;
        this.contextTakeover = contextTakeover;
    }

    /** The largest distance that any message used. */
    int largestDistance() {
        return largestDistance;
    }

    /** The plaintext of the next message. */
    byte[] message(byte[] compressed) {
        if (!contextTakeover) {
            size = 0;
        }
        int start = size;
        in = Arrays.copyOf(compressed, compressed.length + TAIL.length);
        System.arraycopy(TAIL, 0, in, compressed.length, TAIL.length);
        bit = 0;
        boolean emptyStored = false;
        while (bit < in.length * 8) {
            emptyStored = block();
        }
        require(emptyStored, "message does not end with an empty stored block");
        return Arrays.copyOfRange(seen, start, size);
    }

    /** True for an empty stored block. */
    private boolean block() {
        require(bits(1) == 0, "final block");
        int type = bits(2);
        if (type == 0) {
            bit = (bit + 7) / 8 * 8;
            int length = bits(16);
            require((length ^ 0xFFFF) == bits(16), "LEN and NLEN differ");
            for (int i = 0; i < length; i++) {
                put(bits(8));
            }
            return length == 0;
        }
        require(type != 3, "reserved block type");
        if (type == 1) {
            int[] literals = new int[288];
            Arrays.fill(literals, 0, 144, 8);
            Arrays.fill(literals, 144, 256, 9);
            Arrays.fill(literals, 256, 280, 7);
            Arrays.fill(literals, 280, 288, 8);
            int[] distances = new int[32];
            Arrays.fill(distances, 5);
            symbols(new Code(literals), new Code(distances));
        } else {
            dynamic();
        }
        return false;
    }

    private void dynamic() {
        int literalCount = bits(5) + 257;
        int distanceCount = bits(5) + 1;
        int codeLengthCount = bits(4) + 4;
        int[] codeLengths = new int[19];
        for (int i = 0; i < codeLengthCount; i++) {
            codeLengths[CODE_LENGTH_ORDER[i]] = bits(3);
        }
        Code lengthCode = new Code(codeLengths);
        int[] lengths = new int[literalCount + distanceCount];
        for (int i = 0; i < lengths.length; ) {
            int symbol = next(lengthCode);
            if (symbol < 16) {
                lengths[i++] = symbol;
            } else {
                int previous = symbol == 16 ? lengths[i - 1] : 0;
                int times = symbol == 16 ? bits(2) + 3 : symbol == 17 ? bits(3) + 3 : bits(7) + 11;
                Arrays.fill(lengths, i, i + times, previous);
                i += times;
            }
        }
        symbols(
                new Code(Arrays.copyOf(lengths, literalCount)),
                new Code(Arrays.copyOfRange(lengths, literalCount, lengths.length)));
    }

    private void symbols(Code literals, Code distances) {
        for (int symbol = next(literals); symbol != 256; symbol = next(literals)) {
            if (symbol < 256) {
                put(symbol);
            } else {
                int length = LENGTH_BASE[symbol - 257] + bits(LENGTH_EXTRA[symbol - 257]);
                int distanceSymbol = next(distances);
                require(distanceSymbol < 30, "reserved distance");
                int extra = Math.max(0, distanceSymbol / 2 - 1);
                int base = distanceSymbol < 4 ? distanceSymbol + 1 : (2 + distanceSymbol % 2 << extra) + 1;
                int distance = base + bits(extra);
                if (distance > windowBytes || distance > size) {
                    throw new AssertionError(
                            "distance " + distance + " in a window of " + windowBytes + ", after " + size + " bytes");
                }
                largestDistance = Math.max(largestDistance, distance);
                for (int i = 0; i < length; i++) {
                    put(seen[size - distance]);
                }
            }
        }
    }

    private int next(Code code) {
        int value = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length < code.counts.length; length++) {
            value |= bits(1);
            int count = code.counts[length];
            if (value - count < first) {
                return code.symbols[index + value - first];
            }
            index += count;
            first = first + count << 1;
            value <<= 1;
        }
        throw new AssertionError("no such code");
    }

    private int bits(int count) {
        require(bit + count <= in.length * 8, "message is cut short");
        int value = 0;
        for (int i = 0; i < count; i++, bit++) {
            value |= (in[bit >> 3] >> (bit & 7) & 1) << i;
        }
        return value;
    }

    private void put(int value) {
        if (size == seen.length) {
            seen = Arrays.copyOf(seen, 2 * size);
        }
        seen[size++] = (byte) value;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    /** A canonical Huffman code (RFC 1951 §3.2.2). */
    private static final class Code {
        final int[] counts = new int[16];
        final int[] symbols;

        Code(int[] lengths) {
            for (int length : lengths) {
                counts[length]++;
            }
            counts[0] = 0;
            symbols = new int[lengths.length];
            int at = 0;
            for (int length = 1; length < counts.length; length++) {
                for (int symbol = 0; symbol < lengths.length; symbol++) {
                    if (lengths[symbol] == length) {
                        symbols[at++] = symbol;
                    }
                }
            }
        }
    }
}
