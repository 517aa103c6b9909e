package io.hawser.internal.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Percent-encoded UTF-8 (RFC 3986 §2.1, §2.5). */
final class PercentEncoding {

    private static final int TRIPLET = 3;

    private PercentEncoding() {}

    /** Whether two hexadecimal digits follow every percent sign. */
    static boolean isValid(String text) {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + TRIPLET)) {
            if (i + TRIPLET > text.length() || hex(text.charAt(i + 1)) < 0 || hex(text.charAt(i + 2)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The text behind a valid encoding; null if its bytes are not UTF-8. */
    static @Nullable String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes(text)))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    /**
     * A name or a value of a query as a form writes it (application/x-www-form-urlencoded): plus is a space, and what
     * is not UTF-8 becomes U+FFFD.
     */
    static String decodeForm(String text) {
        String spaced = text.replace('+', ' ');
        return spaced.indexOf('%') < 0 ? spaced : new String(bytes(spaced), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        int size = 0;
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] == '%') {
                encoded[size++] = (byte) (hex(encoded[i + 1]) << 4 | hex(encoded[i + 2]));
                i += 2;
            } else {
                encoded[size++] = encoded[i];
            }
        }
        return Arrays.copyOf(encoded, size);
    }

    /**
     * The value of an ASCII hexadecimal digit, or -1; {@link Character#digit} would take the digits of every script.
     */
    static int hex(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
