package io.hawser;

import java.util.Locale;
import java.util.Set;

/** What may stand in an HTTP header that a program gives us: nothing that ends the line (RFC 9110 §5.5, §5.6.2). */
final class HttpText {

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final Set<String> RESERVED = Set.of("connection", "upgrade", "content-length", "transfer-encoding");

    private HttpText() {}

    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(HttpText::isTokenCharacter);
    }

    private static boolean isTokenCharacter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || TOKEN_MARKS.indexOf(c) >= 0;
    }

    /** A header name that is not ours to set: the handshake writes those of the connection itself. */
    static String requireFreeHeaderName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!isToken(name) || RESERVED.contains(lower) || lower.startsWith("sec-websocket-")) {
            throw new IllegalArgumentException("not a header name that may be set here");
        }
        return name;
    }

    static String requireHeaderValue(String value) {
        if (!value.chars().allMatch(c -> c >= 0x20 && c <= 0x7E || c == '\t')) {
            throw new IllegalArgumentException("a header value is visible ASCII, spaces and tabs (RFC 9110 §5.5)");
        }
        return value;
    }
}
