package io.hawser.internal.session;

import java.security.SecureRandom;
import java.util.Base64;

/** Session ids: 128 random bits each. Draws for many at a time, because a draw costs the same whatever it brings. */
final class SessionIds {

    private static final int ID_BYTES = 16;
    private static final int IDS_A_DRAW = 64;

    private final SecureRandom random = new SecureRandom();
    private final byte[] drawn = new byte[ID_BYTES * IDS_A_DRAW];
    private int used = drawn.length;

    String next() {
        if (used == drawn.length) {
            random.nextBytes(drawn);
            used = 0;
        }
        byte[] id = new byte[ID_BYTES];
        System.arraycopy(drawn, used, id, 0, ID_BYTES);
        used += ID_BYTES;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }
}
