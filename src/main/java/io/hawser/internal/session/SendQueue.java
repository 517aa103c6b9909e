package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.SendResult;
import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.MessageBuffer;
import io.hawser.internal.protocol.Opcode;
import io.hawser.internal.protocol.PayloadTransform;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One session's way out: order, backpressure, and the cork that makes one write of many small frames.
 *
 * <p>While the wire takes bytes, a message is encoded at once into the cork. While it does not, the message itself waits in the
 * backlog, so a slow peer costs references to messages that others share. Pongs and the heartbeat's pings pass between frames; the
 * Close frame comes last, and nothing after it.
 */
final class SendQueue {

    /** Large messages go out in frames of this size, between which control frames can pass (RFC 6455 §5.4). */
    static final int FRAGMENT_BYTES = 64 * 1024;
    /** A cork of this size is handed to the wire: it is worth a system call of its own. */
    private static final int CORK_BYTES = 64 * 1024;

    private static final int FIRST_CORK_BYTES = 1024;
    /** A shared frame up to this size is cheaper copied into the cork than written as a buffer of its own. */
    private static final int COPIED_FRAME_BYTES = 512;

    /** What a queue tells its session. */
    interface Owner {
        /** The cap was met by a message that its sender did not offer with trySend. */
        void overflowed();

        /** A message was taken, to be sent. */
        void messageQueued();

        /** The low mark was reached from above. */
        void becameWritable();

        /** The Close frame, and all before it, is with the kernel. */
        void closeWritten();

        /** Completes a tracked send where the session's callbacks run. */
        void complete(CompletableFuture<SendResult> tracked, SendResult result);
    }

    private final SessionLoop loop;
    private final Wire wire;
    private final @Nullable PayloadTransform transform;
    private final Owner owner;
    private final PendingBytes pending; // any thread
    private final TrackedSends tracked;

    private final ArrayDeque<Outgoing> backlog = new ArrayDeque<>(0);
    private @Nullable Fragments fragments;
    private byte @Nullable [] pong;
    private final ArrayDeque<byte[]> pings = new ArrayDeque<>(0);
    private @Nullable CloseStatus close;
    private boolean closed;
    private @Nullable ByteBuf cork;
    private int corkCost;
    private boolean dirty;
    private long encoded;
    private long handedOver;
    private long written;
    private int writesInFlight;

    SendQueue(SessionLoop loop, Wire wire, Limits limits, @Nullable PayloadTransform transform, Owner owner) {
        this.loop = loop;
        this.wire = wire;
        this.transform = transform;
        this.owner = owner;
        this.pending = new PendingBytes(limits.maxPendingBytes(), limits.highWaterBytes(), limits.lowWaterBytes());
        this.tracked = new TrackedSends(owner::complete);
    }

    static int opcodeOf(Message message) {
        return message.isText() ? Opcode.TEXT : Opcode.BINARY;
    }

    /** Bytes that a message takes up in the queue: its frame's. */
    static int costOf(Message message) {
        return FrameWriter.headerBytes(message.sizeBytes()) + message.sizeBytes();
    }

    /** From any thread: takes a message if there is room. The result is then told by {@code result}, if it is not null. */
    boolean offer(Message message, @Nullable CompletableFuture<SendResult> result) {
        int cost = costOf(message);
        if (!pending.reserve(cost)) {
            return false;
        }
        if (loop.thread().isCurrent()) {
            enqueue(message, cost, result);
        } else {
            loop.submitLater(new Outgoing(this, message, cost, result));
        }
        return true;
    }

    long pendingBytes() {
        return pending.count();
    }

    boolean isWritable() {
        return pending.isBelowHigh();
    }

    /** Takes a message whose cost is reserved. */
    void enqueue(Message message, int cost, @Nullable CompletableFuture<SendResult> result) {
        if (isClosing()) {
            drop(cost, result, "the session is closing");
            return;
        }
        count(message);
        if (canEncode()) {
            encode(message, cost, result);
            drain(); // the rest of a large one
        } else {
            backlog.add(new Outgoing(this, message, cost, result));
        }
        markDirty();
    }

    /** Takes a broadcast's message; false if there is no room. */
    boolean offerShared(SharedFrame shared) {
        Message message = shared.message();
        int cost = costOf(message);
        if (!pending.reserve(cost)) {
            return false;
        }
        if (isClosing() || message.sizeBytes() > FRAGMENT_BYTES || !canEncode()) {
            enqueue(message, cost, null);
            return true;
        }
        count(message);
        PayloadTransform extension = transform;
        if (extension != null && extension.encodes(message)) {
            writeShared(shared.encoded(extension), cost);
            extension.sharedSent(message.bytesWithoutCopy());
        } else {
            writeShared(shared.plain(), cost);
        }
        markDirty();
        return true;
    }

    private void count(Message message) {
        loop.messagesOut.add(1);
        loop.bytesOut.add(message.sizeBytes());
        owner.messageQueued();
    }

    private void writeShared(ByteBuf frame, int cost) {
        encoded += cost;
        if (frame.readableBytes() <= COPIED_FRAME_BYTES) {
            corkFor(frame.readableBytes()).writeBytes(frame, frame.readerIndex(), frame.readableBytes());
            corked(cost);
        } else {
            handOverCork();
            handOver(frame.retainedDuplicate(), cost);
        }
    }

    /** Answers a ping; where the wire is full only the newest is kept (RFC 6455 §5.5.3). */
    void pong(byte[] payload) {
        if (!isClosing()) {
            pong = payload;
            drain();
            markDirty();
        }
    }

    /** Pings the peer, ahead of messages that wait; false if there is no room. */
    boolean ping(byte[] payload) {
        if (isClosing()) {
            return true;
        }
        if (!pending.reserve(pingCost(payload))) {
            return false;
        }
        pings.add(payload);
        drain();
        markDirty();
        return true;
    }

