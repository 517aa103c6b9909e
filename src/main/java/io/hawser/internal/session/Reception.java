package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.MessagePart;
import io.hawser.internal.protocol.MessageListener;
import io.hawser.internal.protocol.Outbox;
import io.hawser.internal.protocol.PayloadTransform;
import io.hawser.internal.protocol.ProtocolEngine;
import io.hawser.internal.protocol.ProtocolEngine.Delivery;
import io.hawser.internal.protocol.ProtocolViolation;
import io.hawser.internal.session.ReceiveQueue.Kind;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A session's receiving half, on its event loop: from the peer's bytes to what the handler is given, within the limits. While too much
 * waits for the handler the peer is not read; what the kernel had handed over by then is kept as it is, not parsed, so that a few
 * bytes cannot become many messages.
 */
final class Reception implements MessageListener, ReceiveQueue.Owner {

    /** What ends a session. */
    interface Owner {
        /** The peer passed a limit; {@code text} is for it to read. */
        void fail(LimitName limit, String text);

        void closeReceived(CloseStatus status);

        void violated(ProtocolViolation violation);

        /** Nothing more can be read. */
        void failed(Throwable cause);

        /** The sweep has to look at what is held, or at what is not read. */
        void stir();
    }

    private final LiveSession session;
    private final SessionLoop loop;
    private final Wire wire;
    private final GuardedHandler handler;
    private final Deadlines deadlines;
    private final Owner owner;
    private final ProtocolEngine engine;
    private final ReceiveQueue queue;
    private final Limits limits;
    private @Nullable ReceiveRates rates; // where they are limited, from the first control frame on else
    private @Nullable KeptBytes kept; // while reading is stopped
    private boolean stopped;
    private boolean messageEnded;
    private boolean over;
    private volatile int unqueued; // memory held outside the queue, for any thread to read
    private long accounted;
    private boolean listed;

    Reception(
            LiveSession session,
            GuardedHandler handler,
            Limits limits,
            @Nullable PayloadTransform transform,
            Wire wire,
            Callbacks callbacks,
            Deadlines deadlines,
            Outbox outbox,
            Owner owner) {
        this.session = session;
        this.loop = session.loop();
        this.wire = wire;
        this.handler = handler;
        this.deadlines = deadlines;
        this.owner = owner;
        boolean inParts = handler.isStreaming();
        this.engine = new ProtocolEngine(
                limits.maxMessageBytes(),
                limits.maxFragments(),
                inParts ? Delivery.IN_PARTS : Delivery.WHOLE,
                transform,
                this,
                outbox);
        this.queue = new ReceiveQueue(loop, callbacks, limits, this);
        this.limits = limits;
        if (!limits.messageRate().isUnlimited() || !limits.byteRate().isUnlimited()) {
            rates = newRates();
        }
    }

    private ReceiveRates newRates() {
        int largestPiece = handler.isStreaming() ? ProtocolEngine.MAX_PART_BYTES : limits.maxMessageBytes();
        return new ReceiveRates(limits, largestPiece, loop.thread());
    }

    ProtocolEngine engine() {
        return engine;
    }

    /** Where messages wait: for the program's demand. */
    ReceiveQueue queue() {
        return queue;
    }

    /** Whether nothing is held, and the peer is read. */
    boolean isIdle() {
        return accounted == 0 && !stopped;
    }

    /** Whether the peer is not read, because so much waits. */
    boolean isStopped() {
        return stopped;
    }

    // Bytes

    /** Bytes from the peer; {@code in} is borrowed, and retained where it cannot be read to its end now. */
    void receive(ByteBuf in) {
        deadlines.heard(loop.now());
        beginBatch();
        if (kept == null) {
            parse(in);
        }
        if (in.isReadable()) {
            keep(in);
        }
        account();
    }

    private void beginBatch() {
        if (rates != null) {
            rates.beginBatch();
        }
    }

    private void parse(ByteBuf in) {
        messageEnded = false;
        engine.receive(in);
        deadlines.read(engine.isInsideMessage(), messageEnded, loop.now());
    }

    private void keep(ByteBuf in) {
        if (kept == null) {
            kept = new KeptBytes();
        }
        kept.keep(in);
    }

    @Override
    public void stopReading() {
        if (engine.isOpen()) {
            session.registry().limitHit(LimitName.MAX_QUEUED);
            stopped = true;
            owner.stir();
            engine.hold();
            wire.setReading(false);
        }
    }

    @Override
    public void startReading() {
        if (stopped && !over) {
            stopped = false;
            deadlines.suspend(loop.thread().nanoTime()); // from here on the peer's time runs again
            engine.goOn();
            beginBatch();
            boolean gap = kept != null && !parseKept(kept);
            account();
            if (gap && !stopped) {
                wire.cut();
            } else if (!stopped && !over) {
                wire.setReading(true);
            }
        }
    }

