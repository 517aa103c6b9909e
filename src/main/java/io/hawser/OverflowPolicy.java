package io.hawser;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message for a peer that reads so slowly that {@link Limits#maxPendingBytes()} would be exceeded. A message
 * that was only offered, with {@link WebSocketSession#trySend}, is refused whatever the policy.
 *
 * <p><b>Threading:</b> immutable; the function given to {@link #conflate} is called on any thread that sends.
 *
 * @since 0.1.0
 */
public final class OverflowPolicy {

    /** What is done. */
    public enum Kind {
        /** The session ends with 1008. */
        CLOSE,
        /** The new message is dropped. */
        DROP_NEWEST,
        /** The messages that have waited longest are dropped, as many as make room. */
        DROP_OLDEST,
        /** A message that waits gives its place to a newer one of the same key. */
        CONFLATE
    }

    /** Ends the session with 1008: the default, for streams that are whole or worth nothing. */
    public static final OverflowPolicy CLOSE = new OverflowPolicy(Kind.CLOSE, null);

    /** Drops the new message. */
    public static final OverflowPolicy DROP_NEWEST = new OverflowPolicy(Kind.DROP_NEWEST, null);

    /**
     * Drops the messages that have waited longest. One that comes from another thread than the session's event loop has them dropped
     * when it gets there: until then at most {@link Limits#maxPendingBytes()} more may be on its way, and what is beyond that is dropped
     * itself. A message that has begun on the wire is never dropped.
     */
    public static final OverflowPolicy DROP_OLDEST = new OverflowPolicy(Kind.DROP_OLDEST, null);

    private final Kind kind;
    private final @Nullable Function<? super Message, ? extends Optional<?>> key;

    private OverflowPolicy(Kind kind, @Nullable Function<? super Message, ? extends Optional<?>> key) {
        this.kind = kind;
        this.key = key;
    }

    /**
     * Keeps the latest message of each key: one that has to wait takes the place of the one with an equal key that waits already,
     * full or not; on its way from another thread it waits too. If there is no room even so, the session ends with 1008. What the
     * function throws, the call that sends throws.
     *
     * @param key such as the instrument of a price; empty for messages that are never replaced
     * @return a policy for state that is told again and again, such as dashboards
     */
    public static OverflowPolicy conflate(Function<? super Message, ? extends Optional<?>> key) {
        return new OverflowPolicy(Kind.CONFLATE, Objects.requireNonNull(key, "key"));
    }

    /**
     * What is done.
     *
     * @return the kind of this policy
     */
    public Kind kind() {
        return kind;
    }

    /**
     * A message's key.
     *
     * @param message a message to be sent
     * @return empty if it is never replaced, or if this policy conflates nothing
     */
    public Optional<?> keyOf(Message message) {
        return key == null ? Optional.empty() : key.apply(message);
    }
}