    private static int pingCost(byte[] payload) {
        return FrameWriter.headerBytes(payload.length) + payload.length;
    }

    /** Ends the queue with a Close frame behind all that is in it. */
    void close(CloseStatus status) {
        if (!isClosing()) {
            close = status;
            drain();
            markDirty();
        }
    }

    /** Lets the Close frame overtake what is not in wire form yet; a frame that has begun ends as it is (RFC 6455 §5.4). */
    void dropBacklog() {
        for (Outgoing waiting = backlog.poll(); waiting != null; waiting = backlog.poll()) {
            drop(waiting.cost(), waiting.tracked(), "the session is closing");
        }
        for (byte[] ping = pings.poll(); ping != null; ping = pings.poll()) {
            pendingRelease(pingCost(ping));
        }
        if (fragments != null) {
            pendingRelease(fragments.remainingCost());
            fragments = null;
        }
        drain();
    }

    private boolean isClosing() {
        return close != null || closed;
    }

    private boolean canEncode() {
        return fragments == null && backlog.isEmpty() && wire.isWritable();
    }

    /** Puts into wire form what the wire has room for, in order; control frames between the frames of a message. */
    private void drain() {
        while (!closed && wire.isWritable()) {
            if (pong != null) {
                writeControl(Opcode.PONG, pong, 0);
                pong = null;
            } else if (!pings.isEmpty()) {
                byte[] ping = pings.remove();
                writeControl(Opcode.PING, ping, pingCost(ping));
            } else if (fragments != null) {
                writeFragment(fragments);
            } else if (!backlog.isEmpty()) {
                Outgoing next = backlog.remove();
                encode(next.message(), next.cost(), next.tracked());
            } else {
                writeClose();
                return;
            }
        }
    }

    private void writeClose() {
        if (close != null) {
            ByteBuf out = corkFor(2 + Opcode.MAX_CONTROL_BYTES);
            FrameWriter.writeClose(out, close);
            closed = true;
        }
    }

    private void writeControl(int opcode, byte[] payload, int cost) {
        encoded += cost;
        FrameWriter.writeControl(corkFor(FrameWriter.headerBytes(payload.length) + payload.length), opcode, payload);
        corked(cost);
    }

    private void encode(Message message, int cost, @Nullable CompletableFuture<SendResult> result) {
        long start = encoded;
        encoded += cost;
        if (result != null) {
            tracked.add(start, encoded, result);
        }
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
        if (length <= FRAGMENT_BYTES) {
            ByteBuf out = corkFor(FrameWriter.headerBytes(length) + length);
            FrameWriter.writeHeader(out, true, rsv1, opcodeOf(message), length);
            out.writeBytes(payload, 0, length);
            corked(cost);
        } else {
            byte[] kept = rsv1 ? Arrays.copyOf(payload, length) : payload; // scratch is the loop's
            fragments = new Fragments(kept, opcodeOf(message), rsv1, cost);
        }
    }

    private void writeFragment(Fragments message) {
        int length = message.nextLength();
        ByteBuf out = corkFor(FrameWriter.headerBytes(length) + length);
        int cost = message.writeNext(out, length);
        if (message.isDone()) {
            fragments = null;
        }
        corked(cost);
    }

    private ByteBuf corkFor(int bytes) {
        ByteBuf open = cork;
        if (open != null && open.readableBytes() + bytes > CORK_BYTES) {
            handOverCork();
            open = null;
        }
        if (open == null) {
            open = loop.thread().allocator().directBuffer(Math.max(FIRST_CORK_BYTES, bytes));
            cork = open;
        }
        return open;
    }

    private void corked(int cost) {
        corkCost += cost;
        if (cork != null && cork.readableBytes() >= CORK_BYTES) {
            handOverCork();
        }
    }

    private void handOverCork() {
        ByteBuf full = cork;
        if (full != null) {
            int cost = corkCost;
            cork = null;
            corkCost = 0;
            handOver(full, cost);
        }
    }

    private void handOver(ByteBuf frames, int cost) {
        handedOver += cost;
        writesInFlight++;
        wire.write(frames, cost);
    }

    private void markDirty() {
        if (!dirty) {
            dirty = true;
            loop.flushSoon(this);
        }
    }

    /** Writes the cork and flushes. What the wire takes then may let the backlog go on: {@link #onWritable} sees to it. */
    void flush() {
        if (dirty) {
            dirty = false;
            handOverCork();
            wire.flush();
        }
    }

    /** The wire takes bytes again. */
    void onWritable() {
        drain();
        markDirty();
    }

    /** The kernel has everything up to and with a write of {@code cost}. */
    void onWritten(int cost) {
        written += cost;
        writesInFlight--;
        tracked.written(written);
        pendingRelease(cost);
        if (closed && cork == null && writesInFlight == 0) {
            owner.closeWritten();
        }
    }

    /** The connection is gone: everything left is dropped and reported. */
    void disconnected() {
        closed = true;
        if (cork != null) {
            cork.release();
            cork = null;
        }
        SendResult notWritten = new SendResult(SendResult.Outcome.NOT_WRITTEN, "the connection ended");
        tracked.failed(handedOver, notWritten);
        dropBacklog();
        pendingRelease(handedOver - written + corkCost);
        written = handedOver;
        corkCost = 0;
    }

    private void drop(int cost, @Nullable CompletableFuture<SendResult> result, String reason) {
        pendingRelease(cost);
        if (result != null) {
            owner.complete(result, new SendResult(SendResult.Outcome.NOT_WRITTEN, reason));
        }
    }

    private void pendingRelease(long cost) {
        if (pending.release(cost) && !isClosing()) {
            owner.becameWritable();
        }
    }
}
