package io.hawser.internal.session;

import java.util.Optional;

/** The limits that are counted when they are met, by their names in the public settings. */
public enum LimitName {
    MAX_MESSAGE_BYTES("maxMessageBytes"),
    MAX_FRAGMENTS("maxFragments"),
    MESSAGE_TIMEOUT("messageTimeout"),
    MESSAGE_RATE("messageRate"),
    BYTE_RATE("byteRate"),
    CONTROL_RATE("controlRate"),
    MAX_PENDING_BYTES("maxPendingBytes"),
    WRITE_STALL_TIMEOUT("writeStallTimeout"),
    CLOSE_TIMEOUT("closeTimeout"),
    IDLE_TIMEOUT("idleTimeout"),
    MAX_LIFETIME("maxLifetime"),
    MAX_QUEUED("maxQueued"),
    MAX_ROOMS("maxRooms"),
    PONG_WITHIN("pongWithin"),
    HANDSHAKE_TIMEOUT("handshakeTimeout"),
    MAX_REQUEST_LINE_BYTES("maxRequestLineBytes"),
    MAX_HEADER_BYTES("maxHeaderBytes"),
    MAX_HEADERS("maxHeaders"),
    MAX_CONNECTIONS("maxConnections"),
    MAX_CONNECTIONS_PER_ADDRESS("maxConnectionsPerAddress"),
    HANDSHAKE_RATE_PER_ADDRESS("handshakeRatePerAddress"),
    SERVER_MAX_PENDING_BYTES("server.maxPendingBytes"),
    SERVER_MAX_RECEIVED_BYTES("server.maxReceivedBytes"),
    EXPIRY("expiry");

    private final String metric;

    LimitName(String metric) {
        this.metric = metric;
    }

    /** The limit that a peer passed who is told this close code by the protocol; empty if it broke a rule instead. */
    static Optional<LimitName> ofViolation(int code) {
        return switch (code) {
            case 1009 -> Optional.of(MAX_MESSAGE_BYTES);
            case 1008 -> Optional.of(MAX_FRAGMENTS);
            default -> Optional.empty();
        };
    }

    /** The key in {@link io.hawser.ServerMetrics#limitsHit()}. */
    String metric() {
        return metric;
    }
}
