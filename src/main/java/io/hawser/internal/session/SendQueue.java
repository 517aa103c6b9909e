package io.hawser.internal.session;

import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.OverflowPolicy;
import io.hawser.SendResult;
import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.Opcode;
import io.hawser.internal.protocol.PayloadTransform;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One session's way out: order, backpressure, and what gives way when there is no room.
 *
 * <p>While the wire takes bytes, a message is encoded at once into the {@link Cork}. While it does not, the message itself waits in
 * the {@link Backlog}, so a slow peer costs references to messages that others share. Pongs and pings pass between frames; the Close
 * frame comes last, and nothing after it.
 */
final class SendQueue {

    /** What the smallest message takes up in memory: so much it costs, lest the cap hold for payloads alone. */
    private static final int MIN_COST = 64;

    /** What a queue tells its session. */
    interface Owner {
        /** From any thread: a limit was met, and the policy is to end the session. Told once. */
        void overflowed(LimitName limit);

        /** From any thread: the policy dropped a message because a limit was met. */
        void dropped(LimitName limit);

        /** From any thread: the policy put a newer message in place of one. */
        void replaced();

        /** A message was taken, to be sent; told where sessions without any do not live for ever. */
        void messageQueued();

        /** The low mark was reached from above. */
        void becameWritable();

        /** The Close frame, and all before it, is with the kernel. */
        void closeWritten();

        /** Not all that was written is with the kernel. */
        void writeWaits();

        /** How long the peer may take nothing of what is written to it. */
        Duration writeStallTimeout();

        /** The peer has taken nothing for too long. */
        void writeStalled();

        /** Something could not be put into wire form, such as for want of memory: what follows would be torn. */
        void broken(Throwable cause);

        /** The program's publisher failed in the middle of a message. */
        void publisherFailed(Throwable cause);

        /** From any thread: runs the program's code where the session's callbacks run. */
        void call(Runnable code);

        /** Completes a tracked send where the session's callbacks run. */
        void complete(CompletableFuture<SendResult> tracked, SendResult result);
    }

    private static final SendResult REPLACED =
            new SendResult(SendResult.Outcome.NOT_WRITTEN, "replaced by a newer message");

    private final Owner owner;
    private final PendingBytes pending; // any thread
    private volatile @Nullable Arrivals arrivals; // any thread
    private final Departures departures;
    private volatile OverflowPolicy policy; // any thread

    SendQueue(
            SessionLoop loop,
            Wire wire,
            Limits limits,
            OverflowPolicy policy,
            @Nullable PayloadTransform transform,
            Owner owner) {
        this.owner = owner;
        this.policy = policy;
        this.pending = new PendingBytes(limits);
        this.departures = new Departures(loop, wire, pending, transform, owner);
    }

    static int opcodeOf(Message message) {
        return message.isText() ? Opcode.TEXT : Opcode.BINARY;
    }

    static int costOf(Message message) {
        return costOf(message.sizeBytes());
    }

    /** Bytes that a message takes up in the queue: its frame's, or its object's if that is more. */
    static int costOf(int payloadBytes) {
        return Math.max(MIN_COST, FrameWriter.headerBytes(payloadBytes) + payloadBytes);
    }

    /** What a message is replaced by; throws what the program's function throws. */
    static @Nullable Object keyOf(Message message, OverflowPolicy policy) {
        return policy.kind() == OverflowPolicy.Kind.CONFLATE
                ? Objects.requireNonNull(policy.keyOf(message), "the key function returned null")
                        .orElse(null)
                : null;
    }

    private SessionLoop loop() {
        return departures.loop();
    }

    // From any thread

    void setPolicy(OverflowPolicy policy) {
        this.policy = policy;
    }

    /**
     * Takes a message, or says why not.
     *
     * @param tracked will be told the result of a message that was queued
     * @param onlyIfRoom whether no message is to give way to it, and no session to end for it
     */
    Fate send(Message message, @Nullable CompletableFuture<SendResult> tracked, boolean onlyIfRoom) {
        if (pending.isShut()) {
            return Fate.CLOSING;
        }
        return loop().thread().isCurrent()
                ? sendHere(message, tracked, onlyIfRoom)
                : arrivals().send(message, tracked, onlyIfRoom, policy);
    }

