package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.Message;
import io.hawser.SendResult;
import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.Opcode;
import io.hawser.internal.protocol.PayloadTransform;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What one session has taken to send, put into wire form in order: the message that has begun, those that wait, control frames between
 * their frames, at last the Close frame, and nothing after it.
 */
final class Departures {

    /** Large messages go out in frames of this size, between which control frames can pass (RFC 6455 §5.4). */
    static final int FRAGMENT_BYTES = 64 * 1024;

    private final SessionLoop loop;
    private final SendQueue.Owner owner;
    private final PendingBytes pending; // any thread

    private final Cork cork;
    private @Nullable Backlog backlog;
    private @Nullable ControlFrames controls; // from the first one on
    private @Nullable WriteStall stall; // while something is not with the kernel
    private @Nullable Fragments fragments;
    private @Nullable StreamedMessage<?> stream;
    private @Nullable CloseStatus close;
    private boolean closed;
    private boolean gone;
    private boolean dirty;
    /** Of the pending bytes, those that came to the loop; the others are on their way from other threads. */
    private long taken;

    Departures(
            SessionLoop loop,
            Wire wire,
            PendingBytes pending,
            @Nullable PayloadTransform transform,
            SendQueue.Owner owner) {
        this.loop = loop;
        this.owner = owner;
        this.pending = pending;
        this.cork = new Cork(loop, wire, transform);
    }

    /** What waits, for all that has to do with a wire that is full. */
    Backlog backlog() {
        if (backlog == null) {
            backlog = new Backlog();
        }
        return backlog;
    }

    SessionLoop loop() {
        return loop;
    }

    private ControlFrames controls() {
        if (controls == null) {
            controls = new ControlFrames();
        }
        return controls;
    }

    private boolean nobodyWaits() {
        return backlog == null || backlog.isEmpty();
    }

    private boolean controlFrameWaits() {
        return controls != null && !controls.isEmpty();
    }

    long taken() {
        return taken;
    }

    // Messages

    /** Whether a message need not wait. */
    boolean canEncode() {
        // In this order: a flush may lead to new messages.
        return wireTakes() && fragments == null && stream == null && nobodyWaits();
    }

    /** Puts a message that is taken into wire form; the rest of a large one goes when the wire takes it. */
    void send(Message message, int cost, @Nullable CompletableFuture<SendResult> tracked) {
        try {
            encode(message, cost, tracked);
        } catch (Throwable t) {
            broken(t);
        }
        if (fragments != null || controlFrameWaits()) {
            drain();
        }
        markDirty();
    }

    /** Puts a broadcast's message, which is taken, into wire form; false if that fails. */
    boolean sendShared(SharedFrame shared, int cost) {
        try {
            cork.encode(shared, cost);
        } catch (Throwable t) {
            broken(t);
            return false;
        }
        markDirty();
        return true;
    }

    /** Puts into wire form what the wire has room for. */
    void proceed() {
        drain();
        markDirty();
    }

    // Control frames, and the end

    /** Answers a ping; where the wire is full only the newest is kept. */
    void pong(byte[] payload) {
        if (!isClosing()) {
            controls().pong(payload);
            proceed();
        }
    }

    /** The heartbeat's ping: one at a time, so it needs no leave. */
    void heartbeat(byte[] payload) {
        pending.add(SendQueue.costOf(payload.length));
        ping(payload);
    }

    /** Takes a ping whose cost is reserved. */
    void ping(byte[] payload) {
        take(SendQueue.costOf(payload.length));
        if (isClosing()) {
            release(SendQueue.costOf(payload.length));
        } else {
            controls().ping(payload);
            proceed();
        }
    }

    /** Ends the queue with a Close frame behind all that is in it. */
    void close(CloseStatus status) {
        if (!isClosing()) {
            pending.shut();
            close = status;
            proceed();
        }
    }

    /** Lets the Close frame overtake what is not in wire form yet; a frame that has begun ends as it is (RFC 6455 §5.4). */
    void dropBacklog() {
        pending.shut(); // first: who hears that his message was dropped may send another
        while (!nobodyWaits()) {
            Outgoing waiting = Objects.requireNonNull(backlog().poll(), "not empty");
            drop(waiting, "the session is closing");
        }
        if (controls != null) {
            release(controls.discard());
        }
        if (fragments != null) {
            release(fragments.remainingCost());
            fragments = null;
        }
        abortStream("the session is closing");
        if (!closed) {
            proceed();
        }
    }

    /** A streamed message's publisher failed: what the peer has of it cannot be taken back, so the session ends too. */
    void streamFailed(Throwable cause) {
        pending.shut();
        abortStream("its publisher failed");
        owner.publisherFailed(cause);
    }

    private void abortStream(String reason) {
        StreamedMessage<?> aborted = stream;
        if (aborted != null) {
            stream = null;
            release(aborted.abort());
            owner.complete(Objects.requireNonNull(aborted.tracked(), "always"), aborted.abortedFor(reason));
        }
    }

    boolean isClosing() {
        return close != null || closed;
    }

    /** Whether the Close frame, or the end without one, is behind all that was sent. */
    boolean isClosed() {
        return closed;
    }

