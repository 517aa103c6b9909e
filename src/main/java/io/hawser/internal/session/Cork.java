package io.hawser.internal.session;

import io.hawser.SendResult;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What of one session is in wire form: many small frames in one open buffer, then with the wire, then with the kernel. Places in that
 * stream, counted in cost, tell what became of tracked sends.
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
    /** A shared frame up to this size is cheaper copied than written as a buffer of its own. */
    private static final int COPIED_FRAME_BYTES = 512;

    private final SessionLoop loop;
    private final Wire wire;
    private final SendQueue.Owner owner;
    private @Nullable TrackedSends tracked; // most sessions never have any

    private @Nullable ByteBuf open;
    private int openCost;
    private long encoded;
    private long handedOver;
    private long flushed;
    private long written;
    private int inFlight;
    private long writesDone;

    Cork(SessionLoop loop, Wire wire, SendQueue.Owner owner) {
        this.loop = loop;
        this.wire = wire;
        this.owner = owner;
    }

    /** Where the next frame begins. */
    long position() {
        return encoded;
    }

    /** Will tell what became of the frames from {@code start} to {@code end}. */
    void track(long start, long end, CompletableFuture<SendResult> result) {
        if (tracked == null) {
            tracked = new TrackedSends(owner);
        }
        tracked.add(start, end, result);
    }

    /** A buffer with room for a frame, to be followed by {@link #added}. */
    ByteBuf room(int bytes) {
        ByteBuf buffer = open;
        if (buffer != null && buffer.readableBytes() + bytes > FULL_BYTES) {
            handOver();
            buffer = null;
        }
        if (buffer == null) {
            buffer = loop.thread().allocator().directBuffer(Math.max(FIRST_BYTES, bytes));
            open = buffer;
        }
        return buffer;
    }

    /** A frame, or a part of a message, was written into {@link #room}. */
    void added(int cost) {
        encoded += cost;
        openCost += cost;
        if (open != null && open.readableBytes() >= FULL_BYTES) {
            handOver();
        }
    }

    /** Adds a frame that other sessions get too; borrowed. */
    void addShared(ByteBuf frame, int cost) {
        int bytes = frame.readableBytes();
        if (bytes <= COPIED_FRAME_BYTES) {
            room(bytes).writeBytes(frame, frame.readerIndex(), bytes);
            added(cost);
        } else {
            handOver();
            encoded += cost;
            write(frame.retainedDuplicate(), cost);
        }
    }

    private void handOver() {
        ByteBuf full = open;
        if (full != null) {
            int cost = openCost;
            open = null;
            openCost = 0;
            write(full, cost);
        }
    }

    private void write(ByteBuf frames, int cost) {
        handedOver += cost;
        inFlight++;
        wire.write(frames, cost);
    }

    /** Hands all of it to the kernel, as far as it takes it. */
    void flush() {
        handOver();
        flushed = handedOver;
        wire.flush();
    }

    /** Whether there is something that the wire was not told to flush. */
    boolean isUnflushed() {
        return flushed != handedOver || open != null;
    }

    /** Whether more may be gathered for the next flush: the kernel took all that it was offered so far. */
    boolean isGathering() {
        return written == flushed && handedOver - flushed < GATHERED_BYTES;
    }

    /** The kernel has everything up to and with a write of {@code cost}. */
    void written(int cost) {
        written += cost;
        inFlight--;
        writesDone++;
        if (tracked != null) {
            tracked.written(written);
        }
    }

    /** Whether the kernel has everything. */
    boolean isEmpty() {
        return open == null && inFlight == 0;
    }

    /** Whether the wire has something that the kernel did not take. */
    boolean isInFlight() {
        return inFlight != 0;
    }

    /** Changes when the peer takes something. */
    long progress() {
        return writesDone + wire.progress();
    }

    /** The connection is gone: says of each tracked send that is left what became of it. */
    void discard(SendResult notWritten) {
        if (open != null) {
            open.release();
            open = null;
        }
        if (tracked != null) {
            tracked.failed(handedOver, notWritten);
        }
    }
}
