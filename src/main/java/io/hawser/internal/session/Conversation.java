package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.Initiator;
import io.hawser.SessionState;
import io.hawser.internal.protocol.PayloadTransform;
import io.hawser.internal.protocol.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A session on its event loop: joins the protocol's engine, the way out, the deadlines and the program's handler, and sees the
 * connection to its end. All methods are for the loop's thread, except where they say otherwise.
 */
public final class Conversation implements Deliveries.Owner, Deadlines.Actions {

    private final LiveSession session;
    private final Wire wire;
    private final @Nullable PayloadTransform transform;
    private final SendQueue queue;
    private final Callbacks callbacks;
    private final Deadlines deadlines;
    private final Reception reception;

    private @Nullable CloseStatus ending;
    private Initiator initiator = Initiator.NETWORK;
    private boolean announced;
    private boolean closeWritten;
    private boolean transportEnding;
    private boolean over;

    /** The conversation of a session that knows its settings and its loop. */
    Conversation(LiveSession session, @Nullable PayloadTransform transform, Wire wire) {
        SessionSettings settings = session.settings();
        SessionLoop loop = session.loop();
        Executor executor = settings.executor();
        this.session = session;
        this.wire = wire;
        this.transform = transform;
        this.queue = new SendQueue(
                loop, wire, settings.limits(), settings.overflowPolicy(), transform, new SendEvents(this));
        this.callbacks = executor == null ? loop.callbacks() : new ExecutorCallbacks(loop, executor);
        this.deadlines = new Deadlines(settings.times(), this);
        this.reception = new Reception(this, wire, deadlines);
    }

    @Override
    public LiveSession session() {
        return session;
    }

    @Override
    public Callbacks callbacks() {
        return callbacks;
    }

    @Override
    public @Nullable PayloadTransform transform() {
        return transform;
    }

    private SessionLoop loop() {
        return session.loop();
    }

    private GuardedHandler handler() {
        return session.settings().handler();
    }

    /** From any thread where its own methods say so. */
    SendQueue queue() {
        return queue;
    }

    /** From any thread where its own methods say so. */
    Reception reception() {
        return reception;
    }

    /** From any thread: the latest round trip, 0 if none. */
    long rttNanos() {
        return deadlines.rtt();
    }

    // What the connection does

    /** The 101 is written: the session begins, or ends at once where the handshake's hook said so. */
    public void open(@Nullable CloseStatus closeAtOnce) {
        loop().add(session);
        deadlines.opened(loop().now());
        session.setState(SessionState.OPEN);
        session.registry().add(session);
        session.registry().log().opened(session);
        if (closeAtOnce != null) {
            close(closeAtOnce);
        } else {
            announced = true;
            callbacks.run(() -> handler().opened(session));
        }
    }

    /** Bytes from the peer; {@code in} is borrowed and read to its end. */
    public void receive(ByteBuf in) {
        queue.beginRead();
        reception.receive(in);
    }

    /** The end of a batch of reads: what they led to is written in one go. */
    public void readComplete() {
        queue.endRead();
    }

    /** A write went through; see {@link Wire#write}. */
    public void written(int cost) {
        queue.departures().onWritten(cost);
    }

    /** The wire takes bytes again. */
    public void writable() {
        queue.departures().proceed();
    }

    /** The connection is gone. Called at least once; the first counts. */
    public void disconnected() {
        if (over) {
            return;
        }
        over = true;
        reception.disconnected();
        CloseStatus status = ending == null ? CloseStatus.ABNORMAL : ending;
        session.setState(SessionState.CLOSED);
        loop().remove(session);
        queue.departures().disconnected();
        if (transform != null) {
            transform.release();
        }
        session.leaveRooms();
        session.registry().remove(session, status.code());
        session.registry().log().closed(session, status, initiator);
        Initiator who = initiator;
        if (announced) {
            reception.end(() -> handler().closed(session, status, who));
        } else {
            reception.end(session.registry()::ended);
        }
    }

    /** The connection failed, and will be gone in a moment. */
    @Override
    public void failed(Throwable cause) {
        session.registry().log().failed(session, cause);
        reception.queue().discard();
        if (announced && !over) {
            callbacks.run(() -> handler().error(session, cause));
        }
    }

    /** Looks at the deadlines; {@code lateNanos} is how long the loop was busy or stuck, if it was. Returns the next of them. */
    long sweep(long now, long lateNanos, boolean lateAgain) {
        reception.account();
        if (reception.isStopped()) {
            deadlines.suspend(now); // what the peer owes may be waiting in the kernel
        }
        if (lateNanos != 0) {
            deadlines.excuse(lateNanos, lateAgain, now);
        }
        queue.departures().sweep(now, lateNanos > SessionLoop.STUCK_NANOS ? lateNanos : 0);
        if (!over) {
            deadlines.sweep(now);
        }
        return reception.isIdle() && queue.departures().isIdle() ? deadlines.next(now) : now;
    }

    @Override
    public void stir() {
        loop().stir(session);
    }

    /** The peer's authorisation has ended. */
    void expired() {
        closeFor(LimitName.EXPIRY, CloseStatus.POLICY_VIOLATION.withReason("authorisation expired"));
    }

    // What the program asks

    void close(CloseStatus status) {
        if (reception.isOpen()) {
            end(status, Initiator.SERVER);
            reception.close(status);
        }
    }

    /** As {@link #close}; the close timeout begins when the peer has taken all that was sent before. */
    void goAway(CloseStatus status) {
        deadlines.goingAway();
        close(status);
    }

