package io.hawser;

/**
 * How a server's sessions ended when it stopped.
 *
 * @param closed sessions that ended with a closing handshake in time
 * @param forced sessions that were cut at the deadline
 * @since 0.1.0
 */
public record StopReport(int closed, int forced) {}
