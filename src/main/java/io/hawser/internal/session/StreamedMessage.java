package io.hawser.internal.session;

import io.hawser.Message;
import io.hawser.SendResult;
import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.Opcode;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A message that a program gives piece by piece (RFC 6455 §5.4): subscribed to when its turn has come, asked for one piece at a time
 * when the wire has taken the one before. The pieces go out as they are, without an extension: how long the message is, and whether
 * it is worth it, nobody knows at its first frame.
 *
 * <p><b>Threading:</b> signals come from any thread; the rest is the event loop's.
 *
 * @param <T> what a piece is given as
 */
final class StreamedMessage<T> extends Outgoing implements Flow.Subscriber<T> {

    private static final byte[] NO_PIECE = {};

    private final SendQueue queue;
    private final SessionLoop loop;
    private final Flow.Publisher<T> publisher;
    private final Function<T, byte[]> bytesOf;

    /** One piece was asked for and did not come yet; any thread. */
    private final AtomicBoolean expected = new AtomicBoolean();

    private final AtomicBoolean failed = new AtomicBoolean(); // any thread

    private Flow.@Nullable Subscription subscription;
    private long start;
    private boolean begun;
    private byte[] piece = NO_PIECE;
    private int offset;
    private int pieceCost;
    private boolean asked;
    private boolean complete;
    private volatile boolean over; // read by any thread

    /**
     * A message of {@code queue}.
     *
     * @param empty an empty message of the same kind
     * @param bytesOf a piece's bytes; throws what is wrong with it
     */
    StreamedMessage(
            SendQueue queue,
            SessionLoop loop,
            Message empty,
            CompletableFuture<SendResult> result,
            Flow.Publisher<T> publisher,
            Function<T, byte[]> bytesOf) {
        super(queue, empty, SendQueue.costOf(empty), result);
        this.queue = queue;
        this.loop = loop;
        this.publisher = publisher;
        this.bytesOf = bytesOf;
    }

    // On the event loop

    /** Its turn has come; its first frame will be at this place. */
    void begin(long position) {
        start = position;
        call(() -> publisher.subscribe(this));
    }

    long start() {
        return start;
    }

    boolean hasPiece() {
        return offset < piece.length;
    }

    boolean isComplete() {
        return complete;
    }

    /** Writes the next frame of the piece, or the empty one that ends the message; returns what goes out of the account with it. */
    int writeNext(Cork cork) {
        int length = Math.min(Departures.FRAGMENT_BYTES, piece.length - offset);
        boolean last = !hasPiece();
        ByteBuf out = cork.room(FrameWriter.headerBytes(length) + length);
        FrameWriter.writeHeader(out, last, false, begun ? Opcode.CONTINUATION : SendQueue.opcodeOf(message()), length);
        out.writeBytes(piece, offset, length);
        begun = true;
        offset += length;
        int cost = hasPiece() ? Math.min(length, pieceCost) : pieceCost;
        pieceCost -= cost;
        if (!hasPiece()) {
            piece = NO_PIECE;
            offset = 0;
        }
        return last ? cost() : cost;
    }

    /** Asks for the next piece, unless that was done. */
    void ask() {
        Flow.Subscription from = subscription;
        if (from != null && !asked) {
            asked = true;
            expected.set(true);
            call(() -> from.request(1));
        }
    }

    /** Its last frame is in wire form. */
    void end() {
        over = true;
    }

    /** It will not be finished; returns what it still holds. */
    int abort() {
        over = true;
        cancel();
        int held = cost() + pieceCost;
        piece = NO_PIECE;
        offset = 0;
        pieceCost = 0;
        return held;
    }

    SendResult abortedFor(String reason) {
        return new SendResult(begun ? SendResult.Outcome.UNKNOWN : SendResult.Outcome.NOT_WRITTEN, reason);
    }

    private void cancel() {
        Flow.Subscription from = subscription;
        if (from != null) {
            subscription = null;
            call(from::cancel);
        }
    }

    /** The program's code, where its callbacks run; later, for this may be in the middle of something. */
    private void call(Runnable code) {
        loop.submitLater(() -> queue.call(() -> {
            try {
                code.run();
            } catch (Throwable t) {
                failLater(t);
            }
        }));
    }

    private void failLater(Throwable cause) {
        if (over || failed.getAndSet(true)) {
            return;
        }
        loop.submitLater(() -> {
            if (!over) {
                over = true;
                cancel();
                queue.departures().streamFailed(cause);
            }
        });
    }

    private void take(byte[] bytes, int cost) {
        queue.departures().take(cost);
        if (over) {
            queue.departures().release(cost);
            return;
        }
        piece = bytes;
        pieceCost = cost;
        if (bytes.length == 0) {
            pieceCost = 0;
            queue.departures().release(cost); // a frame without payload says nothing
        }
        loop.bytesOut.add(bytes.length);
        asked = false;
        queue.departures().proceed();
    }

    // From any thread

    @Override
    public void onSubscribe(Flow.Subscription given) {
        Objects.requireNonNull(given, "subscription");
        loop.submitLater(() -> {
            if (over || subscription != null) {
                call(given::cancel); // Reactive Streams §2.5: a second subscription is cancelled
            } else {
                subscription = given;
                queue.departures().proceed();
            }
        });
    }

    @Override
    public void onNext(T item) {
        if (over) {
            return; // it may not have heard yet that it was cancelled
        }
        if (!expected.compareAndSet(true, false)) {
            failLater(new IllegalStateException("the publisher gave more than it was asked for"));
            return;
        }
        byte[] bytes;
        try {
            bytes = bytesOf.apply(Objects.requireNonNull(item, "a piece is null"));
        } catch (RuntimeException e) {
            failLater(e);
            return;
        }
        int cost = SendQueue.costOf(bytes.length);
        queue.hold(cost);
        loop.submitLater(() -> take(bytes, cost));
    }

    @Override
    public void onError(Throwable cause) {
        failLater(Objects.requireNonNull(cause, "cause"));
    }

    @Override
    public void onComplete() {
        loop.submitLater(() -> {
            complete = true;
            queue.departures().proceed();
        });
    }
}
