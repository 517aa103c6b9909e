package io.hawser.internal.handshake;

/** The grammar of an IPv6 address as text (RFC 3986 §3.2.2), without brackets and without a zone. */
final class Ipv6Address {

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
                return isIpv4(text, at, end) && isFull(groups, compressed);
            }
            if (digitsEnd == at || digitsEnd - at > MAX_GROUP_DIGITS) {
                return false;
            }
            groups++;
            at = digitsEnd;
        }
        return isFull(groups, compressed);
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

    private static boolean isIpv4(String text, int start, int end) {
        int at = start;
        for (int part = 0; part < 4; part++) {
            int dot = part == 3 ? end : text.indexOf('.', at);
            if (dot < 0 || dot > end || !isDecimalOctet(text, at, dot)) {
                return false;
            }
            at = dot + 1;
        }
        return true;
    }

    private static boolean isDecimalOctet(String text, int start, int end) {
        int value = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            value = value * 10 + (c - '0');
            if (value > 255) {
                return false;
            }
        }
        boolean leadingZero = end - start > 1 && text.charAt(start) == '0';
        return end > start && !leadingZero;
    }
}