    /** Reads on in what was kept; false if that is all there is, and something behind it was given up. */
    private boolean parseKept(KeptBytes from) {
        while (!stopped && !from.isEmpty()) {
            ByteBuf in = Objects.requireNonNull(from.poll(), "not empty");
            try {
                parse(in);
                if (in.isReadable() && !over) {
                    from.keepFirst(in);
                }
            } catch (Throwable t) { // as for bytes that are just read
                owner.failed(t);
                wire.cut();
            } finally {
                in.release();
            }
        }
        if (from.isEmpty() && !from.hasGap()) {
            kept = null;
        }
        return !from.hasGap();
    }

    /** The connection is gone. What was kept as bytes is read for what it says, and counted, but not delivered. */
    void disconnected() {
        over = true;
        engine.goOn();
        KeptBytes rest = kept;
        kept = null;
        while (rest != null && !rest.isEmpty()) {
            ByteBuf in = Objects.requireNonNull(rest.poll(), "not empty");
            engine.receive(in);
            in.release();
        }
        engine.disconnected();
    }

    /** Runs the last callback behind what waits for its delivery. */
    void end(Runnable lastCallback) {
        account();
        if (accounted == 0) {
            queue.end(lastCallback);
        } else {
            queue.end(() -> {
                lastCallback.run();
                loop.submitLater(this::account);
            });
        }
    }

    // Memory

    /** From any thread: memory held for messages that are not whole, not parsed, or not delivered. */
    long heldBytes() {
        return unqueued + queue.bytes();
    }

    /** Tells the budget what is held now. Called after each read, and by the sweep, for others may have emptied the queue. */
    void account() {
        int outside = engine.heldBytes() + (kept == null ? 0 : kept.capacity());
        if (outside != unqueued) {
            unqueued = outside;
        }
        long held = outside + queue.bytes();
        if (held != accounted) {
            loop.heldReceived(held - accounted);
            accounted = held;
            owner.stir();
            list(held != 0 || listed && !over);
        } else if (held == 0 && listed) {
            list(false);
        }
    }

    private void list(boolean list) {
        if (list != listed) {
            listed = list;
            session.registry().receiving(session, list);
        }
    }

    // What the protocol tells

    @Override
    public void onText(Message message) {
        deliver(message);
    }

    @Override
    public void onBinary(Message message) {
        deliver(message);
    }

    private void deliver(Message message) {
        if (!take(message.sizeBytes(), true)) {
            return;
        }
        if (queue.beginDirect(Kind.MESSAGE)) {
            try {
                handler.message(message);
            } finally {
                queue.endDirect();
            }
        } else {
            queue.add(Kind.MESSAGE, message.sizeBytes(), () -> handler.message(message));
        }
    }

    @Override
    public void onPart(MessagePart part) {
        int size = part.bytes().length;
        if (!take(size, part.isLast())) {
            return;
        }
        Kind kind = part.isLast() ? Kind.MESSAGE : Kind.PART;
        if (queue.beginDirect(kind)) {
            try {
                handler.part(part);
            } finally {
                queue.endDirect();
            }
        } else {
            queue.add(kind, size, () -> handler.part(part));
        }
    }

    /** Counts a message, or a part of one; false if it is not to be delivered. */
    private boolean take(int size, boolean ended) {
        if (ended) {
            messageEnded = true;
            loop.messagesIn.add(1);
        }
        loop.bytesIn.add(size);
        deadlines.message(loop.now());
        if (over) {
            discarded(ended ? 1 : 0);
            return false;
        }
        if (ended && rates != null && !rates.takeMessage()) {
            owner.fail(LimitName.MESSAGE_RATE, "too many messages");
            return false;
        }
        if (rates != null && !rates.takeBytes(size)) {
            owner.fail(LimitName.BYTE_RATE, "too many bytes");
            return false;
        }
        return true;
    }

    @Override
    public void discarded(int messages) {
        session.registry().discarded(messages);
    }

    @Override
    public void onPing(byte[] payload) {
        takeControlFrame();
    }

    @Override
    public void onPong(byte[] payload) {
        if (deadlines.isHeartbeatPong(payload, loop.thread().nanoTime()) || !takeControlFrame()) {
            return;
        }
        Message message = Message.binaryWithoutCopy(payload);
        if (queue.beginDirect(Kind.PONG)) {
            try {
                handler.pong(message);
            } finally {
                queue.endDirect();
            }
        } else {
            queue.add(Kind.PONG, payload.length, () -> handler.pong(message));
        }
    }

    private boolean takeControlFrame() {
        if (rates == null) {
            rates = newRates();
        }
        boolean within = !over && rates.takeControlFrame();
        if (!within && !over) {
            owner.fail(LimitName.CONTROL_RATE, "too many pings and pongs");
        }
        return within;
    }

    @Override
    public void onClose(CloseStatus status) {
        owner.closeReceived(status);
    }

    @Override
    public void onViolation(ProtocolViolation violation) {
        owner.violated(violation);
    }
}
