package io.hawser.examples.auth;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A handshake by hand, for what clients keep from their callers: the status and every header of the answer, and what comes first after
 * a 101.
 *
 * @param status of the answer
 * @param head the whole of it, byte for byte
 * @param closeCode 0 if the session is not closed at once
 * @param closeReason empty if there is none
 */
record Upgrade(int status, String head, int closeCode, String closeReason) {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int CLOSE_FRAME = 0x88;

    /** Asks for a path, with header lines besides those that every handshake has. */
    static Upgrade of(int port, String path, String... lines) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            List<String> request = new ArrayList<>(List.of(
                    "GET " + path + " HTTP/1.1",
                    "Host: localhost:" + port,
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
            request.addAll(List.of(lines));
            byte[] bytes = (String.join("\r\n", request) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
            socket.getOutputStream().write(bytes);
            return read(new DataInputStream(socket.getInputStream()));
        }
    }

    private static Upgrade read(DataInputStream input) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) input.readUnsignedByte());
        }
        int status = Integer.parseInt(head.substring(9, 12));
        if (status != 101 || input.readUnsignedByte() != CLOSE_FRAME) {
            return new Upgrade(status, head.toString(), 0, "");
        }
        byte[] payload = new byte[input.readUnsignedByte()];
        input.readFully(payload);
        int code = (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        return new Upgrade(
                status, head.toString(), code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
    }

    boolean isAccepted() {
        return status == 101 && closeCode == 0;
    }

    Optional<String> header(String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }
}
