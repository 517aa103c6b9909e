package io.hawser;

/**
 * What became of one broadcast on this node.
 *
 * @param targeted sessions it was meant for: the open members when their event loop took it up
 * @param queued sessions that have it queued or written
 * @param dropped sessions that did not get it and live on
 * @param closed sessions that did not get it because they were closing, or are closed now because of it
 * @since 0.1.0
 */
public record BroadcastResult(int targeted, int queued, int dropped, int closed) {

    /** A broadcast to nobody. */
    public static final BroadcastResult NONE = new BroadcastResult(0, 0, 0, 0);

    /**
     * The sum of two results.
     *
     * @param other another part of the same broadcast
     * @return both together
     */
    public BroadcastResult plus(BroadcastResult other) {
        return new BroadcastResult(
                targeted + other.targeted, queued + other.queued, dropped + other.dropped, closed + other.closed);
    }
}
