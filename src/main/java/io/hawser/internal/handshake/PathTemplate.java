package io.hawser.internal.handshake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The path of an endpoint, such as {@code /chat/{room}}, as its segments.
 *
 * @param segments in order; the empty literal at the end stands for a trailing slash
 */
record PathTemplate(List<Segment> segments) {

    /**
     * What stands between two slashes.
     *
     * @param text a literal, percent-decoded, or the name of a parameter
     * @param isParameter which of the two
     */
    record Segment(String text, boolean isParameter) {}

    /** Throws IllegalArgumentException, saying what is wrong, if this is no path template. */
    static PathTemplate parse(String template) {
        require(template.startsWith("/"), "does not begin with a slash", template);
        List<Segment> segments = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int start = 1;
        while (start <= template.length()) {
            int slash = template.indexOf('/', start);
            int end = slash < 0 ? template.length() : slash;
            require(end > start || slash < 0, "has an empty segment", template);
            Segment segment = parseSegment(template.substring(start, end), template);
            require(!segment.isParameter || names.add(segment.text), "names a parameter twice", template);
            segments.add(segment);
            start = end + 1;
        }
        return new PathTemplate(List.copyOf(segments));
    }

    private static Segment parseSegment(String segment, String template) {
        if (segment.startsWith("{") && segment.endsWith("}")) {
            String name = segment.substring(1, segment.length() - 1);
            require(HttpToken.isToken(name), "has a parameter without a proper name", template);
            return new Segment(name, true);
        }
        require(segment.chars().allMatch(PathTemplate::isLiteralCharacter), "has a forbidden character", template);
        require(PercentEncoding.isValid(segment), "has a broken percent-encoding", template);
        String literal = PercentEncoding.decode(segment);
        if (literal == null) {
            throw malformed("has a percent-encoding that is not UTF-8", template);
        }
        return new Segment(literal, false);
    }

    private static boolean isLiteralCharacter(int c) {
        return c > ' ' && c != 0x7F && "{}?#".indexOf(c) < 0;
    }

    private static void require(boolean condition, String complaint, String template) {
        if (!condition) {
            throw malformed(complaint, template);
        }
    }

    private static IllegalArgumentException malformed(String complaint, String template) {
        return new IllegalArgumentException("path template " + complaint + ": " + template);
    }
}
