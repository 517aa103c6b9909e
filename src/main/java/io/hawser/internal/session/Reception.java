package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.internal.protocol.ProtocolEngine;
import io.hawser.internal.protocol.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A session's receiving half, on its event loop: from the peer's bytes to what the handler is given, within the limits. While too much
 * waits for the handler the peer is not read; what the kernel had handed over by then is kept as it is, not parsed, so that a few
 * bytes cannot become many messages.
 */
final class Reception extends Deliveries {

    private final Wire wire;
    /** Lent by the loop while there is more to know than that the session is open. */
    private @Nullable ProtocolEngine engine;

    private @Nullable KeptBytes kept; // while reading is stopped
    private boolean stopped;
    private volatile int unqueued; // memory held outside the queue, for any thread to read
    private long accounted;
    private boolean listed;

    Reception(Owner owner, Wire wire, Deadlines deadlines) {
        super(owner, deadlines);
        this.wire = wire;
    }

    // The protocol's engine

    private ProtocolEngine engine() {
        ProtocolEngine mine = engine;
        if (mine == null) {
            mine = loop().spareEngine().lend(settings().messages(), owner.transform(), this, owner);
            engine = mine;
        }
        return mine;
    }

    private void giveBack(ProtocolEngine mine) {
        if (mine == engine && mine.isAtRest()) { // else it was given back while it was read on
            engine = null;
            loop().spareEngine().takeBack(mine);
        }
    }

    /** Whether no Close frame went either way. */
    boolean isOpen() {
        return engine == null ? !over : engine.isOpen();
    }

    /** Begins the closing handshake; the session {@linkplain #isOpen() is open}. */
    void close(CloseStatus status) {
        engine().close(status);
        startReading(); // for the peer's Close; data is dropped now
    }

    /** Fails the connection (RFC 6455 §7.1.7), if it is open. */
    void fail(ProtocolViolation violation) {
        if (isOpen()) {
            engine().fail(violation);
        }
        startReading();
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
        deadlines.heard(loop().now());
        beginBatch();
        if (kept == null) {
            parse(in);
        }
        if (in.isReadable()) {
            keep(in);
        }
        account();
    }

    private void parse(ByteBuf in) {
        messageEnded = false;
        ProtocolEngine mine = engine();
        mine.receive(in);
        deadlines.read(mine.isInsideMessage(), messageEnded, loop().now());
        giveBack(mine);
    }

    private void keep(ByteBuf in) {
        if (kept == null) {
            kept = new KeptBytes();
        }
        kept.keep(in);
    }

    @Override
    public void stopReading() {
        if (isOpen()) {
            session().registry().limitHit(LimitName.MAX_QUEUED);
            stopped = true;
            owner.stir();
            engine().hold();
            wire.setReading(false);
        }
    }

    @Override
    public void startReading() {
        if (stopped && !over) {
            stopped = false;
            deadlines.suspend(loop().thread().nanoTime()); // from here on the peer's time runs again
            ProtocolEngine mine = engine();
            mine.goOn();
            beginBatch();
            // Called from within, whoever is reading what was kept goes on.
            boolean gap = kept != null && !mine.isReceiving() && !parseKept(kept);
            giveBack(mine);
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
        ProtocolEngine mine = engine;
        KeptBytes rest = kept;
        kept = null;
        if (mine != null) {
            mine.goOn();
            while (rest != null && !rest.isEmpty()) {
                ByteBuf in = Objects.requireNonNull(rest.poll(), "not empty");
                mine.receive(in);
                in.release();
            }
            mine.disconnected();
        }
    }

    /** Runs the last callback behind what waits for its delivery, and sees the budget told of that. */
    void end(Runnable lastCallback) {
        account();
        if (accounted == 0) {
            endQueue(lastCallback);
        } else {
            endQueue(() -> {
                lastCallback.run();
                loop().submitLater(this::account);
            });
        }
    }

    // Memory

    /** From any thread: memory held for messages that are not whole, not parsed, or not delivered. */
    long heldBytes() {
        return unqueued + queuedBytes();
    }

    /** Tells the budget what is held now. Called after each read, and by the sweep, for others may have emptied the queue. */
    void account() {
        int outside = (engine == null ? 0 : engine.heldBytes()) + (kept == null ? 0 : kept.capacity());
        if (outside != unqueued) {
            unqueued = outside;
        }
        long held = outside + queuedBytes();
        if (held != accounted) {
            loop().heldReceived(held - accounted);
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
            session().registry().receiving(session(), list);
        }
    }
}
