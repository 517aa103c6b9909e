package io.hawser;

import java.util.Objects;

/**
 * Bounds of a server as a whole: connections, and the memory of all its sessions together. Those of one session are
 * {@link Limits}.
 *
 * <p>A connection too many is told so when it sends its request; under TLS, where that would cost the server a handshake, it is cut, as
 * are those beyond 256 that wait to be told. Behind {@link TrustedProxies} a client's address is the one that they say. Peers of a domain
 * socket have no address.
 *
 * @param maxConnections connections of the server's own port, sessions or not; 0, the default, is off. One too many is answered 503.
 * @param maxConnectionsPerAddress connections of one client, by its address, or by the first 64 bits of an IPv6 address; 0, the
 *     default, is off. One too many is answered 429.
 * @param handshakeRatePerAddress connections of one such client, and further requests on them; unlimited unless set: 429. Of more
 *     than about 60,000 clients at once some get more than that.
 * @param maxPendingBytes most that is kept for all peers that do not read; beyond it the session with the most ends with 1008. As
 *     much again may be on its way between threads; a message beyond that is one that there is no room for. 0, the default, is a
 *     quarter of the smaller of heap and direct memory.
 * @param maxReceivedBytes most that is kept of messages which are not whole, or wait for their handler; beyond it the session
 *     with the most ends with 1008. 0, the default, is a quarter of the smaller of heap and direct memory.
 * @since 0.1.0
 */
public record ServerLimits(
        int maxConnections,
        int maxConnectionsPerAddress,
        Rate handshakeRatePerAddress,
        long maxPendingBytes,
        long maxReceivedBytes) {

    /**
     * Checks the bounds.
     *
     * @param maxConnections zero, which is off, or more
     * @param maxConnectionsPerAddress zero, which is off, or more
     * @param handshakeRatePerAddress not null
     * @param maxPendingBytes zero or more
     * @param maxReceivedBytes zero or more
     */
    public ServerLimits {
        Objects.requireNonNull(handshakeRatePerAddress, "handshakeRatePerAddress");
        if (maxConnections < 0 || maxConnectionsPerAddress < 0) {
            throw new IllegalArgumentException("a number of connections is negative");
        }
        if (maxPendingBytes < 0 || maxReceivedBytes < 0) {
            throw new IllegalArgumentException("a number of bytes is negative");
        }
    }

    /**
     * The limits above.
     *
     * @return the default limits
     */
    public static ServerLimits defaults() {
        return new ServerLimits(0, 0, Rate.unlimited(), 0, 0);
    }

    /**
     * These limits with other {@link #maxConnections()}.
     *
     * @param maxConnections see {@link #maxConnections()}
     * @return new limits
     */
    public ServerLimits withMaxConnections(int maxConnections) {
        return new ServerLimits(
                maxConnections, maxConnectionsPerAddress, handshakeRatePerAddress, maxPendingBytes, maxReceivedBytes);
    }

    /**
     * These limits with other {@link #maxConnectionsPerAddress()}.
     *
     * @param maxConnectionsPerAddress see {@link #maxConnectionsPerAddress()}
     * @return new limits
     */
    public ServerLimits withMaxConnectionsPerAddress(int maxConnectionsPerAddress) {
        return new ServerLimits(
                maxConnections, maxConnectionsPerAddress, handshakeRatePerAddress, maxPendingBytes, maxReceivedBytes);
    }

    /**
     * These limits with another {@link #handshakeRatePerAddress()}.
     *
     * @param handshakeRatePerAddress see {@link #handshakeRatePerAddress()}
     * @return new limits
     */
    public ServerLimits withHandshakeRatePerAddress(Rate handshakeRatePerAddress) {
        return new ServerLimits(
                maxConnections, maxConnectionsPerAddress, handshakeRatePerAddress, maxPendingBytes, maxReceivedBytes);
    }

    /**
     * These limits with other {@link #maxPendingBytes()}.
     *
     * @param maxPendingBytes see {@link #maxPendingBytes()}
     * @return new limits
     */
    public ServerLimits withMaxPendingBytes(long maxPendingBytes) {
        return new ServerLimits(
                maxConnections, maxConnectionsPerAddress, handshakeRatePerAddress, maxPendingBytes, maxReceivedBytes);
    }

    /**
     * These limits with other {@link #maxReceivedBytes()}.
     *
     * @param maxReceivedBytes see {@link #maxReceivedBytes()}
     * @return new limits
     */
    public ServerLimits withMaxReceivedBytes(long maxReceivedBytes) {
        return new ServerLimits(
                maxConnections, maxConnectionsPerAddress, handshakeRatePerAddress, maxPendingBytes, maxReceivedBytes);
    }
}
