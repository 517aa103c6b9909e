package io.hawser.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Client frames as bytes, legal or not: nothing here checks anything. */
public final class Frames {

    public static final int FIN = 0x80;
    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    /** Bytes all different, none zero: an error of rotation or order shows. */
    public static final int KEY = 0x37FA213D;

    private Frames() {}

    /** An unfragmented text message. */
    public static byte[] text(String text) {
        return frame(FIN | TEXT, KEY, text.getBytes(StandardCharsets.UTF_8));
    }

    /** An unfragmented binary message. */
    public static byte[] binary(byte... payload) {
        return frame(FIN | BINARY, KEY, payload);
    }

    /** A Ping. */
    public static byte[] ping(String payload) {
        return frame(FIN | PING, KEY, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** A Close frame with a code and a reason. */
    public static byte[] close(int code, String reason) {
        byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body =
                ByteBuffer.allocate(2 + utf8.length).putShort((short) code).put(utf8);
        return frame(FIN | CLOSE, KEY, body.array());
    }

    /** A masked frame with any first byte, its length in the shortest form. */
    public static byte[] frame(int firstByte, int key, byte[] payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(header(firstByte, payload.length, key));
        for (int i = 0; i < payload.length; i++) {
            bytes.write(payload[i] ^ key >>> 24 - 8 * (i % 4));
        }
        return bytes.toByteArray();
    }

    /** A masked frame's header, its length in the shortest form. */
    public static byte[] header(int firstByte, long length, int key) {
        ByteBuffer header = ByteBuffer.allocate(14).put((byte) firstByte);
        if (length <= 125) {
            header.put((byte) (0x80 | length));
        } else if (length <= 0xFFFF) {
            header.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            header.put((byte) (0x80 | 127)).putLong(length);
        }
        header.putInt(key);
        byte[] bytes = new byte[header.position()];
        header.flip().get(bytes);
        return bytes;
    }

    /** One after the other. */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }
}
