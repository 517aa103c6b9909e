package io.hawser.internal.handshake;

/** An IPv6 address as text (RFC 3986 §3.2.2), without brackets and without a zone. */
final class Ipv6Address {

    private static final int BYTES = 16;

    private static final int GROUPS = 8;
    private static final int MAX_GROUP_DIGITS = 4;

    private Ipv6Address() {}

    /** Whether {@code text} from {@code start} to {@code end} is an address. */
    static boolean isValid(String text, int start, int end) {
        int groups = 0;
        boolean compressed = false;
        int at = start;
        while (at < end) {
            if (text.startsWith("::", at)) {
                if (compressed) {
                    return false;
                }
                compressed = true;
                at += 2;
                continue;
            }
            if (at > start && text.charAt(at - 1) != ':') {
                if (text.charAt(at) != ':') {
                    return false;
                }
                at++;
            }
            int digitsEnd = endOfGroup(text, at, end);
            if (digitsEnd < end && text.charAt(digitsEnd) == '.') {
                groups += 2;
                return Ipv4Address.isValid(text, at, end) && isFull(groups, compressed);
            }
            if (digitsEnd == at || digitsEnd - at > MAX_GROUP_DIGITS) {
                return false;
            }
            groups++;
            at = digitsEnd;
        }
        return isFull(groups, compressed);
    }

    /** The bytes of an address; of text that {@link #isValid}. */
    static byte[] bytesOf(String text, int start, int end) {
        byte[] bytes = new byte[BYTES];
        int filled = 0;
        int gap = -1;
        int at = start;
        while (at < end) {
            if (text.startsWith("::", at)) {
                gap = filled;
                at += 2;
            } else if (text.charAt(at) == ':') {
                at++;
            } else {
                int groupEnd = endOfGroup(text, at, end);
                if (groupEnd < end && text.charAt(groupEnd) == '.') {
                    Ipv4Address.copyTo(bytes, filled, text, at);
                    filled += Integer.BYTES;
                    break;
                }
                int group = Integer.parseInt(text, at, groupEnd, 16);
                bytes[filled++] = (byte) (group >> 8);
                bytes[filled++] = (byte) group;
                at = groupEnd;
            }
        }
        return gap < 0 ? bytes : spread(bytes, gap, filled);
    }

    /** Moves what is behind the "::" to the end. */
    private static byte[] spread(byte[] bytes, int gap, int filled) {
        byte[] whole = new byte[BYTES];
        System.arraycopy(bytes, 0, whole, 0, gap);
        System.arraycopy(bytes, gap, whole, BYTES - (filled - gap), filled - gap);
        return whole;
    }

    /** A "::" stands for at least one group of zeros. */
    private static boolean isFull(int groups, boolean compressed) {
        return compressed ? groups < GROUPS : groups == GROUPS;
    }

    private static int endOfGroup(String text, int start, int end) {
        int at = start;
        while (at < end && PercentEncoding.hex(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }
}
