package io.hawser;

import java.util.Map;

/**
 * A server's counters, since it was built. Each is summed over the event loops when asked for, so they are close to, not exactly,
 * one moment.
 *
 * @param connections connections of the server's own port, sessions or not
 * @param openSessions sessions open now
 * @param openedSessions handshakes answered 101
 * @param refusedHandshakes handshakes answered otherwise, by status
 * @param closedSessions sessions that ended, by close code (RFC 6455 §7.4; 1006 without a Close frame)
 * @param messagesIn messages received
 * @param messagesOut messages handed over for sending
 * @param bytesIn payload bytes of messages received, after inflating
 * @param bytesOut payload bytes of messages handed over for sending, before deflating
 * @param rooms rooms that somebody is in now
 * @param pendingBytes bytes accepted for sending that wait for their peers now
 * @param receivedBytes bytes held now of messages that are not whole, or wait for their handler
 * @param droppedMessages messages out that an {@link OverflowPolicy} dropped
 * @param discardedMessages messages in that came whole and were not delivered, because the session ended first
 * @param handlerFailures throws of handlers
 * @param limitsHit how often each limit was met, by its name in {@link Limits}, {@link HttpLimits}, {@link ServerLimits} or
 *     {@link Heartbeat}; the two budgets of the server are {@code server.maxPendingBytes} and {@code server.maxReceivedBytes}, a full
 *     queue of either kind is {@code maxQueued}, an authorisation that ended is {@code expiry}
 * @since 0.1.0
 */
public record ServerMetrics(
        long connections,
        long openSessions,
        long openedSessions,
        Map<Integer, Long> refusedHandshakes,
        Map<Integer, Long> closedSessions,
        long messagesIn,
        long messagesOut,
        long bytesIn,
        long bytesOut,
        long rooms,
        long pendingBytes,
        long receivedBytes,
        long droppedMessages,
        long discardedMessages,
        long handlerFailures,
        Map<String, Long> limitsHit) {

    /**
     * Makes the maps unmodifiable.
     *
     * @param connections zero or more
     * @param openSessions zero or more
     * @param openedSessions zero or more
     * @param refusedHandshakes copied
     * @param closedSessions copied
     * @param messagesIn zero or more
     * @param messagesOut zero or more
     * @param bytesIn zero or more
     * @param bytesOut zero or more
     * @param rooms zero or more
     * @param pendingBytes zero or more
     * @param receivedBytes zero or more
     * @param droppedMessages zero or more
     * @param discardedMessages zero or more
     * @param handlerFailures zero or more
     * @param limitsHit copied
     */
    public ServerMetrics {
        refusedHandshakes = Map.copyOf(refusedHandshakes);
        closedSessions = Map.copyOf(closedSessions);
        limitsHit = Map.copyOf(limitsHit);
    }
}
