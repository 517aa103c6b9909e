package io.hawser.internal.session;

import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.Opcode;
import io.netty.buffer.ByteBuf;

/** A large message on its way out, a fragment at a time (RFC 6455 §5.4). */
final class Fragments {

    private final byte[] payload;
    private final int opcode;
    private final boolean rsv1;
    private int cost;
    private int offset;

    Fragments(byte[] payload, int opcode, boolean rsv1, int cost) {
        this.payload = payload;
        this.opcode = opcode;
        this.rsv1 = rsv1;
        this.cost = cost;
    }

    int nextLength() {
        return Math.min(Departures.FRAGMENT_BYTES, payload.length - offset);
    }

    /** Writes the next fragment and returns the part of the message's cost that goes with it; the last takes what is left. */
    int writeNext(ByteBuf out, int length) {
        boolean first = offset == 0;
        boolean last = offset + length == payload.length;
        // "RSV1 is set on the first fragment only" (RFC 7692 §6).
        FrameWriter.writeHeader(out, last, rsv1 && first, first ? opcode : Opcode.CONTINUATION, length);
        out.writeBytes(payload, offset, length);
        offset += length;
        int part = last ? cost : Math.min(cost, length);
        cost -= part;
        return part;
    }

    boolean isDone() {
        return offset == payload.length;
    }

    int remainingCost() {
        return cost;
    }
}
