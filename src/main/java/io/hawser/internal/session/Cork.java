package io.hawser.internal.session;

import io.hawser.Message;
import io.hawser.SendResult;
import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.MessageBuffer;
import io.hawser.internal.protocol.PayloadTransform;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Puts one session's messages into frames, through its extension where there is one, and keeps what is in wire form: many small frames
 * in one open buffer, then with the wire, then with the kernel. Places in that stream, counted in cost, tell what became of tracked
 * sends.
 */
final class Cork {

    /** A buffer of this size is handed to the wire: it is worth a system call of its own. */
    private static final int FULL_BYTES = 64 * 1024;

    /**
     * So much is gathered before the wire is told to flush it: the kernel takes several buffers in one call, and sends them in larger
     * pieces. An echo of 1 MiB costs a quarter less than with a flush for each buffer.
     */
    private static final int GATHERED_BYTES = 256 * 1024;

    private static final int FIRST_BYTES = 1024;
    /** What others get too is up to this size cheaper copied than written as a buffer of its own. */
    private static final int COPIED_BYTES = 512;

    /** No cost: the wire tells of what was flushed. */
    static final int TOLD_BY_WIRE = -1;

    private final SessionLoop loop;
    private final Wire wire;
    private final @Nullable PayloadTransform transform;
    private @Nullable TrackedSends tracked; // most sessions never have any

    private @Nullable ByteBuf open;
    private int openCost;
    private long handedOver;
    // Of what was handed over, and part of the pending bytes, whose cap is an int too
    private int unflushed;
    private int unwritten;
    private int inFlight; // writes
    private int writesDone;
    // Those of the loop's batch that are next, where no buffer is open
    private int broadcastsFrom;
    private int broadcasts;

    Cork(SessionLoop loop, Wire wire, @Nullable PayloadTransform transform) {
        this.loop = loop;
        this.wire = wire;
        this.transform = transform;
    }

    /** Where the next frame begins. */
    long position() {
        return handedOver + openCost;
    }

    /** Will tell what became of the frames from {@code start} to {@code end}. */
    void track(long start, long end, CompletableFuture<SendResult> result, SendQueue.Owner owner) {
        if (tracked == null) {
            tracked = new TrackedSends(owner);
        }
        tracked.add(start, end, result);
    }

    /** Puts a message into one frame; one too large for that is returned in fragments, of which none is written yet. */
    @Nullable
    Fragments encode(Message message, int cost) {
        byte[] payload = message.bytesWithoutCopy();
        int length = payload.length;
        boolean rsv1 = false;
        PayloadTransform extension = transform;
        if (extension != null && extension.encodes(message)) {
            MessageBuffer scratch = loop.scratch();
            extension.encode(payload, scratch);
            payload = scratch.array();
            length = scratch.size();
            rsv1 = true;
        }
        if (length <= Departures.FRAGMENT_BYTES) {
            add(payload, length, rsv1, SendQueue.opcodeOf(message), cost);
            return null;
        }
        byte[] kept = rsv1 ? Arrays.copyOf(payload, length) : payload; // scratch is the loop's
        return new Fragments(kept, SendQueue.opcodeOf(message), rsv1, cost);
    }

    /** Puts a broadcast's message into one frame, as others do. */
    void encode(SharedFrame shared, int cost) {
        Message message = shared.message();
        byte[] payload = message.bytesWithoutCopy();
        PayloadTransform extension = transform;
        if (extension != null && extension.encodes(message)) {
            addShared(shared.encoded(extension), cost);
            extension.sharedSent(payload);
        } else if (!leaveToBatch(shared, cost)) {
            if (payload.length <= COPIED_BYTES) {
                add(payload, payload.length, false, SendQueue.opcodeOf(message), cost);
            } else {
                addShared(shared.plain(), cost);
            }
        }
    }

    /** Leaves a broadcast to the loop's batch, where no buffer is open and those left before it are next to it there. */
    private boolean leaveToBatch(SharedFrame shared, int cost) {
        if (open != null || openCost + cost > FULL_BYTES) {
            return false;
        }
        if (broadcasts == 0) {
            broadcastsFrom = shared.place();
        } else if (shared.place() != broadcastsFrom + broadcasts) {
            return false;
        }
        broadcasts++;
        openCost += cost;
        return true;
    }

    private void add(byte[] payload, int length, boolean rsv1, int opcode, int cost) {
        ByteBuf out = room(FrameWriter.headerBytes(length) + length);
        FrameWriter.writeHeader(out, true, rsv1, opcode, length);
        out.writeBytes(payload, 0, length);
        added(cost);
    }

