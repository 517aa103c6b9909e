package io.hawser.internal.protocol;

import io.hawser.CloseStatus;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One connection's protocol, server side, from its 101 on (RFC 6455 §5–§8): frames to messages, pings to pongs, and the closing
 * handshake. Consumes every byte it is given.
 *
 * <p>Between messages it {@linkplain #isAtRest() rests}, and knows nothing of the connection but that it is open: so one engine can
 * {@link #serve} many that take turns.
 *
 * <p><b>Threading:</b> one thread at a time. The {@link MessageListener} may call back.
 */
public final class ProtocolEngine implements FrameConsumer {

    /** Where the closing handshake stands (RFC 6455 §7.1). */
    private enum Closing {
        /** No Close frame went either way. */
        OPEN,
        /** Ours went, the peer's is awaited; data is dropped, pings go unanswered. */
        CLOSE_SENT,
        /** Nothing is read any more: both Close frames went, or the connection failed (§7.1.7). */
        DONE
    }

    /** Largest part that a listener is given. */
    public static final int MAX_PART_BYTES = MessageParts.MAX_PART_BYTES;

    private static final byte[] NOTHING = {};

    private final FrameReader reader;
    private final MessageAssembler assembler;
    private MessageListener listener;
    private Outbox outbox;

    private Closing closing = Closing.OPEN;
    private boolean receiving;
    private boolean held;
    private int opcode;
    private byte[] control = NOTHING; // of the control frame that is open
    private int controlSize;

    /** The engine of a connection; {@code transform} is null where no extension was negotiated. */
    public ProtocolEngine(
            MessageRules rules, @Nullable PayloadTransform transform, MessageListener listener, Outbox outbox) {
        this.reader = new FrameReader(this, transform != null);
        this.assembler = new MessageAssembler(rules, transform, listener, this);
        this.listener = listener;
        this.outbox = outbox;
    }

    /** Becomes the engine of another connection that is open and between messages; this one {@linkplain #isAtRest() rests}. */
    public void serve(
            MessageRules rules, @Nullable PayloadTransform transform, MessageListener itsListener, Outbox itsOutbox) {
        reader.allowRsv1(transform != null);
        assembler.serve(rules, transform, itsListener);
        listener = itsListener;
        outbox = itsOutbox;
    }

    /** Whether the connection is open, between messages and frames, and nobody holds it back: there is nothing else to know of it. */
    public boolean isAtRest() {
        return closing == Closing.OPEN
                && !receiving
                && !held
                && reader.isBetweenFrames()
                && !assembler.isInsideMessage();
    }

    /** Takes bytes from the peer; {@code in} is borrowed and read to its end, or to the frame at which {@link #hold} was called. */
    public void receive(ByteBuf in) {
        boolean within = receiving; // a call to the listener
        receiving = true;
        try {
            reader.read(in);
            assembler.endRead();
        } catch (ProtocolViolation violation) {
            violated(violation);
        } finally {
            receiving = within;
            if (!held || closing == Closing.DONE) {
                in.skipBytes(in.readableBytes()); // §7.1.7: "MUST NOT continue to attempt to process data"
            }
        }
    }

    /** Whether the caller is within a call to the listener: bytes behind those being read are not to come before them. */
    public boolean isReceiving() {
        return receiving;
    }

    /** Takes no byte more, from within a call to the listener on, until {@link #goOn}. */
    public void hold() {
        held = true;
    }

    /** Takes bytes again. */
    public void goOn() {
        held = false;
    }

    /** Begins the closing handshake, if it has not begun (RFC 6455 §7.1.2). */
    public void close(CloseStatus status) {
        if (closing == Closing.OPEN) {
            closing = Closing.CLOSE_SENT;
            assembler.discard();
            outbox.writeClose(status);
            outbox.startCloseTimer();
        }
    }

    /** Fails the connection for a reason that the session found, such as a timeout (RFC 6455 §7.1.7); no-op once closing. */
    public void fail(ProtocolViolation violation) {
        if (closing == Closing.OPEN) {
            finish();
            outbox.writeClose(violation.status());
            outbox.closeTransport();
        }
    }

    /** The connection is gone: nothing follows, and nothing is held. */
    public void disconnected() {
        finish();
    }

    private void violated(ProtocolViolation violation) {
        boolean wasOpen = closing == Closing.OPEN;
        finish(); // before the call: a listener that closes now is too late
        if (wasOpen) { // §5.5.1: one Close frame is all
            listener.onViolation(violation);
            outbox.writeClose(violation.status());
        }
        outbox.closeTransport();
    }

    private void finish() {
        closing = Closing.DONE;
        assembler.discard();
    }

    /** Whether no Close frame went either way. */
    public boolean isOpen() {
        return closing == Closing.OPEN;
    }

    /** Memory that is held for a message that is not whole. */
    public int heldBytes() {
        return assembler.heldBytes();
    }

    /** Whether a data message has begun and not ended: its time is running. */
    public boolean isInsideMessage() {
        return closing == Closing.OPEN && assembler.isInsideMessage();
    }

    @Override
    public boolean isDone() {
        return held || closing == Closing.DONE;
    }

    @Override
    public void header(int frameOpcode, boolean fin, boolean rsv1, long length) {
        opcode = frameOpcode;
        if (Opcode.isControl(frameOpcode)) {
            control = new byte[(int) length]; // at most 125: the reader's rule
            controlSize = 0;
        } else if (closing == Closing.OPEN) {
            assembler.header(frameOpcode, fin, rsv1, length);
        }
    }

    @Override
    public void payload(ByteBuf in, int count, int maskingKey, boolean ends) {
        if (Opcode.isControl(opcode)) {
            Masking.unmask(in, count, control, controlSize, maskingKey);
            controlSize += count;
            if (ends) {
                endControl();
            }
        } else if (closing == Closing.OPEN) {
            assembler.payload(in, count, maskingKey, ends);
        } else {
            in.skipBytes(count);
        }
    }

    private void endControl() {
        switch (opcode) {
            case Opcode.PING -> ping(control);
            case Opcode.PONG -> pong(control);
            default -> closed(CloseCodes.parse(control));
        }
    }

    private void ping(byte[] payload) {
        if (closing == Closing.OPEN) {
            // §5.5.2: "an endpoint MUST send a Pong frame in response, unless it already received a Close frame".
            outbox.writePong(payload);
            listener.onPing(payload);
        }
    }

    private void pong(byte[] payload) {
        if (closing == Closing.OPEN) {
            listener.onPong(payload);
        }
    }

    private void closed(CloseStatus status) {
        boolean answersOurs = closing == Closing.CLOSE_SENT;
        finish();
        listener.onClose(status);
        if (!answersOurs) {
            // §5.5.1: the endpoint "typically echos the status code it received". Not the reason: it is the peer's
            // text.
            outbox.writeClose(status.withReason(""));
        }
        outbox.closeTransport(); // §7.1.1: the server closes first
    }
}
