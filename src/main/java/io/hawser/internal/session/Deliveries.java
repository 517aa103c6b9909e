package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.MessagePart;
import io.hawser.internal.protocol.MessageListener;
import io.hawser.internal.protocol.Outbox;
import io.hawser.internal.protocol.PayloadTransform;
import io.hawser.internal.protocol.ProtocolViolation;
import io.hawser.internal.session.ReceiveQueue.Kind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What the protocol tells of a session's peer, on its way to the program: counted, held against the rates, given to the handler or put
 * into the queue before it. The half of {@link Reception} that knows messages; one object with it, for there are many idle ones.
 */
abstract class Deliveries implements MessageListener, ReceiveQueue.Owner {

    /** The session around, and what ends it. */
    interface Owner extends Outbox {
        LiveSession session();

        Callbacks callbacks();

        /** Null where no extension was negotiated. */
        @Nullable
        PayloadTransform transform();

        /** The peer passed a limit; {@code text} is for it to read. */
        void fail(LimitName limit, String text);

        void closeReceived(CloseStatus status);

        void violated(ProtocolViolation violation);

        /** Nothing more can be read. */
        void failed(Throwable cause);

        /** The sweep has to look at what is held, or at what is not read. */
        void stir();
    }

    private static final VarHandle QUEUE;

    static {
        try {
            QUEUE = MethodHandles.lookup().findVarHandle(Deliveries.class, "queue", ReceiveQueue.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Owner owner;
    final Deadlines deadlines;
    /** From the first message that waits, or the program's first word on what it is ready for, on; made by any thread. */
    private volatile @Nullable ReceiveQueue queue;

    private @Nullable ReceiveRates rates; // where they are limited, from the first control frame on else
    boolean messageEnded;
    boolean over;

    Deliveries(Owner owner, Deadlines deadlines) {
        this.owner = owner;
        this.deadlines = deadlines;
        Limits limits = limits();
        if (!limits.messageRate().isUnlimited() || !limits.byteRate().isUnlimited()) {
            rates = new ReceiveRates(settings(), loop().thread());
        }
    }

    final LiveSession session() {
        return owner.session();
    }

    final SessionSettings settings() {
        return session().settings();
    }

    private GuardedHandler handler() {
        return settings().handler();
    }

    @Override
    public SessionLoop loop() {
        return session().loop();
    }

    @Override
    public Limits limits() {
        return settings().limits();
    }

    @Override
    public Callbacks callbacks() {
        return owner.callbacks();
    }

    /** Where messages wait for the program's demand. From any thread, where its own methods say so. */
    ReceiveQueue queue() {
        ReceiveQueue here = queue;
        return here == null ? newQueue() : here;
    }

    private ReceiveQueue newQueue() {
        ReceiveQueue made = new ReceiveQueue(this);
        ReceiveQueue before = (ReceiveQueue) QUEUE.compareAndExchange(this, null, made);
        return before == null ? made : before;
    }

    /** Bytes that wait in it. */
    final long queuedBytes() {
        ReceiveQueue waiting = queue;
        return waiting == null ? 0 : waiting.bytes();
    }

    /** Runs the last callback behind what waits for its delivery. */
    final void endQueue(Runnable lastCallback) {
        ReceiveQueue waiting = queue;
        if (waiting == null) {
            callbacks().run(lastCallback);
        } else {
            waiting.end(lastCallback);
        }
    }

    /** Bytes were read: time has passed. */
    final void beginBatch() {
        if (rates != null) {
            rates.beginBatch();
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

    /** Whether what came may be given to the handler right here; then {@link Callbacks#leave} follows. */
    private boolean beginDirect(Kind kind) {
        ReceiveQueue waiting = queue;
        if (!callbacks().isDirect() || waiting != null && !waiting.passes(kind)) {
            return false;
        }
        callbacks().enter();
        return true;
    }

    private void deliver(Message message) {
        if (!take(message.sizeBytes(), true)) {
            return;
        }
        if (beginDirect(Kind.MESSAGE)) {
            try {
                handler().message(session(), message);
            } finally {
                callbacks().leave();
            }
        } else {
            queue().add(Kind.MESSAGE, message.sizeBytes(), () -> handler().message(session(), message));
        }
    }

    @Override
    public void onPart(MessagePart part) {
        int size = part.bytes().length;
        if (!take(size, part.isLast())) {
            return;
        }
        Kind kind = part.isLast() ? Kind.MESSAGE : Kind.PART;
        if (beginDirect(kind)) {
            try {
                handler().part(session(), part);
            } finally {
                callbacks().leave();
            }
        } else {
            queue().add(kind, size, () -> handler().part(session(), part));
        }
    }

    /** Counts a message, or a part of one; false if it is not to be delivered. */
    private boolean take(int size, boolean ended) {
        if (ended) {
            messageEnded = true;
            loop().messagesIn.add(1);
        }
        loop().bytesIn.add(size);
        deadlines.message(loop().now());
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
        session().registry().discarded(messages);
    }

    @Override
    public void onPing(byte[] payload) {
        takeControlFrame();
    }

    @Override
    public void onPong(byte[] payload) {
        if (deadlines.isHeartbeatPong(payload, loop().thread().nanoTime()) || !takeControlFrame()) {
            return;
        }
        Message message = Message.binaryWithoutCopy(payload);
        if (beginDirect(Kind.PONG)) {
            try {
                handler().pong(session(), message);
            } finally {
                callbacks().leave();
            }
        } else {
            queue().add(Kind.PONG, payload.length, () -> handler().pong(session(), message));
        }
    }

    private boolean takeControlFrame() {
        if (rates == null) {
            rates = new ReceiveRates(settings(), loop().thread());
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