    /** A buffer with room for a frame, to be followed by {@link #added}. */
    ByteBuf room(int bytes) {
        ByteBuf buffer = open;
        if (buffer != null && buffer.readableBytes() + bytes > FULL_BYTES) {
            handOver();
            buffer = null;
        }
        if (buffer == null) {
            buffer = broadcasts == 0 ? newBuffer(bytes) : copyBroadcasts(bytes);
            open = buffer;
        }
        return buffer;
    }

    private ByteBuf newBuffer(int bytes) {
        return loop.thread().allocator().directBuffer(Math.max(FIRST_BYTES, bytes));
    }

    /** Something other follows what is remembered. */
    private ByteBuf copyBroadcasts(int bytes) {
        ByteBuf frames = takeBroadcasts();
        ByteBuf buffer = newBuffer(frames.readableBytes() + bytes);
        return buffer.writeBytes(frames, frames.readerIndex(), frames.readableBytes());
    }

    private ByteBuf takeBroadcasts() {
        int count = broadcasts;
        broadcasts = 0;
        return loop.broadcasts().frames(broadcastsFrom, count);
    }

    /** A frame, or a part of a message, was written into {@link #room}. */
    void added(int cost) {
        openCost += cost;
        if (open != null && open.readableBytes() >= FULL_BYTES) {
            handOver();
        }
    }

    /** Adds a frame that other sessions get too; borrowed. */
    private void addShared(ByteBuf frame, int cost) {
        int bytes = frame.readableBytes();
        if (bytes <= COPIED_BYTES) {
            room(bytes).writeBytes(frame, frame.readerIndex(), bytes);
            added(cost);
        } else {
            handOver();
            write(frame.retainedDuplicate(), cost);
        }
    }

    private void handOver() {
        if (isOpen()) {
            ByteBuf full = open == null ? takeBroadcasts().retainedDuplicate() : open;
            int cost = openCost;
            open = null;
            openCost = 0;
            write(full, cost);
        }
    }

    private boolean isOpen() {
        return open != null || broadcasts != 0;
    }

    private void write(ByteBuf frames, int cost) {
        handedOver += cost;
        unflushed += cost;
        unwritten += cost;
        inFlight++;
        wire.write(frames, cost);
    }

    /**
     * Hands all of it to the kernel, as far as it takes it. Returns the cost of what the kernel took past the wire, which will not tell
     * {@link #written} of it, or {@link #TOLD_BY_WIRE}.
     */
    int flush() {
        int atOnce = inFlight == 0 && isOpen() ? offer() : TOLD_BY_WIRE;
        if (atOnce == TOLD_BY_WIRE) {
            handOver();
            unflushed = 0; // before: what the kernel takes may lead to new messages
            wire.flush();
        }
        return atOnce;
    }

    private int offer() {
        boolean shared = open == null;
        ByteBuf frames = open == null ? takeBroadcasts() : open;
        int taken = wire.offer(frames);
        if (taken != frames.readableBytes()) {
            open = shared ? frames.retainedDuplicate() : frames;
            open.skipBytes(taken);
            return TOLD_BY_WIRE; // of the rest, and so of all
        }
        if (!shared) {
            frames.release();
            open = null;
        }
        int cost = openCost;
        openCost = 0;
        handedOver += cost;
        unwritten += cost;
        inFlight++;
        return cost;
    }

    /** Whether there is something that the wire was not told to flush. */
    boolean isUnflushed() {
        return unflushed != 0 || isOpen();
    }

    /** Whether more may be gathered for the next flush: the kernel took all that it was offered so far. */
    boolean isGathering() {
        return unwritten == unflushed && unflushed < GATHERED_BYTES;
    }

    /** The kernel has everything up to and with a write of {@code cost}. */
    void written(int cost) {
        unwritten -= cost;
        inFlight--;
        writesDone++;
        if (inFlight == 0) {
            unflushed = 0; // whoever it was that flushed
        }
        if (tracked != null) {
            tracked.written(handedOver - unwritten);
        }
    }

    /** Whether the kernel has everything. */
    boolean isEmpty() {
        return !isOpen() && inFlight == 0;
    }

    /** Whether the wire has something that the kernel did not take. */
    boolean isInFlight() {
        return inFlight != 0;
    }

    /** Whether the wire has room, as far as it can be known without a flush. */
    boolean wireTakes() {
        return inFlight == 0 || wire.isWritable();
    }

    /** Changes when the peer takes something. */
    long progress() {
        return writesDone + wire.progress();
    }

    /** The connection is gone: says of each tracked send that is left what became of it. */
    void discard(SendResult notWritten) {
        broadcasts = 0;
        if (open != null) {
            open.release();
            open = null;
        }
        if (tracked != null) {
            tracked.failed(handedOver, notWritten);
        }
    }
}
