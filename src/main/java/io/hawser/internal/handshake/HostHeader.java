package io.hawser.internal.handshake;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A Host header, or the authority of a request target: {@code host [":" port]} (RFC 9110 §7.2).
 *
 * @param host in lower case; an IPv6 address in its brackets
 * @param port {@link #NO_PORT} if none is named
 */
record HostHeader(String host, int port) {

    static final int NO_PORT = -1;

    private static final int MAX_PORT = 65535;
    private static final int MAX_PORT_DIGITS = 5;

    /**
     * Null if this is no host. Names are what DNS and its kin can look up: letters, digits, {@code -._~}; the other
     * characters that RFC 3986 §3.2.2 permits in a reg-name serve only those who mean to confuse parsers.
     */
    static @Nullable HostHeader parse(String value) {
        int end = value.startsWith("[") ? value.indexOf(']') + 1 : endOfName(value);
        if (end == 0 || value.startsWith("[") && !Ipv6Address.isValid(value, 1, end - 1)) {
            return null;
        }
        int port = parsePort(value, end);
        return port < NO_PORT ? null : new HostHeader(value.substring(0, end).toLowerCase(Locale.ROOT), port);
    }

    private static int endOfName(String value) {
        int at = 0;
        while (at < value.length() && isNameCharacter(value.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~".indexOf(c) >= 0;
    }

    /**
     * {@link #NO_PORT} if there is none or it is empty, less if it is wrong. RFC 3986 §3.2.3: {@code port = *DIGIT}.
     */
    private static int parsePort(String value, int colon) {
        if (colon == value.length()) {
            return NO_PORT;
        }
        int first = colon + 1;
        if (value.charAt(colon) != ':' || value.length() - first > MAX_PORT_DIGITS) {
            return NO_PORT - 1;
        }
        int port = 0;
        for (int i = first; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return NO_PORT - 1;
            }
            port = port * 10 + (c - '0');
        }
        if (port > MAX_PORT) {
            return NO_PORT - 1;
        }
        return first == value.length() ? NO_PORT : port;
    }

    /** Whether both name the same host and port, where a port that is not named is the scheme's. */
    boolean isSameAs(HostHeader other, int defaultPort) {
        return host.equals(other.host) && portOr(defaultPort) == other.portOr(defaultPort);
    }

    private int portOr(int defaultPort) {
        return port == NO_PORT ? defaultPort : port;
    }
}
