package io.hawser.internal.handshake;

import org.jspecify.annotations.Nullable;

/**
 * A request target in origin-form or absolute-form (RFC 9112 §3.2).
 *
 * @param path percent-encoded, beginning with a slash; its encoding is valid UTF-8
 * @param query percent-encoded, without the question mark
 * @param authority null in origin-form
 * @param defaultPort of the scheme in absolute-form
 */
record RequestTarget(String path, String query, @Nullable HostHeader authority, int defaultPort) {

    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";

    /** Null if it is another form, has a fragment, or has a character or an encoding that is not allowed. */
    static @Nullable RequestTarget parse(String target) {
        if (!hasOnlyTargetCharacters(target) || !PercentEncoding.isValid(target)) {
            return null;
        }
        if (target.startsWith("/")) {
            return ofPathAndQuery(target, null, 0);
        }
        // RFC 6455 §4.1: "or be an absolute http/https URI that, when parsed, has a /resource name/, /host/, and
        // /port/"
        if (target.regionMatches(true, 0, HTTP, 0, HTTP.length())) {
            return ofAbsolute(target, HTTP.length(), 80);
        }
        if (target.regionMatches(true, 0, HTTPS, 0, HTTPS.length())) {
            return ofAbsolute(target, HTTPS.length(), 443);
        }
        return null;
    }

    /** Visible ASCII. RFC 6455 §3: fragment identifiers "MUST NOT be used on these URIs". */
    private static boolean hasOnlyTargetCharacters(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '#') {
                return false;
            }
        }
        return true;
    }

    private static @Nullable RequestTarget ofAbsolute(String target, int authorityStart, int defaultPort) {
        int end = authorityStart;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        HostHeader authority = HostHeader.parse(target.substring(authorityStart, end));
        if (authority == null) {
            return null;
        }
        String rest = target.substring(end);
        return ofPathAndQuery(rest.startsWith("/") ? rest : "/" + rest, authority, defaultPort);
    }

    private static @Nullable RequestTarget ofPathAndQuery(
            String pathAndQuery, @Nullable HostHeader authority, int defaultPort) {
        int mark = pathAndQuery.indexOf('?');
        String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
        String query = mark < 0 ? "" : pathAndQuery.substring(mark + 1);
        return PercentEncoding.decode(path) == null ? null : new RequestTarget(path, query, authority, defaultPort);
    }

    /** Whether Host says what an absolute-form says; in origin-form there is nothing to contradict. */
    boolean agreesWith(HostHeader host) {
        return authority == null || authority.isSameAs(host, defaultPort);
    }
}
