package io.hawser.testing;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The text of an HTTP request head, to be changed line by line, and what Netty's decoder makes of it. */
public final class RequestText {

    private String requestLine;
    private final List<String> headers;

    private RequestText(String requestLine, List<String> headers) {
        this.requestLine = requestLine;
        this.headers = new ArrayList<>(headers);
    }

    /** The handshake of RFC 6455 §1.3, less its optional headers. */
    public static RequestText upgrade(String target) {
        return new RequestText(
                "GET " + target + " HTTP/1.1",
                List.of(
                        "Host: server.example.com",
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        "Sec-WebSocket-Version: 13"));
    }

    /** A request with a Host and nothing else. */
    public static RequestText plain(String requestLine) {
        return new RequestText(requestLine, List.of("Host: server.example.com"));
    }

    public RequestText requestLine(String line) {
        requestLine = line;
        return this;
    }

    /** Adds a line at the end. */
    public RequestText with(String line) {
        headers.add(line);
        return this;
    }

    /** Takes every line of that name away. */
    public RequestText without(String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        headers.removeIf(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix));
        return this;
    }

    /** Puts a line in place of every line of that name. */
    public RequestText set(String name, String value) {
        return without(name).with(name + ": " + value);
    }

    @Override
    public String toString() {
        return requestLine + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    /** The head as Netty's decoder gives it to the next handler. */
    public HttpRequest decode() {
        return decode(toString());
    }

    /** The first head in a text of ISO 8859-1. */
    public static HttpRequest decode(String text) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
        try {
            channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
            HttpRequest head = channel.readInbound();
            if (head == null) {
                throw new AssertionError("no whole request head in: " + text);
            }
            return head;
        } finally {
            channel.finishAndReleaseAll();
        }
    }
}