    /** Takes a message whose pieces are to come. */
    Fate send(StreamedMessage<?> message) {
        if (pending.isShut()) {
            return Fate.CLOSING;
        }
        if (!loop().thread().isCurrent()) {
            return arrivals().send(message, policy);
        }
        OverflowPolicy by = policy;
        if (!makeRoom(message.cost(), by, false)) {
            return full(by, false, LimitName.MAX_PENDING_BYTES);
        }
        departures.take(message.cost());
        count(message.message());
        departures.backlog().add(message);
        departures.proceed();
        return Fate.QUEUED;
    }

    private Arrivals arrivals() {
        Arrivals way = arrivals;
        if (way == null) {
            way = new Arrivals(this, loop(), pending); // of two that are made at once each is a way
            arrivals = way;
        }
        return way;
    }

    /** Counts what is held of a message whose pieces come. */
    void hold(int cost) {
        pending.add(cost);
    }

    /** Pings the peer, ahead of messages that wait. */
    void ping(byte[] payload) {
        boolean room;
        if (loop().thread().isCurrent()) {
            room = pending.reserve(costOf(payload.length));
            if (room) {
                departures.ping(payload);
            }
        } else {
            room = arrivals().ping(payload);
        }
        if (!room && !pending.isShut()) {
            full(policy, false, LimitName.MAX_PENDING_BYTES);
        }
    }

    long pendingBytes() {
        return pending.count();
    }

    boolean isWritable() {
        return pending.isBelowHigh();
    }

    /** There is no room for a message. */
    Fate full(OverflowPolicy by, boolean onlyIfRoom, LimitName limit) {
        if (onlyIfRoom) {
            return Fate.REFUSED;
        }
        switch (by.kind()) {
            case DROP_NEWEST, DROP_OLDEST -> {
                owner.dropped(limit);
                return Fate.DROPPED;
            }
            default -> {
                if (pending.shut()) {
                    owner.overflowed(limit);
                }
                return Fate.OVERFLOWED;
            }
        }
    }

    /** A broadcast did not even set out to this session. */
    Fate miss() {
        return pending.isShut() ? Fate.CLOSING : full(policy, false, LimitName.SERVER_MAX_PENDING_BYTES);
    }

    void countReplaced() {
        owner.replaced();
    }

    // On the event loop: messages

    private Fate sendHere(Message message, @Nullable CompletableFuture<SendResult> tracked, boolean onlyIfRoom) {
        int cost = costOf(message);
        if (!departures.canEncode() || !pending.reserve(cost)) {
            return sendBehind(message, cost, tracked, onlyIfRoom);
        }
        departures.take(cost);
        count(message);
        departures.send(message, cost, tracked);
        return Fate.QUEUED;
    }

    /** Takes a broadcast's message. */
    Fate sendShared(SharedFrame shared) {
        Message message = shared.message();
        int cost = costOf(message);
        if (pending.isShut()) {
            return Fate.CLOSING;
        }
        if (message.sizeBytes() > Departures.FRAGMENT_BYTES || !departures.canEncode() || !pending.reserve(cost)) {
            return sendHere(message, null, false);
        }
        departures.take(cost);
        count(message);
        return departures.sendShared(shared, cost) ? Fate.QUEUED : Fate.CLOSING;
    }

    /** Takes a message that has to wait, or that there is no room for as things are. */
    private Fate sendBehind(
            Message message, int cost, @Nullable CompletableFuture<SendResult> tracked, boolean onlyIfRoom) {
        OverflowPolicy by = policy;
        Object key = keyOf(message, by);
        Backlog backlog = departures.backlog();
        Conflated same = key == null ? null : backlog.withKey(key);
        boolean room = same == null ? makeRoom(cost, by, onlyIfRoom) : pending.exchange(cost, same.cost());
        if (!room) {
            return full(by, onlyIfRoom, LimitName.MAX_PENDING_BYTES);
        }
        count(message);
        if (same != null) {
            departures.take(cost - same.cost());
            replaced(backlog.replace(same, message, cost, tracked));
        } else {
            departures.take(cost);
            backlog.add(
                    key == null
                            ? new Outgoing(this, message, cost, tracked)
                            : new Conflated(this, message, cost, tracked, key, null));
        }
        departures.proceed();
        return Fate.QUEUED;
    }

