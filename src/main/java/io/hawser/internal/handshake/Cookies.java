package io.hawser.internal.handshake;

import java.util.List;
import java.util.Optional;

/** The Cookie header: {@code cookie-pair *( ";" SP cookie-pair )} (RFC 6265 §4.2.1). */
final class Cookies {

    private Cookies() {}

    /**
     * The first cookie of a name: user agents put the one with the longer path first (RFC 6265 §5.4). What is no pair
     * is passed over, as are the double quotes that may enclose a value (§4.1.1).
     */
    static Optional<String> find(List<String> lines, String name) {
        for (String line : lines) {
            int start = 0;
            while (start < line.length()) {
                int semicolon = line.indexOf(';', start);
                int end = semicolon < 0 ? line.length() : semicolon;
                String pair = line.substring(start, end).strip();
                int equals = pair.indexOf('=');
                if (equals == name.length() && equals > 0 && pair.startsWith(name)) {
                    return Optional.of(unquoted(pair.substring(equals + 1)));
                }
                start = end + 1;
            }
        }
        return Optional.empty();
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
