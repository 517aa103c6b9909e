package io.hawser.internal.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A node on a request's way as a proxy writes it: an address and perhaps a port (RFC 7239 §6). */
final class ForwardedNode {

    private static final int MAX_PORT = 65535;
    private static final int MAX_PORT_DIGITS = 5;

    private ForwardedNode() {}

    /**
     * The address of a {@code Forwarded} header's node; null for {@code unknown}, for an obfuscated identifier, and for what is none. An
     * obfuscated port is port 0, as none is.
     */
    static @Nullable InetSocketAddress parse(String text) {
        return parse(text, 0, text.length(), true);
    }

    /** As in {@code X-Forwarded-For}, which no standard defines: an IPv6 address may be without its brackets, if no port follows. */
    static @Nullable InetSocketAddress parseLoosely(String text, int start, int end) {
        InetAddress bare = IpAddress.parse(text, start, end);
        return bare == null ? parse(text, start, end, false) : new InetSocketAddress(bare, 0);
    }

    private static @Nullable InetSocketAddress parse(String text, int start, int end, boolean mayHidePort) {
        boolean hasBrackets = start < end && text.charAt(start) == '[';
        int addressStart = hasBrackets ? start + 1 : start;
        int addressEnd = indexOf(hasBrackets ? ']' : ':', text, addressStart, end);
        InetAddress address = isOfKind(hasBrackets, text, addressStart, addressEnd)
                ? IpAddress.parse(text, addressStart, addressEnd)
                : null;
        int portStart = hasBrackets ? addressEnd + 1 : addressEnd;
        if (address == null || portStart > end) {
            return null;
        }
        int port = portStart == end ? 0 : port(text, portStart, end, mayHidePort);
        return port < 0 ? null : new InetSocketAddress(address, port);
    }

    private static boolean isOfKind(boolean hasBrackets, String text, int start, int end) {
        return hasBrackets ? Ipv6Address.isValid(text, start, end) : Ipv4Address.isValid(text, start, end);
    }

    private static int indexOf(char c, String text, int start, int end) {
        int at = start;
        while (at < end && text.charAt(at) != c) {
            at++;
        }
        return at;
    }

    /** RFC 7239 §6: {@code node-port = port / obfport}; negative if it is none. */
    private static int port(String text, int colon, int end, boolean mayHide) {
        int first = colon + 1;
        if (text.charAt(colon) != ':' || first == end) {
            return -1;
        }
        if (mayHide && text.charAt(first) == '_') {
            return isObfuscated(text, first, end) ? 0 : -1;
        }
        if (end - first > MAX_PORT_DIGITS) {
            return -1;
        }
        int port = 0;
        for (int i = first; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            port = port * 10 + (c - '0');
        }
        return port > MAX_PORT ? -1 : port;
    }

    /** RFC 7239 §6: {@code obfport = "_" 1*(ALPHA / DIGIT / "." / "_" / "-")}. */
    private static boolean isObfuscated(String text, int underscore, int end) {
        for (int i = underscore; i < end; i++) {
            char c = text.charAt(i);
            boolean isLetterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!isLetterOrDigit && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return end - underscore > 1;
    }
}
