package io.hawser;

import java.time.Duration;

/**
 * Bounds of the HTTP part of a connection, one set per server.
 *
 * @param handshakeTimeout from accept to the 101, TLS and the hook included: answered 408, or by a plain close if not a byte came
 * @param maxRequestLineBytes longest request line, in bytes: 414
 * @param maxHeaderBytes all header lines together, in bytes: 431
 * @param maxHeaders number of header lines: 431
 * @since 0.1.0
 */
public record HttpLimits(Duration handshakeTimeout, int maxRequestLineBytes, int maxHeaderBytes, int maxHeaders) {

    /**
     * Checks that all bounds are positive.
     *
     * @param handshakeTimeout over zero
     * @param maxRequestLineBytes over zero
     * @param maxHeaderBytes over zero
     * @param maxHeaders over zero
     */
    public HttpLimits {
        Limits.requirePositive(handshakeTimeout, "handshakeTimeout");
        Limits.requirePositive(maxRequestLineBytes, "maxRequestLineBytes");
        Limits.requirePositive(maxHeaderBytes, "maxHeaderBytes");
        Limits.requirePositive(maxHeaders, "maxHeaders");
    }

    /**
     * 10 s, 8 KiB, 16 KiB and 100 lines.
     *
     * @return the default limits
     */
    public static HttpLimits defaults() {
        return new HttpLimits(Duration.ofSeconds(10), 8 * 1024, 16 * 1024, 100);
    }

    /**
     * These limits with another {@link #handshakeTimeout()}.
     *
     * @param handshakeTimeout see {@link #handshakeTimeout()}
     * @return new limits
     */
    public HttpLimits withHandshakeTimeout(Duration handshakeTimeout) {
        return new HttpLimits(handshakeTimeout, maxRequestLineBytes, maxHeaderBytes, maxHeaders);
    }
}
