package io.hawser.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Request heads that must not be served, byte for byte, and the status each gets: what smuggles requests past a proxy, what Netty's
 * own WebSocket server lets through, and what brought other servers down. Each has {@link #MARK} in it where that is possible.
 */
public final class BadRequests {

    /** Text of the client's that no answer and no log line may repeat. */
    public static final String MARK = "zQx7jW";

    /** One of them; {@code bytes} one a character. */
    public record BadRequest(String name, String bytes, int status) {
        /** Whether the answer has no body. */
        public boolean isHead() {
            return bytes.startsWith("HEAD ");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String VERSION = "Sec-WebSocket-Version: 13\r\n";
    private static final String UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
    private static final String HOST = "Host: localhost\r\n";
    private static final String LINE = "GET /echo?" + MARK + " HTTP/1.1\r\n";
    private static final String RIGHT = LINE + HOST + UPGRADE + VERSION + KEY;

    private BadRequests() {}

    /** A right handshake, and one more header line. */
    private static BadRequest with(String name, String headerLine, int status) {
        return new BadRequest(name, RIGHT + headerLine + "\r\n\r\n", status);
    }

    /** A right handshake with something else for a part of it. */
    private static BadRequest but(String name, String part, String replacement, int status) {
        return new BadRequest(name, (RIGHT + "\r\n").replace(part, replacement), status);
    }

    /** Lines and bytes that HTTP forbids (RFC 9112). */
    public static List<BadRequest> http() {
        return List.of(
                but("line feeds alone", "\r\n", "\n", 400),
                but("carriage returns alone", "\r\n", "\r", 400),
                but("one line feed alone", HOST, "Host: localhost\n", 400),
                but("space before the colon", "Host:", "Host :", 400),
                with("no colon", "X-" + MARK, 400),
                with("no name", ": " + MARK, 400),
                with("folded header", "X-Mark: a\r\n " + MARK, 400),
                with("folded header with a tab", "X-Mark: a\r\n\t" + MARK, 400),
                new BadRequest("first header line folded", LINE + " " + HOST + UPGRADE + VERSION + KEY + "\r\n", 400),
                new BadRequest("NUL before GET", "\0" + RIGHT + "\r\n", 400),
                new BadRequest("SOH before GET", "\1" + RIGHT + "\r\n", 400),
                new BadRequest("space before GET", " " + RIGHT + "\r\n", 400),
                new BadRequest("two empty lines before GET", "\r\n\r\n" + RIGHT + "\r\n", 400),
                but("NUL in the target", "/echo", "/echo\0", 400),
                but("NUL in a header name", "Host", "Ho\0st", 400),
                with("NUL in a header value", "X-Mark: " + MARK + "\0", 400),
                with("DEL in a header value", "X-Mark: " + MARK + "\177", 400),
                but("tab in the target", "/echo", "/echo\t", 400),
                but("two spaces in the request line", " HTTP", "  HTTP", 400),
                but("no version", " HTTP/1.1", "", 400),
                but("four words in the request line", " HTTP", " " + MARK + " HTTP", 400),
                but("space behind the version", "HTTP/1.1", "HTTP/1.1 ", 400),
                but("http/1.1 in lower case", "HTTP/1.1", "http/1.1", 400),
                but("a word for a version", "HTTP/1.1", MARK, 400),
                but("HTTP/1.0", "HTTP/1.1", "HTTP/1.0", 505),
                but("HTTP/1.9", "HTTP/1.1", "HTTP/1.9", 505),
                but("HTTP/2.0", "HTTP/1.1", "HTTP/2.0", 505),
                but("HTTP/3.0", "HTTP/1.1", "HTTP/3.0", 505),
                but("target not ASCII", "/echo", "/ech\u00f6", 400),
                but("target with a fragment", "/echo", "/echo#" + MARK, 400),
                but("target of no form", "/echo", "echo", 400),
                but("absolute form with another authority", "/echo", "http://" + MARK + ".example/echo", 400),
                but("asterisk form", "/echo?" + MARK, "*", 400),
                but("OPTIONS *", "GET /echo?" + MARK, "OPTIONS *", 405),
                new BadRequest("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
                new BadRequest("a TLS ClientHello", clientHello(), 400));
    }

    /** Bodies, whole and half, right and wrong, and what else is sent before the answer (RFC 6455 §4.1). */
    public static List<BadRequest> bodies() {
        return List.of(
                new BadRequest("a body on GET", RIGHT + "Content-Length: 5\r\n\r\nhello", 400),
                with("a body announced", "Content-Length: 5", 400),
                with("two equal lengths", "Content-Length: 5\r\nContent-Length: 5", 400),
                with("two equal lengths of nothing", "Content-Length: 0\r\nContent-Length: 0", 400),
                with("two different lengths", "Content-Length: 0\r\nContent-Length: 6", 400),
                with("length with a plus", "Content-Length: +1", 400),
                with("negative length", "Content-Length: -1", 400),
                with("list of lengths", "Content-Length: 1,1", 400),
                with("length in hex", "Content-Length: 0x1", 400),
                with("empty length", "Content-Length:", 400),
                with("length and transfer coding", "Content-Length: 5\r\nTransfer-Encoding: chunked", 400),
                with("transfer coding", "Transfer-Encoding: chunked", 400),
                with("transfer coding in the middle", "Transfer-Encoding: chunked, identity", 400),
                with("transfer coding of no name", "Transfer-Encoding: xchunked", 400),
                with("transfer coding twice", "Transfer-Encoding: chunked, chunked", 400),
                new BadRequest(
                        "transfer coding in HTTP/1.0",
                        "POST /" + MARK + " HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n",
                        400),
                chunks("quoted chunk extension", "1;a=\"\r\n0\r\n\r\nGET /" + MARK + " HTTP/1.1\r\n\r\n"),
                chunks("chunk size of 17 digits", "10000000000000000\r\n" + MARK),
                chunks("chunk with a line feed alone", "1\na\n0\n\n"),
                chunks("chunk with a space first", " 1\r\na\r\n0\r\n\r\n"),
                with("compressed body", "Content-Encoding: br\r\nContent-Length: 3\r\n\r\n\1\2", 400),
                with("expectation", "Expect: 100-continue", 400),
                new BadRequest("one byte more", RIGHT + "\r\nG", 400),
                new BadRequest("a line end more", RIGHT + "\r\n\r\n", 400),
                new BadRequest("a frame too early", RIGHT + "\r\n\u0081\u0080\0\0\0\0", 400),
                new BadRequest("three pipelined handshakes", (RIGHT + "\r\n").repeat(3), 400),
                new BadRequest(
                        "a plain request behind", RIGHT + "\r\nGET /" + MARK + " HTTP/1.1\r\n" + HOST + "\r\n", 400));
    }

    private static BadRequest chunks(String name, String body) {
        return with(name, "Transfer-Encoding: chunked\r\n\r\n" + body, 400);
    }

    /** Requests over the limits of {@link io.hawser.HttpLimits}. */
    public static List<BadRequest> tooLong() {
        return List.of(
                new BadRequest("request line of 8,193 bytes", sized(8193, 0), 414),
                new BadRequest("header lines of 16,385 bytes", sized(100, 16_385), 431),
                but("101 header lines", KEY, KEY + "X-Mark: 1\r\n".repeat(96), 431),
                but("500 times the same header", KEY, KEY + "Cookie: a=b\r\n".repeat(495), 431),
                but("2,000 header lines", KEY, KEY + "a: b\r\n".repeat(1995), 431),
                but("one header of 1 MiB", KEY, KEY + "X-Mark: " + MARK.repeat(174_763) + "\r\n", 431),
                but("a header name of 64 KiB", KEY, KEY + MARK.repeat(10_923) + ": 1\r\n", 431),
                new BadRequest("a request line without end", "GET /" + MARK.repeat(20_000), 414));
    }

    /**
     * A right handshake whose request line and header lines, without their line ends, have these sizes; 0 means as small as it goes.
     */
    public static String sized(int requestLineBytes, int headerBytes) {
        String line = "GET /echo?" + "q".repeat(requestLineBytes - "GET /echo? HTTP/1.1".length()) + " HTTP/1.1\r\n";
        String headers = HOST + UPGRADE + VERSION + KEY;
        int room = headerBytes - headers.replace("\r\n", "").length() - "X-Mark: ".length();
        return line + headers + (room > 0 ? "X-Mark: " + "v".repeat(room) + "\r\n" : "") + "\r\n";
    }

    /** Breaches of RFC 6455 §4.2.1 and of its drafts. */
    public static List<BadRequest> handshakes() {
        return List.of(
                but("no Host", HOST, "", 400),
                but("two Hosts", HOST, HOST + HOST, 400),
                but("Host with a space", "localhost", "local host", 400),
                but("Host with a user", "localhost", "localhost@" + MARK, 400),
                but("Host with port 99999", "localhost", "localhost:99999", 400),
                but("Host not ASCII", "localhost", "l\u00f6calhost", 400),
                but("no Upgrade", "Upgrade: websocket\r\n", "", 426),
                but("Upgrade to h2c", "Upgrade: websocket", "Upgrade: h2c", 426),
                but("no Connection", "Connection: Upgrade\r\n", "", 400),
                but("Connection without the token", "Connection: Upgrade", "Connection: keep-alive, x-upgrade", 400),
                but("no version", VERSION, "", 426),
                but("two versions", VERSION, VERSION + VERSION, 426),
                but("no key", KEY, "", 400),
                but("two keys", KEY, KEY + KEY, 400),
                but("key of one byte", "dGhlIHNhbXBsZSBub25jZQ==", "AA==", 400),
                but("key not in base64", "dGhlIHNhbXBsZSBub25jZQ==", "hello", 400),
                but("key not ASCII", "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZ\u00c4==", 400),
                with(
                        "keys of hixie-76",
                        "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Key2: 12998 5",
                        400),
                with("subprotocol not ASCII", "Sec-WebSocket-Protocol: \u0080\u00ff", 400),
                with("subprotocol twice", "Sec-WebSocket-Protocol: " + MARK + ", " + MARK, 400),
                with("spaces in a subprotocol", "Sec-WebSocket-Protocol: b" + " ".repeat(7000) + "x", 400),
                with("extension not ASCII", "Sec-WebSocket-Extensions: \u00e4", 400),
                with("quotes not closed", "Sec-WebSocket-Extensions: a; b=\"" + "\\c".repeat(3500), 400),
                with("Origin not ASCII", "Origin: https://\u00e4.example", 400),
                with("Origin null", "Origin: null", 403),
                with("Origin of another host", "Origin: https://" + MARK + ".example", 403),
                with("Origin of another port", "Origin: https://localhost:444", 403),
                with("two Origins", "Origin: https://localhost\r\nOrigin: https://localhost", 403),
                but("no such path", "/echo", "/" + MARK, 404),
                but("path with a slash more", "/echo", "/echo/", 404),
                but("POST", "GET", "POST", 405),
                but("HEAD", "GET", "HEAD", 405),
                but("OPTIONS", "GET", "OPTIONS", 405),
                but("TRACE", "GET", "TRACE", 405),
                but("a method of no name", "GET", MARK, 405));
    }

    /** Versions that were never one, or are no more. */
    public static List<BadRequest> versions() {
        return java.util.stream.Stream.of("0", "4", "5", "6", "7", "8", "14", "25", "013", "1 3", "13, 8", MARK, "")
                .map(version -> but("version '" + version + "'", "Version: 13", "Version: " + version, 426))
                .toList();
    }

    /** The first record of a TLS 1.2 client. */
    private static String clientHello() {
        byte[] hello = new byte[5 + 4 + 100];
        byte[] head = {0x16, 3, 1, 0, 104, 1, 0, 0, 100, 3, 3};
        System.arraycopy(head, 0, hello, 0, head.length);
        return new String(hello, StandardCharsets.ISO_8859_1);
    }
}
