package io.hawser.internal.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Validates UTF-8 piece by piece, and fails at the first byte that no valid text can have there: overlong forms, surrogates and what
 * is beyond U+10FFFF included (RFC 6455 §8.1, RFC 3629 §4).
 */
final class Utf8Validator {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    private int missing; // continuation bytes of the character that is open
    private int lowest = 0x80; // bounds of the next of them
    private int highest = 0xBF;

    /** Whether the pieces so far, with this one, can begin a valid text. */
    boolean accept(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end) {
            if (missing == 0) {
                at = skipAscii(bytes, at, end);
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

    private static int skipAscii(byte[] bytes, int start, int end) {
        int at = start;
        while (at <= end - Long.BYTES && ((long) LONG.get(bytes, at) & NOT_ASCII) == 0) {
            at += Long.BYTES;
        }
        while (at < end && bytes[at] >= 0) {
            at++;
        }
        return at;
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
