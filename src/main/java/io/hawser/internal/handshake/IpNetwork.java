package io.hawser.internal.handshake;

import java.net.InetAddress;

/** Addresses with a common prefix (RFC 4632 §3.1, RFC 4291 §2.3). */
final class IpNetwork {

    private static final int MAPPED_BITS = 96;

    private final byte[] prefix;
    private final int bits;

    private IpNetwork(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /** A network such as {@code 10.0.0.0/8} or {@code fd00::/8}, or a single address; throws IllegalArgumentException. */
    static IpNetwork parse(String text) {
        int slash = text.indexOf('/');
        int end = slash < 0 ? text.length() : slash;
        InetAddress address = IpAddress.parse(text, 0, end);
        if (address == null) {
            throw malformed(text);
        }
        byte[] bytes = IpAddress.bytesOf(address);
        int most = bytes.length * Byte.SIZE;
        boolean isMapped = most == Integer.SIZE && text.indexOf(':') >= 0;
        int bits = slash < 0 ? most : prefixLength(text, slash + 1) - (isMapped ? MAPPED_BITS : 0);
        if (bits < 0 || bits > most) {
            throw malformed(text);
        }
        return new IpNetwork(bytes, bits);
    }

    private static int prefixLength(String text, int start) {
        int length = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || i - start >= 3) {
                throw malformed(text);
            }
            length = length * 10 + (c - '0');
        }
        if (start == text.length()) {
            throw malformed(text);
        }
        return length;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("not a network, such as 10.0.0.0/8 or fd00::/8: " + text);
    }

    boolean contains(InetAddress address) {
        byte[] bytes = IpAddress.bytesOf(address);
        if (bytes.length != prefix.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (bytes[i] != prefix[i]) {
                return false;
            }
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || (bytes[whole] ^ prefix[whole]) >> (Byte.SIZE - rest) == 0;
    }
}
