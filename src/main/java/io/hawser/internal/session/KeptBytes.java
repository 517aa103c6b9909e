package io.hawser.internal.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What the kernel had handed over of a peer's bytes when its reading was stopped, as it came. */
final class KeptBytes {

    /** Far more than comes after reading was stopped, but for the end of a connection: then the rest is given up. */
    private static final int MAX_BYTES = 256 * 1024;

    private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>();
    private int bytes;
    private int capacity;
    private boolean gap;

    boolean isEmpty() {
        return buffers.isEmpty();
    }

    /** Memory that is held. */
    int capacity() {
        return capacity;
    }

    /** Whether something that came behind these was given up. */
    boolean hasGap() {
        return gap;
    }

    /** Retains a buffer, behind the others, or gives it up. */
    void keep(ByteBuf in) {
        gap |= bytes > MAX_BYTES;
        if (!gap) {
            buffers.addLast(in.retain());
            count(in, 1);
        }
    }

    /** Retains a buffer, ahead of the others. */
    void keepFirst(ByteBuf in) {
        buffers.addFirst(in.retain());
        count(in, 1);
    }

    /** Takes the first out, for the caller to release; null if there is none. */
    @Nullable
    ByteBuf poll() {
        ByteBuf first = buffers.poll();
        if (first != null) {
            count(first, -1);
        }
        return first;
    }

    private void count(ByteBuf buffer, int sign) {
        bytes += sign * buffer.readableBytes();
        capacity += sign * buffer.capacity();
    }
}
