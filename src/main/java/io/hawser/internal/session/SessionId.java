package io.hawser.internal.session;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a session is found by: 128 random bits. A session is its own key in the maps, and its id is put into letters when somebody
 * asks for it, as nobody does of most.
 *
 * <p><b>Threading:</b> any thread.
 */
class SessionId {

    static final int BYTES = 2 * Long.BYTES;

    private final long high;
    private final long low;
    private @Nullable String text; // of two that are made at once each is right

    SessionId(long high, long low) {
        this.high = high;
        this.low = low;
    }

    SessionId(SessionId other) {
        this(other.high, other.low);
    }

    /** The id that {@link #id} writes so; null if it writes none so. */
    static @Nullable SessionId parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
        if (bytes.length != BYTES) {
            return null;
        }
        ByteBuffer bits = ByteBuffer.wrap(bytes);
        SessionId parsed = new SessionId(bits.getLong(), bits.getLong());
        return parsed.id().equals(text) ? parsed : null; // there are more ways to write it
    }

    /** Base64url without padding, 22 characters. */
    public String id() {
        String written = text;
        if (written == null) {
            byte[] bytes = ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
            written = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            text = written;
        }
        return written;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof SessionId that && high == that.high && low == that.low;
    }

    @Override
    public final int hashCode() {
        return Long.hashCode(low);
    }
}
