package io.hawser.internal.session;

import io.hawser.Message;
import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.MessageBuffer;
import io.hawser.internal.protocol.PayloadTransform;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Puts one session's messages into frames, through its extension where there is one. */
final class Encoder {

    private final SessionLoop loop;
    private final @Nullable PayloadTransform transform;
    private final Cork cork;

    Encoder(SessionLoop loop, @Nullable PayloadTransform transform, Cork cork) {
        this.loop = loop;
        this.transform = transform;
        this.cork = cork;
    }

    /** Writes a message, in one frame; one too large for that is returned in fragments, of which none is written yet. */
    @Nullable
    Fragments encode(Message message, int cost) {
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
        if (length <= Departures.FRAGMENT_BYTES) {
            ByteBuf out = cork.room(FrameWriter.headerBytes(length) + length);
            FrameWriter.writeHeader(out, true, rsv1, SendQueue.opcodeOf(message), length);
            out.writeBytes(payload, 0, length);
            cork.added(cost);
            return null;
        }
        byte[] kept = rsv1 ? Arrays.copyOf(payload, length) : payload; // scratch is the loop's
        return new Fragments(kept, SendQueue.opcodeOf(message), rsv1, cost);
    }

    /** Writes a broadcast's message, which others write too. */
    void encode(SharedFrame shared, int cost) {
        Message message = shared.message();
        PayloadTransform extension = transform;
        if (extension != null && extension.encodes(message)) {
            cork.addShared(shared.encoded(extension), cost);
            extension.sharedSent(message.bytesWithoutCopy());
        } else {
            cork.addShared(shared.plain(), cost);
        }
    }
}