    /** Reserves room; drops what has waited longest where the policy says so, and nothing where that would not do. */
    private boolean makeRoom(int cost, OverflowPolicy by, boolean onlyIfRoom) {
        if (pending.reserve(cost) || departures.flushEarly() && pending.reserve(cost)) {
            return true;
        }
        Backlog backlog = departures.backlog();
        long begun = departures.taken() - backlog.cost();
        if (onlyIfRoom || by.kind() != OverflowPolicy.Kind.DROP_OLDEST || begun != 0 && begun + cost > pending.cap()) {
            return false;
        }
        while (departures.taken() + cost > pending.cap() && !backlog.isEmpty()) {
            dropOldest();
        }
        return pending.reserveAhead(cost, 0);
    }

    private void dropOldest() {
        Outgoing oldest = Objects.requireNonNull(departures.backlog().poll(), "nothing waits");
        owner.dropped(LimitName.MAX_PENDING_BYTES);
        departures.drop(oldest, "dropped: a newer message needed the room");
    }

    /** Bytes that were on their way from another thread are here. */
    void arrived(int cost) {
        loop().arrived(cost);
    }

    /** Takes a message from another thread; its cost is reserved. */
    void arrive(Outgoing message) {
        departures.take(message.cost());
        if (departures.isClosing()) {
            departures.drop(message, "the session is closing");
            return;
        }
        count(message.message());
        if (departures.canEncode() && !(message instanceof StreamedMessage)) {
            departures.send(message.message(), message.cost(), message.tracked());
        } else {
            settle(message);
            departures.proceed();
        }
    }

    /** Puts a message that arrived among those that wait, and makes the room that it could not make on its way. */
    private void settle(Outgoing message) {
        Backlog backlog = departures.backlog();
        Conflated same = message instanceof Conflated conflated ? backlog.withKey(conflated.key()) : null;
        if (same != null) {
            int costBefore = same.cost();
            CompletableFuture<SendResult> before =
                    backlog.replace(same, message.message(), message.cost(), message.tracked());
            departures.release(costBefore);
            replaced(before);
            return;
        }
        backlog.add(message);
        while (isOver(message) && backlog.cost() > message.cost() && policy.kind() == OverflowPolicy.Kind.DROP_OLDEST) {
            dropOldest();
        }
        if (isOver(message) && full(policy, false, LimitName.MAX_PENDING_BYTES) == Fate.DROPPED) {
            Outgoing last = Objects.requireNonNull(backlog.pollLast(), "just added");
            departures.drop(last, "dropped: over the limit of pending bytes");
        }
    }

    /** Whether the cap is passed, but for a lone message. */
    private boolean isOver(Outgoing last) {
        return departures.taken() > pending.cap() && departures.taken() != last.cost();
    }

    /** A tracked message was replaced on its way here. */
    void supersede(Outgoing replaced) {
        departures.take(replaced.cost());
        departures.release(replaced.cost());
        replaced(replaced.tracked());
    }

    private void replaced(@Nullable CompletableFuture<SendResult> tracked) {
        owner.replaced();
        if (tracked != null) {
            owner.complete(tracked, REPLACED);
        }
    }

    private void count(Message message) {
        loop().messagesOut.add(1);
        loop().bytesOut.add(message.sizeBytes());
        if (!pending.limits()
                .idleTimeout()
                .isZero()) { // else nobody asks, and a broadcast need not touch what counts it
            owner.messageQueued();
        }
    }

    // On the event loop: the rest

    /** Runs the program's code where the session's callbacks run. */
    void call(Runnable code) {
        owner.call(code);
    }

    void beginRead() {
        loop().beginRead(departures);
    }

    void endRead() {
        loop().endRead(departures);
    }

    Departures departures() {
        return departures;
    }
}
