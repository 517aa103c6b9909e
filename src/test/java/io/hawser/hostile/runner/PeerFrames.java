package io.hawser.hostile.runner;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A client's frames: those it sends, and those it reads from pieces of any size, whole messages joined. */
final class PeerFrames {

    private final Peer peer;
    private ByteBuf partial = Unpooled.EMPTY_BUFFER;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream(0);
    private int messageOpcode;

    PeerFrames(Peer peer) {
        this.peer = peer;
    }

    /** A whole masked frame, with a masking key of zeros. */
    static byte[] frame(int firstByte, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        header(frame, firstByte, payload.length).put(payload);
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    /** A masked frame's header, the length in the shortest form, whatever the payload is to be. */
    static ByteBuffer header(ByteBuffer frame, int firstByte, long length) {
        frame.put((byte) firstByte);
        if (length <= 125) {
            frame.put((byte) (0x80 | length));
        } else if (length <= 0xFFFF) {
            frame.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(length);
        }
        return frame.putInt(0);
    }

    static byte[] header(int firstByte, long length) {
        ByteBuffer frame = header(ByteBuffer.allocate(14), firstByte, length);
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    void receive(ByteBuf in) {
        ByteBuf all = in;
        if (partial.isReadable()) {
            partial.writeBytes(in);
            all = partial;
        }
        while (readFrame(all)) {
            // the next one
        }
        if (all == partial) {
            keep(partial.readableBytes() == 0 ? Unpooled.EMPTY_BUFFER : partial.discardReadBytes());
        } else if (in.isReadable()) {
            partial = Unpooled.buffer(in.readableBytes() + 1024).writeBytes(in);
        }
    }

    private void keep(ByteBuf rest) {
        if (rest != partial) {
            partial.release();
        }
        partial = rest;
    }

    private boolean readFrame(ByteBuf in) {
        int start = in.readerIndex();
        int available = in.readableBytes();
        if (available < 2) {
            return false;
        }
        int first = in.getUnsignedByte(start);
        long length = in.getUnsignedByte(start + 1);
        int headerBytes = length < 126 ? 2 : length == 126 ? 4 : 10;
        if (available < headerBytes) {
            return false;
        }
        if (length > 127) {
            throw new IllegalStateException("a masked frame from a server");
        }
        if (headerBytes == 4) {
            length = in.getUnsignedShort(start + 2);
        } else if (headerBytes == 10) {
            length = in.getLong(start + 2);
        }
        if (available < headerBytes + length) {
            return false;
        }
        byte[] payload = new byte[(int) length];
        in.skipBytes(headerBytes).readBytes(payload);
        frame(first & 0x80, first & 0x0F, payload);
        return true;
    }

    private void frame(int fin, int opcode, byte[] payload) {
        if (opcode >= 8) {
            peer.received(opcode, payload);
        } else if (fin != 0 && opcode != 0) {
            peer.received(opcode, payload);
        } else {
            if (opcode != 0) {
                messageOpcode = opcode;
            }
            message.writeBytes(payload);
            if (fin != 0) {
                byte[] whole = message.toByteArray();
                message.reset();
                peer.received(messageOpcode, whole);
            }
        }
    }

    void release() {
        keep(Unpooled.EMPTY_BUFFER);
    }
}
