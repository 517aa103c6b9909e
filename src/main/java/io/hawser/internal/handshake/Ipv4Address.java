package io.hawser.internal.handshake;

/** An IPv4 address as text: four decimal numbers (RFC 3986 §3.2.2), none of the other forms that some libraries forgive. */
final class Ipv4Address {

    private static final int PARTS = 4;
    private static final int MAX_PART = 255;
    private static final int MAX_PART_DIGITS = 3;

    private Ipv4Address() {}

    /** Whether {@code text} from {@code start} to {@code end} is an address. */
    static boolean isValid(String text, int start, int end) {
        int at = start;
        for (int part = 0; part < PARTS; part++) {
            int dot = part == PARTS - 1 ? end : endOfDigits(text, at, end);
            if (!isDecimalOctet(text, at, dot) || part < PARTS - 1 && (dot == end || text.charAt(dot) != '.')) {
                return false;
            }
            at = dot + 1;
        }
        return true;
    }

    private static int endOfDigits(String text, int start, int end) {
        int at = start;
        while (at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static boolean isDecimalOctet(String text, int start, int end) {
        if (end == start || end - start > MAX_PART_DIGITS || endOfDigits(text, start, end) < end) {
            return false;
        }
        boolean leadingZero = end - start > 1 && text.charAt(start) == '0'; // which some would read as octal
        return !leadingZero && Integer.parseInt(text, start, end, 10) <= MAX_PART;
    }

    /** The bytes of an address; of text that {@link #isValid}. */
    static byte[] bytesOf(String text, int start) {
        byte[] bytes = new byte[PARTS];
        copyTo(bytes, 0, text, start);
        return bytes;
    }

    static void copyTo(byte[] bytes, int offset, String text, int start) {
        int at = start;
        for (int part = 0; part < PARTS; part++) {
            int end = endOfDigits(text, at, text.length());
            bytes[offset + part] = (byte) Integer.parseInt(text, at, end, 10);
            at = end + 1;
        }
    }
}
