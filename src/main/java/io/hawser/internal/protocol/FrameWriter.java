package io.hawser.internal.protocol;

import io.hawser.CloseStatus;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes frames, unmasked, with the shortest length form (RFC 6455 §5.1, §5.2). */
public final class FrameWriter {

    private FrameWriter() {}

    public static int headerBytes(int length) {
        return length < 126 ? 2 : length < 0x10000 ? 4 : 10;
    }

    public static void writeHeader(ByteBuf out, boolean fin, boolean rsv1, int opcode, int length) {
        int first = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode;
        if (length < 126) {
            out.writeShort(first << 8 | length);
        } else if (length < 0x10000) {
            out.writeInt(first << 24 | 126 << 16 | length);
        } else {
            out.writeShort(first << 8 | 127).writeLong(length);
        }
    }

    public static void writeControl(ByteBuf out, int opcode, byte[] payload) {
        out.writeShort((0x80 | opcode) << 8 | payload.length).writeBytes(payload);
    }

    public static void writeClose(ByteBuf out, CloseStatus status) {
        if (status.code() == CloseStatus.NO_STATUS.code()) {
            out.writeShort(0x8800);
            return;
        }
        byte[] reason = status.reason().getBytes(StandardCharsets.UTF_8);
        out.writeShort(0x8800 | 2 + reason.length).writeShort(status.code()).writeBytes(reason);
    }
}
