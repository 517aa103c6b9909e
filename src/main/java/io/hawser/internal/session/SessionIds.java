package io.hawser.internal.session;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Session ids: 128 random bits each. Draws for many at a time, because a draw costs the same whatever it brings. */
final class SessionIds {

    private static final int IDS_A_DRAW = 64;

    private final SecureRandom random = new SecureRandom();
    private final ByteBuffer drawn =
            ByteBuffer.allocate(SessionId.BYTES * IDS_A_DRAW).position(SessionId.BYTES * IDS_A_DRAW);

    SessionId next() {
        if (!drawn.hasRemaining()) {
            random.nextBytes(drawn.array());
            drawn.rewind();
        }
        return new SessionId(drawn.getLong(), drawn.getLong());
    }
}