    // Into wire form

    /** Whether the wire takes bytes. One that is full of what it was not told to flush is flushed: only a peer is slow. */
    private boolean wireTakes() {
        return cork.wireTakes() || flushEarly() && cork.wireTakes();
    }

    /** Puts into wire form what the wire has room for, in order; control frames between the frames of a message. */
    private void drain() {
        try {
            while (!closed
                    && (fragments != null && cork.isGathering() || wireTakes())
                    && !closed) { // a flush may lead back here, to the very end
                if (controlFrameWaits()) {
                    controls().writeNext(cork);
                } else if (fragments != null) {
                    writeFragment(fragments);
                } else if (stream != null) {
                    if (!writeStream(stream)) {
                        return;
                    }
                } else if (!nobodyWaits()) {
                    begin(Objects.requireNonNull(backlog().poll(), "not empty"));
                } else {
                    writeClose();
                    return;
                }
            }
        } catch (Throwable t) {
            broken(t);
        }
    }

    private void begin(Outgoing next) {
        if (next instanceof StreamedMessage<?> streamed) {
            stream = streamed;
            streamed.begin(cork.position());
        } else {
            encode(next.message(), next.cost(), next.tracked());
        }
    }

    /** Writes the next frame of a streamed message; false if it has to be waited for. */
    private boolean writeStream(StreamedMessage<?> message) {
        if (message.hasPiece()) {
            cork.added(message.writeNext(cork));
            return true;
        }
        if (!message.isComplete()) {
            message.ask();
            return false;
        }
        stream = null;
        cork.added(message.writeNext(cork));
        cork.track(message.start(), cork.position(), Objects.requireNonNull(message.tracked(), "always"), owner);
        message.end();
        return true;
    }

    private void writeClose() {
        if (close != null) {
            FrameWriter.writeClose(cork.room(2 + Opcode.MAX_CONTROL_BYTES), close);
            cork.added(0);
            closed = true;
        }
    }

    private void encode(Message message, int cost, @Nullable CompletableFuture<SendResult> tracked) {
        if (tracked != null) {
            cork.track(cork.position(), cork.position() + cost, tracked, owner);
        }
        fragments = cork.encode(message, cost);
    }

    private void writeFragment(Fragments message) {
        int length = message.nextLength();
        ByteBuf out = cork.room(FrameWriter.headerBytes(length) + length);
        int cost = message.writeNext(out, length);
        if (message.isDone()) {
            fragments = null;
        }
        cork.added(cost);
    }

    private void broken(Throwable cause) {
        if (!closed) {
            closed = true;
            pending.shut();
            owner.broken(cause);
        }
    }

    // The wire

    /** Gives the kernel what it was not offered yet, where room is needed; false if there is nothing of that. */
    boolean flushEarly() {
        if (!cork.isUnflushed()) {
            return false;
        }
        flushCork();
        return true;
    }

    private void flushCork() {
        try {
            int cost = cork.flush();
            if (cost != Cork.TOLD_BY_WIRE) {
                onWritten(cost);
            } else if (cork.isInFlight()) {
                owner.writeWaits();
            }
        } catch (Throwable t) {
            broken(t);
        }
    }

    private void markDirty() {
        if (!dirty) {
            dirty = true;
            loop.flushSoon(this);
        }
    }

    /** Writes what is corked and flushes. What the wire takes then may let the backlog go on: {@link #proceed} sees to it. */
    void flush() {
        if (dirty) {
            dirty = false;
            flushCork();
        }
    }

    /** The kernel has everything up to and with a write of {@code cost}. */
    void onWritten(int cost) {
        if (gone) {
            return; // everything was accounted for
        }
        cork.written(cost);
        release(cost);
        if (closed && cork.isEmpty()) {
            owner.closeWritten();
        }
    }

    /** Whether there is nothing whose progress has to be watched. */
    boolean isIdle() {
        return !cork.isInFlight() && stall == null && stream == null;
    }

    /** Judges whether the peer takes what is written to it. */
    void sweep(long now, long lateNanos) {
        if (!cork.isInFlight()) {
            stall = null;
            return;
        }
        if (stall == null) {
            stall = new WriteStall(owner.writeStallTimeout(), cork, now);
        }
        if (stall.isOver(cork, now, lateNanos)) {
            owner.writeStalled();
        }
    }

    /** The connection is gone: everything left is dropped and reported. */
    void disconnected() {
        closed = true;
        gone = true;
        pending.shut();
        cork.discard(new SendResult(SendResult.Outcome.NOT_WRITTEN, "the connection ended"));
        dropBacklog();
        release(taken);
    }

    // Accounts

    void take(int cost) {
        taken += cost;
        loop.held(cost);
    }

    void drop(Outgoing message, String reason) {
        release(message.cost());
        CompletableFuture<SendResult> tracked = message.tracked();
        if (tracked != null) {
            owner.complete(tracked, new SendResult(SendResult.Outcome.NOT_WRITTEN, reason));
        }
    }

    void release(long cost) {
        taken -= cost;
        loop.held(-cost);
        if (pending.release(cost) && !isClosing()) {
            owner.becameWritable();
        }
    }
}
