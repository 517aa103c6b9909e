package io.hawser.internal.protocol;

import io.netty.buffer.ByteBuf;

/**
 * Bytes to frames, and the rules that a frame keeps by itself (RFC 6455 §5.1, §5.2, §5.5). Takes every byte it is given: a header
 * that is cut anywhere is gathered in the fields below, so that a connection that waits holds no buffer.
 */
final class FrameReader {

    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int RSV2_AND_3 = 0x30;
    private static final int OPCODE = 0x0F;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int MASKING_KEY_BYTES = 4;

    private enum Expecting {
        FIRST_BYTE,
        SECOND_BYTE,
        EXTENDED_LENGTH,
        MASKING_KEY,
        PAYLOAD
    }

    private final FrameConsumer consumer;
    private boolean rsv1Allowed;

    private Expecting expecting = Expecting.FIRST_BYTE;
    private int firstByte;
    private int lengthCode;
    private int missing; // bytes of the field that is being gathered
    private long length; // of the payload; while it is read, what is left of it
    private int maskingKey;

    FrameReader(FrameConsumer consumer, boolean rsv1Allowed) {
        this.consumer = consumer;
        this.rsv1Allowed = rsv1Allowed;
    }

    /** Whether an extension has a use for RSV1. */
    void allowRsv1(boolean allowed) {
        rsv1Allowed = allowed;
    }

    /** Whether the next byte is a frame's first. */
    boolean isBetweenFrames() {
        return expecting == Expecting.FIRST_BYTE;
    }

    /** Reads to the end of {@code in}, or until the consumer is done. */
    void read(ByteBuf in) {
        while (in.isReadable() && !consumer.isDone()) {
            if (expecting == Expecting.PAYLOAD || readHeader(in)) {
                readPayload(in);
            }
        }
    }

    /** Reads on in a header; whether it is complete. */
    private boolean readHeader(ByteBuf in) {
        return expecting == Expecting.FIRST_BYTE && readWholeHeader(in) || readHeaderByte(in.readUnsignedByte());
    }

    /** The usual case: all of the header is there. */
    private boolean readWholeHeader(ByteBuf in) {
        int readable = in.readableBytes();
        if (readable < 2 + MASKING_KEY_BYTES) {
            return false;
        }
        int at = in.readerIndex();
        int head = in.getUnsignedShort(at);
        int code = head & LENGTH;
        int lengthBytes = extendedLengthBytes(code);
        if (readable < 2 + lengthBytes + MASKING_KEY_BYTES) {
            return false;
        }
        first(head >> 8);
        second(head & 0xFF);
        if (lengthBytes == 2) {
            extendedLength(in.getUnsignedShort(at + 2));
        } else if (lengthBytes == 8) {
            extendedLength(in.getLong(at + 2));
        }
        maskingKey = in.getInt(at + 2 + lengthBytes);
        in.readerIndex(at + 2 + lengthBytes + MASKING_KEY_BYTES);
        headerComplete();
        return true;
    }

    private boolean readHeaderByte(int b) {
        switch (expecting) {
            case FIRST_BYTE -> {
                first(b);
                expecting = Expecting.SECOND_BYTE;
            }
            case SECOND_BYTE -> {
                second(b);
                missing = extendedLengthBytes(lengthCode);
                if (missing == 0) {
                    expectMaskingKey();
                } else {
                    length = 0;
                    expecting = Expecting.EXTENDED_LENGTH;
                }
            }
            case EXTENDED_LENGTH -> {
                length = length << 8 | b;
                if (--missing == 0) {
                    extendedLength(length);
                    expectMaskingKey();
                }
            }
            default -> {
                maskingKey = maskingKey << 8 | b;
                if (--missing == 0) {
                    headerComplete();
                    return true;
                }
            }
        }
        return false;
    }

    private void expectMaskingKey() {
        maskingKey = 0;
        missing = MASKING_KEY_BYTES;
        expecting = Expecting.MASKING_KEY;
    }

    private static int extendedLengthBytes(int lengthCode) {
        return lengthCode < LENGTH_16 ? 0 : lengthCode == LENGTH_16 ? 2 : 8;
    }

    private void first(int b) {
        int opcode = b & OPCODE;
        if (Opcode.isReserved(opcode)) {
            // §5.2: "If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket Connection_."
            throw new ProtocolViolation(1002, "reserved opcode " + opcode + " (RFC 6455 §5.2)");
        }
        // §5.2: "MUST be 0 unless an extension is negotiated"; RFC 7692 §6 has RSV1 on the first frame of a data
        // message only.
        if ((b & RSV2_AND_3) != 0 || (b & RSV1) != 0 && !(rsv1Allowed && Opcode.beginsMessage(opcode))) {
            throw new ProtocolViolation(1002, "reserved bit is set (RFC 6455 §5.2)");
        }
        if (Opcode.isControl(opcode) && (b & FIN) == 0) {
            // §5.5: control frames "MUST NOT be fragmented".
            throw new ProtocolViolation(1002, "control frame is fragmented (RFC 6455 §5.5)");
        }
        firstByte = b;
    }

    private void second(int b) {
        if ((b & MASKED) == 0) {
            // §5.1: "The server MUST close the connection upon receiving a frame that is not masked."
            throw new ProtocolViolation(1002, "client frame is not masked (RFC 6455 §5.1)");
        }
        lengthCode = b & LENGTH;
        length = lengthCode;
        if (Opcode.isControl(firstByte & OPCODE) && lengthCode > Opcode.MAX_CONTROL_BYTES) {
            // §5.5: "All control frames MUST have a payload length of 125 bytes or less".
            throw new ProtocolViolation(1002, "control frame is over 125 bytes (RFC 6455 §5.5)");
        }
    }

    private void extendedLength(long value) {
        if (value < 0) {
            // §5.2: "the most significant bit MUST be 0".
            throw new ProtocolViolation(1002, "payload length has its first bit set (RFC 6455 §5.2)");
        }
        if (value < (lengthCode == LENGTH_64 ? 0x10000 : LENGTH_16)) {
            // §5.2: "the minimal number of bytes MUST be used to encode the length".
            throw new ProtocolViolation(1002, "payload length is not in its shortest form (RFC 6455 §5.2)");
        }
        length = value;
    }

    private void headerComplete() {
        consumer.header(firstByte & OPCODE, (firstByte & FIN) != 0, (firstByte & RSV1) != 0, length);
    }

    /** What is there of the payload. It counts as read before the consumer is told: with its last byte, a frame is over. */
    private void readPayload(ByteBuf in) {
        int count = (int) Math.min(length, in.readableBytes());
        int end = in.readerIndex() + count;
        int key = maskingKey;
        length -= count;
        maskingKey = Masking.turn(key, count);
        boolean ends = length == 0;
        expect(ends ? Expecting.FIRST_BYTE : Expecting.PAYLOAD);
        if (count == 0 && !ends) {
            return;
        }
        consumer.payload(in, count, key, ends);
        int left = end - in.readerIndex();
        if (left != 0) {
            length += left;
            maskingKey = Masking.turn(key, count - left);
            expect(Expecting.PAYLOAD);
        }
    }

    /** A look is cheaper than a store: G1 follows that of a reference in an old object by a memory fence. */
    private void expect(Expecting next) {
        if (expecting != next) {
            expecting = next;
        }
    }
}
