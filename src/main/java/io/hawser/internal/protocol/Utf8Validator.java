package io.hawser.internal.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Validates UTF-8 piece by piece, and fails at the first byte that no valid text can have there: overlong forms, surrogates and what
 * is beyond U+10FFFF included (RFC 6455 §8.1, RFC 3629 §4).
 */
final class Utf8Validator {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    private int missing; // continuation bytes of the character that is open
    private int lowest = 0x80; // bounds of the next of them
    private int highest = 0xBF;

    /** Whether the pieces so far, with this one, can begin a valid text. */
    boolean accept(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end) {
            if (missing == 0) {
                at = skipCharacters(bytes, at, end);
                if (at < end && !lead(bytes[at++] & 0xFF)) {
                    return false;
                }
            } else if (!continuation(bytes[at++] & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the text may end here; gets ready for the next one. */
    boolean end() {
        boolean complete = missing == 0;
        missing = 0;
        lowest = 0x80;
        highest = 0xBF;
        return complete;
    }

    /** Whether the text so far ends with a whole character. */
    boolean isComplete() {
        return missing == 0;
    }

    /**
     * The quick way over whole characters of one to three bytes. Stops at what is not one of them, be it cut, longer or wrong: that
     * is for {@link #lead} and {@link #continuation} to say.
     */
    private static int skipCharacters(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end) {
            byte first = bytes[at];
            int next;
            if (first >= 0) {
                next = skipAscii(bytes, at, end);
            } else if (first < (byte) 0xE0) {
                next = at + twoByteLength(bytes, at, end);
            } else {
                next = at + threeByteLength(bytes, at, end);
            }
            if (next == at) {
                return at;
            }
            at = next;
        }
        return at;
    }

    private static int twoByteLength(byte[] bytes, int at, int end) {
        return end - at >= 2 && bytes[at] >= (byte) 0xC2 && isContinuation(bytes[at + 1]) ? 2 : 0;
    }

    private static int threeByteLength(byte[] bytes, int at, int end) {
        if (end - at < 3
                || bytes[at] >= (byte) 0xF0
                || !isContinuation(bytes[at + 1])
                || !isContinuation(bytes[at + 2])) {
            return 0;
        }
        int upperBits = (bytes[at] & 0x0F) << 6 | bytes[at + 1] & 0x3F; // the code point without its last six bits
        boolean overlong = upperBits < 0x800 >> 6;
        boolean surrogate = upperBits >= 0xD800 >> 6 && upperBits <= 0xDFFF >> 6;
        return overlong || surrogate ? 0 : 3;
    }

    private static boolean isContinuation(byte b) {
        return b <= (byte) 0xBF;
    }

    private static int skipAscii(byte[] bytes, int start, int end) {
        int at = start;
        // By four: a branch for each word would cost more than reading it. The first apart, for runs are often short.
        while (at <= end - 4 * Long.BYTES
                && ((long) LONG.get(bytes, at) & NOT_ASCII) == 0
                && (nextThreeWords(bytes, at) & NOT_ASCII) == 0) {
            at += 4 * Long.BYTES;
        }
        while (at <= end - Long.BYTES && ((long) LONG.get(bytes, at) & NOT_ASCII) == 0) {
            at += Long.BYTES;
        }
        while (at < end && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    private static long nextThreeWords(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at + Long.BYTES)
                | (long) LONG.get(bytes, at + 2 * Long.BYTES)
                | (long) LONG.get(bytes, at + 3 * Long.BYTES);
    }

    private boolean lead(int b) {
        if (b < 0xC2 || b > 0xF4) {
            return false; // a continuation, an overlong form of ASCII, or beyond U+10FFFF
        }
        missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
        switch (b) {
            case 0xE0 -> lowest = 0xA0; // overlong below
            case 0xED -> highest = 0x9F; // surrogates above
            case 0xF0 -> lowest = 0x90; // overlong below
            case 0xF4 -> highest = 0x8F; // beyond U+10FFFF above
            default -> {}
        }
        return true;
    }

    private boolean continuation(int b) {
        if (b < lowest || b > highest) {
            return false;
        }
        lowest = 0x80;
        highest = 0xBF;
        missing--;
        return true;
    }
}
