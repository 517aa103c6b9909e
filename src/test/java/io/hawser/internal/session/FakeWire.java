package io.hawser.internal.session;

import io.hawser.internal.protocol.Opcode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose peer reads when the test says so. While it does not, {@link #isWritable} turns false at 64 KiB, as Netty's
 * channels do.
 */
final class FakeWire implements Wire {

    private static final int HIGH = 64 * 1024;

    private record Write(byte[] bytes, int cost) {}

    private final Queue<Write> writes = new ArrayDeque<>();
    private final ByteBuf taken = Unpooled.buffer();
    private @Nullable Conversation conversation;
    private boolean peerReads = true;
    private boolean gone;
    private int queuedBytes;
    private int flushed; // of the writes
    private long trickled;

    /** What every write, and every offer, throws, if anything. */
    @Nullable
    Error failure;

    boolean reading = true;
    boolean outputClosed;
    boolean letGo;
    boolean cut;
    /** Whether the end is told by {@link #disconnect} alone, as a channel tells it: later than it was asked for. */
    boolean endsLater;

    /** How many bytes the kernel takes of each offer. */
    int takesAtOnce;

    /** Whether bytes were offered while others waited, which nothing may pass. */
    boolean passedQueue;

    int offers;
    int flushes;
    int handedOver;

    void attach(Conversation conversation) {
        this.conversation = conversation;
    }

    /** The peer stops, or goes on, reading. */
    void peerReads(boolean reads) {
        peerReads = reads;
        if (reads) {
            boolean wasFull = !isWritable();
            take();
            if (wasFull && isWritable() && conversation != null) {
                conversation.writable();
            }
        }
    }

    /** The connection ends: nothing more is taken of what waits. */
    void disconnect() {
        gone = true;
        if (conversation != null) {
            conversation.disconnected();
        }
    }

    /** What the kernel took since the last call, in hex. */
    String takenHex() {
        String hex = ByteBufUtil.hexDump(taken);
        taken.clear();
        return hex;
    }

    /**
     * The frames that the kernel took since the last call: {@code text hello}, {@code binary 3}, {@code more 3} for a continuation,
     * {@code ping 1}, {@code close 1000 reason}; {@code ...} behind one that does not end its message. One that it has a part of is
     * left for the next call.
     */
    List<String> takenFrames() {
        List<String> frames = new ArrayList<>();
        while (hasFrame()) {
            int first = taken.readUnsignedByte();
            int length = taken.readUnsignedByte();
            if (length == 126) {
                length = taken.readUnsignedShort();
            } else if (length == 127) {
                length = (int) taken.readLong();
            }
            frames.add(describe(first & 0x0F, taken.readSlice(length)) + ((first & 0x80) == 0 ? " ..." : ""));
        }
        taken.discardReadBytes();
        return frames;
    }

    private boolean hasFrame() {
        int start = taken.readerIndex();
        int bytes = taken.readableBytes();
        int length = bytes < 2 ? 0 : taken.getUnsignedByte(start + 1);
        int header = length == 126 ? 4 : length == 127 ? 10 : 2;
        if (bytes < header) {
            return false;
        }
        long payload =
                header == 4 ? taken.getUnsignedShort(start + 2) : header == 10 ? taken.getLong(start + 2) : length;
        return bytes - header >= payload;
    }

    private static String describe(int opcode, ByteBuf payload) {
        return switch (opcode) {
            case Opcode.CONTINUATION -> "more " + payload.readableBytes();
            case Opcode.TEXT -> "text " + payload.toString(StandardCharsets.UTF_8);
            case Opcode.BINARY -> "binary " + payload.readableBytes();
            case Opcode.PING -> "ping " + payload.readableBytes();
            case Opcode.PONG -> "pong " + payload.readableBytes();
            case Opcode.CLOSE ->
                ("close " + payload.readUnsignedShort() + " "
                                + payload.readCharSequence(payload.readableBytes(), StandardCharsets.UTF_8))
                        .trim();
            default -> throw new AssertionError("opcode " + opcode);
        };
    }

    @Override
    public void write(ByteBuf frames, int cost) {
        byte[] bytes = ByteBufUtil.getBytes(frames);
        frames.release();
        if (failure != null) {
            throw failure;
        }
        writes.add(new Write(bytes, cost));
        handedOver++;
        queuedBytes += bytes.length;
    }

    @Override
    public void flush() {
        flushes++;
        flushed = writes.size();
        boolean wasFull = !isWritable();
        if (peerReads) {
            take();
            if (wasFull && isWritable() && conversation != null) {
                conversation.writable();
            }
        }
    }

    @Override
    public int offer(ByteBuf frames) {
        passedQueue |= !writes.isEmpty();
        if (failure != null) {
            throw failure;
        }
        offers++;
        int bytes = Math.min(frames.readableBytes(), peerReads && !gone ? takesAtOnce : 0);
        taken.writeBytes(frames, frames.readerIndex(), bytes);
        return bytes;
    }

    private void take() {
        while (!gone && flushed > 0) {
            Write write = writes.remove();
            flushed--;
            taken.writeBytes(write.bytes());
            queuedBytes -= write.bytes().length;
            if (conversation != null) {
                conversation.written(write.cost());
            }
        }
    }

    @Override
    public boolean isWritable() {
        return queuedBytes < HIGH;
    }

    @Override
    public long progress() {
        return trickled;
    }

    /** The kernel takes some bytes of the first write, and not all of it. */
    void trickle() {
        trickled++;
    }

    @Override
    public void setReading(boolean reading) {
        this.reading = reading;
    }

    @Override
    public void closeOutput() {
        outputClosed = true;
    }

    @Override
    public boolean letGo() {
        boolean first = !letGo;
        letGo = true;
        return first;
    }

    @Override
    public void cut() {
        cut = true;
        if (!endsLater) {
            disconnect();
        }
    }
}
