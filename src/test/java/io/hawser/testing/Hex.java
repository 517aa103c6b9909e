package io.hawser.testing;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Bytes as people write them: hexadecimal digits with spaces where they help, {@code m} for the masking key {@code 00000000}, and
 * {@code xx*n} for a byte n times over, {@code [...]*n} for all that is between the brackets.
 */
public final class Hex {

    /** Shorter runs of one byte are written out. */
    private static final int SHORTEST_RUN = 9;

    private static final Pattern REPEATED = Pattern.compile("\\[([^\\]]*)\\]\\*(\\d+)");

    private Hex() {}

    /** The bytes of {@code notation}. */
    public static byte[] bytes(String notation) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String flat = REPEATED.matcher(notation)
                .replaceAll(group -> (group.group(1) + ' ').repeat(Integer.parseInt(group.group(2))));
        for (String word : flat.strip().split("\\s+")) {
            if (word.isEmpty()) {
                continue;
            }
            int star = word.indexOf('*');
            String digits = (star < 0 ? word : word.substring(0, star)).replace("m", "00000000");
            byte[] once = HexFormat.of().parseHex(digits);
            if (star >= 0 && once.length != 1) {
                throw new IllegalArgumentException("one byte is repeated, not " + word);
            }
            int times = star < 0 ? 1 : Integer.parseInt(word.substring(star + 1));
            for (int i = 0; i < times; i++) {
                bytes.writeBytes(once);
            }
        }
        return bytes.toByteArray();
    }

    /** {@code bytes} in the notation that {@link #bytes} reads, without {@code m}. */
    public static String of(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; ) {
            int end = i + 1;
            while (end < bytes.length && bytes[end] == bytes[i]) {
                end++;
            }
            String digits = HexFormat.of().toHexDigits(bytes[i]);
            if (end - i >= SHORTEST_RUN) {
                text.append(' ').append(digits).append('*').append(end - i).append(' ');
            } else {
                text.append(digits.repeat(end - i));
            }
            i = end;
        }
        return text.toString().strip().replace("  ", " ");
    }
}
