package io.hawser.internal.handshake;

import org.jspecify.annotations.Nullable;

/**
 * One hop in a {@code Forwarded} header (RFC 7239 §4). Lines are cut into elements from their end: what the nearest proxy wrote stands
 * there, and nothing that a client put before it, such as a quotation mark without its other, changes how that is read.
 */
final class ForwardedElement {

    /** There is no element: a quoted string has no beginning. */
    static final int MALFORMED = -1;

    private final String line;
    private final int end;
    private int at;

    private ForwardedElement(String line, int start, int end) {
        this.line = line;
        this.at = start;
        this.end = end;
    }

    /** Where the last element before {@code end} begins. */
    static int startOfLast(String line, int end) {
        int at = end - 1;
        while (at >= 0 && line.charAt(at) != ',') {
            if (line.charAt(at) == '"') {
                at = openingQuote(line, at);
                if (at < 0) {
                    return MALFORMED;
                }
            }
            at--;
        }
        return at + 1;
    }

    private static int openingQuote(String line, int closing) {
        int at = closing - 1;
        while (at >= 0 && (line.charAt(at) != '"' || isEscaped(line, at))) {
            at--;
        }
        return at;
    }

    private static boolean isEscaped(String line, int quote) {
        int backslashes = 0;
        while (backslashes < quote && line.charAt(quote - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    /** The value of {@code for}; null if there is none, more than one, or the element is malformed. */
    static @Nullable String nodeFor(String line, int start, int end) {
        return new ForwardedElement(line, start, end).nodeFor();
    }

    /** RFC 7239 §4: {@code [ forwarded-pair ] *( ";" [ forwarded-pair ] )}; white space around the semicolons is forgiven. */
    private @Nullable String nodeFor() {
        String node = null;
        while (true) {
            skipWhiteSpace();
            if (at < end && line.charAt(at) != ';') {
                int name = at;
                int nameEnd = skipToken();
                String value = value();
                boolean isFor = nameEnd - name == 3 && line.regionMatches(true, name, "for", 0, 3);
                if (value == null || isFor && node != null) {
                    return null;
                }
                node = isFor ? value : node;
                skipWhiteSpace();
            }
            if (at == end) {
                return node;
            }
            if (line.charAt(at++) != ';') {
                return null;
            }
        }
    }

    private void skipWhiteSpace() {
        while (at < end && HttpToken.isWhiteSpace(line.charAt(at))) {
            at++;
        }
    }

    private int skipToken() {
        while (at < end && HttpToken.isTokenCharacter(line.charAt(at))) {
            at++;
        }
        return at;
    }

    /** RFC 7239 §4: {@code "=" ( token / quoted-string )}. */
    private @Nullable String value() {
        if (at == end || line.charAt(at) != '=') {
            return null;
        }
        int first = ++at;
        if (at < end && line.charAt(at) == '"') {
            return quoted();
        }
        return skipToken() == first ? null : line.substring(first, at);
    }

    private @Nullable String quoted() {
        StringBuilder value = new StringBuilder();
        for (at++; at < end; at++) {
            char c = line.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c == '\\') {
                at++;
                if (at == end) {
                    return null;
                }
            }
            value.append(line.charAt(at));
        }
        return null;
    }
}
