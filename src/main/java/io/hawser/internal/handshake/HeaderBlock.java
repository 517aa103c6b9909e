package io.hawser.internal.handshake;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header lines of a request, and its query, in one string. A session keeps its handshake for as long as it lives:
 * this costs a byte a character, where a table of names and values costs several times that, and nobody can change it
 * later.
 */
final class HeaderBlock {

    /** In the place of a header's key: a question mark is no token. */
    private static final String QUERY = "\n?";

    private final String lines; // (key value)* '\n'; a key begins with a line feed, which no value has

    HeaderBlock(String lines) {
        this.lines = lines;
    }

    /** A copy, or null if a name is not a token or a value has a control character (RFC 9110 §5.1, §5.5). */
    static @Nullable HeaderBlock copyOf(HttpHeaders headers) {
        StringBuilder block = new StringBuilder(512);
        Iterator<Map.Entry<CharSequence, CharSequence>> entries = headers.iteratorCharSequence();
        while (entries.hasNext()) {
            Map.Entry<CharSequence, CharSequence> entry = entries.next();
            String key = HeaderKey.of(entry.getKey());
            if (key == null) {
                return null;
            }
            block.append(key);
            if (!appendValue(block, entry.getValue())) {
                return null;
            }
        }
        return new HeaderBlock(block.append('\n').toString());
    }

    private static boolean appendValue(StringBuilder block, CharSequence value) {
        int end = value.length();
        while (end > 0 && HttpToken.isWhiteSpace(value.charAt(end - 1))) {
            end--;
        }
        for (int i = HttpToken.endOfWhiteSpace(value, 0); i < end; i++) {
            char c = value.charAt(i);
            if (!isFieldCharacter(c)) {
                return false;
            }
            block.append(c);
        }
        return true;
    }

    /** Visible ASCII, white space inside, and obs-text, which the decoder reads as ISO 8859-1. */
    private static boolean isFieldCharacter(char c) {
        return c >= ' ' && c < 0x7F || c == '\t' || c >= 0x80 && c <= 0xFF;
    }

    /** These lines and the query of a request target. */
    HeaderBlock withQuery(String query) {
        return query.isEmpty() ? this : new HeaderBlock(QUERY + query + lines);
    }

    /** The text, from which the same block can be made again. */
    String lines() {
        return lines;
    }

    /** The query; empty if there is none. */
    String query() {
        List<String> found = find(QUERY);
        return found.isEmpty() ? "" : found.get(0);
    }

    /** Every value under a name, a line each, without surrounding white space. */
    List<String> values(String name) {
        String key = HeaderKey.of(name);
        return key == null ? List.of() : find(key);
    }

    boolean contains(String name) {
        return !values(name).isEmpty();
    }

    private List<String> find(String key) {
        List<String> found = List.of();
        int at = lines.indexOf(key);
        while (at >= 0) {
            int value = at + key.length();
            int end = lines.indexOf('\n', value);
            found = append(found, lines.substring(value, end));
            at = lines.indexOf(key, end);
        }
        return found;
    }

    private static List<String> append(List<String> found, String value) {
        if (found.isEmpty()) {
            return List.of(value);
        }
        List<String> more = new ArrayList<>(found);
        more.add(value);
        return more;
    }
}
