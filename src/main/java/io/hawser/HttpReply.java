package io.hawser;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An HTTP response.
 *
 * @param status 200–599
 * @param headers in order; Content-Length and Connection are added by the server
 * @param body the content; must not be written to any more
 * @since 0.1.0
 */
public record HttpReply(int status, List<Map.Entry<String, String>> headers, byte[] body) {

    /**
     * Checks the status and the headers.
     *
     * @param status 200–599
     * @param headers copied
     * @param body not copied
     * @throws IllegalArgumentException if the status is out of range, or a header could end its line
     */
    public HttpReply {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("a final status is 200 to 599: " + status);
        }
        headers = List.copyOf(headers);
        for (Map.Entry<String, String> header : headers) {
            HttpText.requireFreeHeaderName(header.getKey());
            HttpText.requireHeaderValue(header.getValue());
        }
        Objects.requireNonNull(body, "body");
    }

    /**
     * 200 with a text in UTF-8.
     *
     * @param contentType such as {@code text/html}; the charset is added
     * @param text the content
     * @return a reply
     */
    public static HttpReply ok(String contentType, String text) {
        return ok(contentType + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * 200 with bytes.
     *
     * @param contentType such as {@code image/png}
     * @param body the content
     * @return a reply
     */
    public static HttpReply ok(String contentType, byte[] body) {
        return new HttpReply(200, List.of(Map.entry("Content-Type", contentType)), body);
    }

    /**
     * 404.
     *
     * @return a reply
     */
    public static HttpReply notFound() {
        return new HttpReply(
                404,
                List.of(Map.entry("Content-Type", "text/plain; charset=utf-8")),
                "not found\n".getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * This reply with one more header.
     *
     * @param name the header's name
     * @param value visible ASCII, spaces and tabs
     * @return a new reply
     */
    public HttpReply withHeader(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new HttpReply(status, more, body);
    }
}