    void terminate() {
        if (!over) {
            end(CloseStatus.ABNORMAL, Initiator.SERVER);
            cut();
        }
    }

    /** Ends the session for the memory of all: what waits goes at once, and a Close frame that would wait goes too. */
    void shed() {
        if (!over) {
            session.registry().limitHit(LimitName.SERVER_MAX_PENDING_BYTES);
            fail(CloseStatus.POLICY_VIOLATION.withReason("reads too slowly for a server that is short of memory"));
            if (!queue.departures().isClosed()) {
                cut();
            }
        }
    }

    /** Drops what the peer sent and nobody has seen, and ends the session for the memory of all. */
    void shedReceived() {
        reception.queue().discard();
        if (reception.isOpen()) {
            fail(LimitName.SERVER_MAX_RECEIVED_BYTES, "the server has no memory for what is sent");
        } else {
            session.registry().limitHit(LimitName.SERVER_MAX_RECEIVED_BYTES);
        }
        reception.account();
    }

    // What the receiving half tells

    @Override
    public void closeReceived(CloseStatus status) {
        end(status, Initiator.PEER);
    }

    @Override
    public void violated(ProtocolViolation violation) {
        LimitName.ofViolation(violation.status().code()).ifPresent(session.registry()::limitHit);
        end(violation.status(), Initiator.SERVER);
        queue.departures().dropBacklog();
    }

    @Override
    public void fail(LimitName limit, String text) {
        if (reception.isOpen()) {
            session.registry().limitHit(limit);
            fail(CloseStatus.POLICY_VIOLATION.withReason(text));
        }
    }

    /** Ends the session in order, for a limit. */
    private void closeFor(LimitName limit, CloseStatus status) {
        if (reception.isOpen()) {
            session.registry().limitHit(limit);
            close(status);
        }
    }

    void fail(CloseStatus status) {
        end(status, Initiator.SERVER);
        queue.departures().dropBacklog(); // before the Close frame: it would let what waits go ahead
        reception.fail(new ProtocolViolation(status.code(), status.reason()));
    }

    /** Ends the session of a peer that reads too slowly, soon even if it reads nothing. */
    void failSoon(CloseStatus status) {
        if (!closeWritten) {
            deadlines.overflowed(loop().now());
        }
        fail(status);
    }

    /** The first Close frame, or its want, says why a session ended (RFC 6455 §7.1.5). */
    private void end(CloseStatus status, Initiator who) {
        if (ending == null) {
            ending = status;
            initiator = who;
            if (!over) {
                session.setState(SessionState.CLOSING);
            }
        }
    }

    // What the protocol asks

    @Override
    public void writePong(byte[] payload) {
        queue.departures().pong(payload);
    }

    @Override
    public void writeClose(CloseStatus status) {
        queue.departures().close(status);
    }

    @Override
    public void startCloseTimer() {
        deadlines.closing(loop().now());
    }

    @Override
    public void closeTransport() {
        transportEnding = true;
        deadlines.closing(loop().now()); // a peer that does not read would keep the Close frame waiting for ever
        if (closeWritten) {
            wire.closeOutput();
        }
    }

    // What the way out tells, by SendEvents

    void messageQueued() {
        deadlines.message(loop().now());
    }

    void becameWritable() {
        if (announced && !over) {
            callbacks.run(() -> handler().writable(session));
        }
    }

    void closeWritten() {
        closeWritten = true;
        deadlines.closeWritten(loop().now());
        if (transportEnding) {
            wire.closeOutput();
        }
    }

    /** Cuts a connection that leads nowhere; the status is the one decided before, if there is one. */
    void lost() {
        end(CloseStatus.ABNORMAL, Initiator.NETWORK);
        cut();
    }

    /** A message's publisher failed: the peer has a part of it, so there is no going on. */
    void publisherFailed(Throwable cause) {
        callbacks.run(() -> handler().error(session, cause));
        fail(CloseStatus.INTERNAL_ERROR.withReason("the server could not go on with a message"));
    }

    /** RST; what the peer sent and nobody has seen goes with it. */
    void cut() {
        reception.queue().discard();
        wire.cut();
    }

    // What the deadlines ask

    @Override
    public void ping(byte[] payload) {
        queue.departures().heartbeat(payload);
    }

    @Override
    public void pongMissing() {
        session.registry().limitHit(LimitName.PONG_WITHIN);
        lost();
    }

    @Override
    public void messageLate() {
        fail(LimitName.MESSAGE_TIMEOUT, "message took too long to arrive");
    }

    @Override
    public void idle() {
        closeFor(LimitName.IDLE_TIMEOUT, CloseStatus.GOING_AWAY.withReason("idle"));
    }

    @Override
    public void livedLong() {
        closeFor(LimitName.MAX_LIFETIME, CloseStatus.GOING_AWAY.withReason("session's lifetime is over"));
    }

    @Override
    public void closeLate(boolean goingAway) {
        if (!goingAway) {
            session.registry().limitHit(LimitName.CLOSE_TIMEOUT);
            cut();
        } else if (wire.letGo()) { // a slow reader is to find all that was accepted for it
            session.registry().unanswered();
        }
    }

    @Override
    public void closeNotTaken() {
        cut();
    }

    /** From any thread: the handler threw, and not in its last words. */
    void handlerFailed() {
        reception.queue().discard(); // a handler that failed gets no further message
        loop().submit(() -> fail(CloseStatus.INTERNAL_ERROR.withReason("the handler failed")));
    }
}
