package io.hawser;

import java.util.Map;

/**
 * A server's counters, since it was built. Each is summed over the event loops when asked for, so they are close to, not exactly,
 * one moment.
 *
 * @param openSessions sessions open now
 * @param openedSessions handshakes answered 101
 * @param refusedHandshakes handshakes answered otherwise, by status
 * @param closedSessions sessions that ended, by close code (RFC 6455 §7.4; 1006 without a Close frame)
 * @param messagesIn messages received
 * @param messagesOut messages handed over for sending
 * @param bytesIn payload bytes of messages received, after inflating
 * @param bytesOut payload bytes of messages handed over for sending, before deflating
 * @since 0.1.0
 */
public record ServerMetrics(
        long openSessions,
        long openedSessions,
        Map<Integer, Long> refusedHandshakes,
        Map<Integer, Long> closedSessions,
        long messagesIn,
        long messagesOut,
        long bytesIn,
        long bytesOut) {

    /**
     * Makes the maps unmodifiable.
     *
     * @param openSessions zero or more
     * @param openedSessions zero or more
     * @param refusedHandshakes copied
     * @param closedSessions copied
     * @param messagesIn zero or more
     * @param messagesOut zero or more
     * @param bytesIn zero or more
     * @param bytesOut zero or more
     */
    public ServerMetrics {
        refusedHandshakes = Map.copyOf(refusedHandshakes);
        closedSessions = Map.copyOf(closedSessions);
    }
}
