package io.hawser.internal.protocol;

import io.hawser.CloseStatus;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes frames: unmasked (RFC 6455 §5.1), the length in its shortest form (§5.2). */
public final class FrameWriter {

    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int CODE_BYTES = 2;

    private FrameWriter() {}

    /** Size of the header of a frame with a payload of {@code length} bytes. */
    public static int headerBytes(int length) {
        return length < LENGTH_16 ? 2 : length < 0x10000 ? 4 : 10;
    }

    /** Writes the header of a frame whose payload of {@code length} bytes follows. */
    public static void writeHeader(ByteBuf out, boolean fin, boolean rsv1, int opcode, int length) {
        int firstByte = (fin ? FIN : 0) | (rsv1 ? RSV1 : 0) | opcode;
        if (length < LENGTH_16) {
            out.writeShort(firstByte << 8 | length);
        } else if (length < 0x10000) {
            out.writeInt(firstByte << 24 | LENGTH_16 << 16 | length);
        } else {
            out.writeShort(firstByte << 8 | LENGTH_64);
            out.writeLong(length);
        }
    }

    /**
     * Writes a Ping or a Pong.
     *
     * @throws IllegalArgumentException if the payload is over {@link Opcode#MAX_CONTROL_BYTES}
     */
    public static void writeControl(ByteBuf out, int opcode, byte[] payload) {
        if (payload.length > Opcode.MAX_CONTROL_BYTES) {
            throw new IllegalArgumentException("control frame of " + payload.length + " bytes (RFC 6455 §5.5)");
        }
        writeHeader(out, true, false, opcode, payload.length);
        out.writeBytes(payload);
    }

    /**
     * Writes a Close frame; {@link CloseStatus#NO_STATUS} has no body (RFC 6455 §5.5.1).
     *
     * @throws IllegalArgumentException for the other codes that are never sent (§7.4.1)
     */
    public static void writeClose(ByteBuf out, CloseStatus status) {
        if (status.code() == CloseStatus.NO_STATUS.code()) {
            writeHeader(out, true, false, Opcode.CLOSE, 0);
            return;
        }
        if (!status.isSendable()) {
            throw new IllegalArgumentException("close code " + status.code() + " is never sent (RFC 6455 §7.4.1)");
        }
        byte[] reason = status.reason().getBytes(StandardCharsets.UTF_8);
        writeHeader(out, true, false, Opcode.CLOSE, CODE_BYTES + reason.length);
        out.writeShort(status.code());
        out.writeBytes(reason);
    }
}
