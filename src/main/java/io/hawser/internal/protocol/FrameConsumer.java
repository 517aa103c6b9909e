package io.hawser.internal.protocol;

import io.netty.buffer.ByteBuf;

/**
 * What {@link FrameReader} tells upward: {@code (header payload+)*}. Throws {@link ProtocolViolation} where the frame does not
 * fit those before it.
 */
interface FrameConsumer {

    /** A frame whose own rules are kept begins; {@code length} is 0 to 2^63−1. */
    void header(int opcode, boolean fin, boolean rsv1, long length);

    /**
     * The next {@code count} bytes of the payload, masked with {@code maskingKey}, turned so that it begins with them; the frame's last
     * ones if it {@code ends} with them, which an empty frame does with none. Fewer may be read: the rest is told again, once no
     * longer {@linkplain #isDone() done}.
     */
    void payload(ByteBuf in, int count, int maskingKey, boolean ends);

    /** Whether no byte more is to be read: the bytes are held back, or the connection is over. */
    boolean isDone();
}
