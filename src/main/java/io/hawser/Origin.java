package io.hawser;

import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An origin as a tuple (RFC 6454 §4).
 *
 * @param scheme in lower case
 * @param host in lower case; an IPv6 address in its brackets
 * @param port the scheme's where none is named; {@link #NO_PORT} if the scheme has none
 */
record Origin(String scheme, String host, int port) {

    private static final int NO_PORT = -1;
    private static final int MAX_PORT = 65535;
    private static final String ANY_LABEL = "*.";

    /**
     * Null for everything but one {@code scheme "://" host [ ":" port ]} (RFC 6454 §6.1): for "null" and for lists as
     * well.
     */
    static @Nullable Origin parse(String text) {
        int colon = text.indexOf("://");
        String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        return isScheme(scheme) ? parseAuthority(scheme, text.substring(colon + 3)) : null;
    }

    private static @Nullable Origin parseAuthority(String scheme, String authority) {
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : endOfName(authority);
        if (end == 0 || authority.startsWith("[") && !isAddress(authority.substring(1, end - 1))) {
            return null;
        }
        int port = end == authority.length() ? defaultPort(scheme) : parsePort(authority, end);
        return port < NO_PORT
                ? null
                : new Origin(scheme, authority.substring(0, end).toLowerCase(Locale.ROOT), port);
    }

    /** RFC 3986 §3.1: {@code scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )}. */
    private static boolean isScheme(String text) {
        return !text.isEmpty()
                && isLetter(text.charAt(0))
                && text.chars().allMatch(c -> isLetter(c) || isDigit(c) || "+-.".indexOf(c) >= 0);
    }

    private static int endOfName(String authority) {
        int at = 0;
        while (at < authority.length() && isNameCharacter(authority.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isNameCharacter(char c) {
        return isLetter(c) || isDigit(c) || "-._~".indexOf(c) >= 0;
    }

    /** Enough to compare by: a text that is no address equals no Host, for those were checked. */
    private static boolean isAddress(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> isDigit(c) || ":.abcdefABCDEF".indexOf(c) >= 0);
    }

    /** Less than {@link #NO_PORT} if what follows the host is no port. */
    private static int parsePort(String authority, int colon) {
        int digits = authority.length() - colon - 1;
        if (authority.charAt(colon) != ':' || digits < 1 || digits > 5) {
            return NO_PORT - 1;
        }
        int port = 0;
        for (int i = colon + 1; i < authority.length(); i++) {
            if (!isDigit(authority.charAt(i))) {
                return NO_PORT - 1;
            }
            port = port * 10 + (authority.charAt(i) - '0');
        }
        return port > MAX_PORT ? NO_PORT - 1 : port;
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http", "ws" -> 80;
            case "https", "wss" -> 443;
            default -> NO_PORT;
        };
    }

    private static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /**
     * Only pages of the web are on the same host as anything: an app's own scheme may put any word where a host stands.
     */
    static boolean isSameHost(String origin, RequestHead request) {
        Origin page = parse(origin);
        if (page == null || !page.scheme.equals("http") && !page.scheme.equals("https")) {
            return false;
        }
        // An empty port means none (RFC 3986 §6.2.3); clients may send it in Host, and never do in Origin.
        String host = request.header("host").orElse("");
        String named = host.endsWith(":") ? host.substring(0, host.length() - 1) : host;
        return page.equals(parseAuthority(page.scheme, named));
    }

    static OriginPolicy allowOnly(String... origins) {
        Set<Origin> exact = new HashSet<>();
        Set<Origin> underAnyLabel = new HashSet<>();
        for (String text : origins) {
            int host = Objects.requireNonNull(text, "origin").indexOf("://") + 3;
            boolean wildcard = text.startsWith(ANY_LABEL, host);
            String literal = wildcard ? text.substring(0, host) + text.substring(host + ANY_LABEL.length()) : text;
            Origin origin = parse(literal);
            if (origin == null || wildcard && !origin.isName()) {
                throw new IllegalArgumentException("not an origin, scheme://host[:port]: " + text);
            }
            (wildcard ? underAnyLabel : exact).add(origin);
        }
        return (origin, request) -> {
            Origin page = parse(origin);
            return page != null && (exact.contains(page) || underAnyLabel.contains(page.withoutFirstLabel()));
        };
    }

    /** A top-level domain begins with a letter, so this is none of the last numbers of an address. */
    private boolean isName() {
        int lastLabel = host.lastIndexOf('.') + 1;
        return lastLabel < host.length() && isLetter(host.charAt(lastLabel));
    }

    /**
     * A host of one label, or an address, is left as it is without its first dot: no wildcard has an empty label before
     * it.
     */
    private Origin withoutFirstLabel() {
        int dot = host.indexOf('.');
        return dot <= 0 ? new Origin(scheme, "", port) : new Origin(scheme, host.substring(dot + 1), port);
    }
}
