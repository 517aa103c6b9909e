package io.hawser;

/**
 * The states of a connection (RFC 6455 §4.1, §7.1).
 *
 * @since 0.1.0
 */
public enum SessionState {
    /** The opening handshake is answered, {@code onOpen} has not been called. */
    CONNECTING,
    /** Messages pass. */
    OPEN,
    /** The closing handshake has begun, from either side; what is sent now goes nowhere. */
    CLOSING,
    /** The connection is gone and {@code onClose} is called or about to be. */
    CLOSED
}
