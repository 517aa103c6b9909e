package io.hawser.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An HTTP response as it came over the wire. */
public record HttpAnswer(String head, String body) {

    /** Reads the next response; its body is as long as its Content-Length says. */
    public static HttpAnswer read(RawClient client) throws IOException {
        String head = client.readHead();
        HttpAnswer answer = new HttpAnswer(head, "");
        int length = answer.header("Content-Length").map(Integer::parseInt).orElse(0);
        return new HttpAnswer(head, new String(client.readBytes(length), StandardCharsets.UTF_8));
    }

    /** The three digits. */
    public int status() {
        if (!head.startsWith("HTTP/1.1 ")) {
            throw new AssertionError("no status line: " + head);
        }
        return Integer.parseInt(head.substring(9, 12));
    }

    /** The value of the only header line of that name. */
    public java.util.Optional<String> header(String name) {
        List<String> values = headers(name);
        if (values.size() > 1) {
            throw new AssertionError("more than one " + name + ": " + head);
        }
        return values.stream().findFirst();
    }

    /** The values of all header lines of that name. */
    public List<String> headers(String name) {
        return head.lines()
                .skip(1)
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .toList();
    }
}
