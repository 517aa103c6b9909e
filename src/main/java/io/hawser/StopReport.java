package io.hawser;

/**
 * How a server's sessions ended when it stopped.
 *
 * @param closed sessions that ended in time
 * @param forced sessions whose peer did not read what was sent to it until the deadline, or then did not answer the Close frame within
 *     the close timeout: the former are cut, what the latter have not read is left to the kernel
 * @since 0.1.0
 */
public record StopReport(int closed, int forced) {}
