package io.hawser.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;

/**
 * A client that sends just the bytes it is told to: for what no well-behaved client would send. Blocking, with a time limit on every
 * read.
 */
public final class RawClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Socket socket;
    private final PushbackInputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new PushbackInputStream(socket.getInputStream());
    }

    /** A frame as it came from the server. */
    public record Frame(boolean fin, int rsv, int opcode, byte[] payload) {

        /** The payload as text. */
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** The code of a Close frame; 1005 if it has none. */
        public int closeCode() {
            return payload.length == 0 ? 1005 : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        }

        /** The reason of a Close frame. */
        public String closeReason() {
            return payload.length <= 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    /** Connects to a server on this machine. */
    public static RawClient connect(int port) throws IOException {
        return over(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Connects with a kernel that takes little of what is not read. */
    public static RawClient connect(int port, int receiveBufferBytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBufferBytes); // before the window is announced
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return over(socket);
    }

    /** Uses a socket that is connected, such as one of TLS. */
    public static RawClient over(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        return new RawClient(socket);
    }

    /** Connects and upgrades; extra header lines end with CRLF each. */
    public static RawClient upgraded(int port, String path, String extraHeaders) throws IOException {
        return connect(port).upgrade(path, extraHeaders);
    }

    /** Connects and upgrades. */
    public static RawClient upgraded(int port, String path) throws IOException {
        return upgraded(port, path, "");
    }

    /** Upgrades what is connected; extra header lines end with CRLF each. */
    public RawClient upgrade(String path, String extraHeaders) throws IOException {
        send(upgradeRequest(socket.getPort(), path, extraHeaders));
        String head = readHead();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new IOException("not upgraded: " + head);
        }
        return this;
    }

    /** A right opening handshake. */
    public static String upgradeRequest(int port, String path, String extraHeaders) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost:" + port
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + extraHeaders + "\r\n";
    }

    /** Sends characters, one byte each. */
    public void send(String latin1) throws IOException {
        send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes. */
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Sends bytes as far as the server takes them; false if it has ended the connection. */
    public boolean trySend(byte[] bytes) {
        try {
            send(bytes);
            return true;
        } catch (SocketTimeoutException open) { // of a TLS handshake
            throw new AssertionError(open);
        } catch (IOException ended) {
            return false;
        }
    }

    /** Sends bytes written in hex, spaces allowed. */
    public void sendHex(String hex) throws IOException {
        send(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** Sends a frame with the masking key 0. {@code firstByte} has FIN, RSV and opcode. */
    public void sendFrame(int firstByte, byte[] payload) throws IOException {
        send(frame(firstByte, payload));
    }

    /** Sends a text message in one frame. */
    public void sendText(String text) throws IOException {
        sendFrame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a Close frame. */
    public void sendClose(int code, String reason) throws IOException {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        sendFrame(
                0x88,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .array());
    }

    /** A client's frame with the masking key 0. */
    public static byte[] frame(int firstByte, byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate(14 + payload.length);
        out.put((byte) firstByte);
        if (payload.length < 126) {
            out.put((byte) (0x80 | payload.length));
        } else if (payload.length < 0x10000) {
            out.put((byte) 0xFE).putShort((short) payload.length);
        } else {
            out.put((byte) 0xFF).putLong(payload.length);
        }
        out.putInt(0).put(payload);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    /** Reads a response's head, its last empty line included. */
    public String readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("after: " + head.toString(StandardCharsets.ISO_8859_1));
            }
            head.write(b);
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads the next frame. */
    public Frame readFrame() throws IOException {
        byte[] head = readExactly(2);
        if ((head[1] & 0x80) != 0) {
            throw new IOException("a server's frame is masked (RFC 6455 §5.1)");
        }
        long length = head[1] & 0x7F;
        if (length == 126) {
            length = ByteBuffer.wrap(readExactly(2)).getShort() & 0xFFFF;
        } else if (length == 127) {
            length = ByteBuffer.wrap(readExactly(8)).getLong();
        }
        return new Frame((head[0] & 0x80) != 0, head[0] >> 4 & 7, head[0] & 0x0F, readExactly(Math.toIntExact(length)));
    }

    /** Pings, and reads the pong: the event loop had a turn in between. */
    public void awaitTurn() throws IOException {
        sendFrame(0x89, new byte[0]);
        Frame pong = readFrame();
        if (pong.opcode() != 10) {
            throw new AssertionError("not a pong: " + pong);
        }
    }

    /** Waits for the next byte, and leaves it to be read; -1 at the end. */
    public int peek() throws IOException {
        int b = in.read();
        if (b >= 0) {
            in.unread(b);
        }
        return b;
    }

    /** Reads that many bytes. */
    public byte[] readBytes(int count) throws IOException {
        return readExactly(count);
    }

    private byte[] readExactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the server ended the connection");
        }
        return bytes;
    }

    /** Reads until the server ends its direction, and returns what came. */
    public byte[] readToEnd() throws IOException {
        return in.readAllBytes();
    }

    /** Reads until the connection ends, by FIN or by RST, and returns what came; nothing if RST took it away. */
    public byte[] readToAnyEnd() throws IOException {
        try {
            return readToEnd();
        } catch (IOException cut) {
            requireReset(cut);
            return new byte[0];
        }
    }

    /** Reads what was on its way, until RST: nobody takes that for an end in order. */
    public void readToReset() throws IOException {
        try {
            readToEnd();
        } catch (IOException cut) {
            requireReset(cut);
            return;
        }
        throw new AssertionError("the connection ended in order");
    }

    private static void requireReset(IOException cut) throws IOException {
        if (cut.getMessage() == null || !cut.getMessage().contains("reset")) {
            throw cut;
        }
    }

    /** Ends our direction: FIN. */
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Cuts the connection: RST. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** The socket itself. */
    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
