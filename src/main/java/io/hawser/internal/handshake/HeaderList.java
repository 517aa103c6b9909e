package io.hawser.internal.handshake;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Headers that are comma-separated lists, over one line or several (RFC 9110 §5.3, §5.6.1). */
final class HeaderList {

    private HeaderList() {}

    /** Whether one element of the list is the token, in any case. */
    static boolean containsToken(List<String> lines, String token) {
        for (String line : lines) {
            if (lineContainsToken(line, token)) {
                return true;
            }
        }
        return false;
    }

    private static boolean lineContainsToken(String line, String token) {
        int start = 0;
        while (start <= line.length()) {
            int comma = line.indexOf(',', start);
            int end = comma < 0 ? line.length() : comma;
            int first = HttpToken.endOfWhiteSpace(line, start);
            int afterToken = first + token.length();
            if (line.regionMatches(true, first, token, 0, token.length())
                    && HttpToken.endOfWhiteSpace(line, afterToken) == end) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    /** The tokens of all lines in order; null if an element is empty, is no token, or was there before. */
    static @Nullable Set<String> uniqueTokens(List<String> lines) {
        Set<String> tokens = new LinkedHashSet<>();
        for (String line : lines) {
            if (!addTokens(tokens, line)) {
                return null;
            }
        }
        return tokens;
    }

    private static boolean addTokens(Set<String> tokens, String line) {
        int at = 0;
        while (true) {
            int start = HttpToken.endOfWhiteSpace(line, at);
            int end = HttpToken.endOfToken(line, start);
            if (end == start || !tokens.add(line.substring(start, end))) {
                return false;
            }
            int comma = HttpToken.endOfWhiteSpace(line, end);
            if (comma == line.length()) {
                return true;
            }
            if (line.charAt(comma) != ',') {
                return false;
            }
            at = comma + 1;
        }
    }
}
