package io.hawser.internal.protocol;

import io.hawser.CloseStatus;

/**
 * The peer broke a rule, and the connection fails (RFC 6455 §7.1.7). Its message names the rule, never the input, and is short
 * enough to be the close reason. Has no stack trace: it tells of the peer, not of this program.
 */
public final class ProtocolViolation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient CloseStatus status;

    /** A violation that closes with {@code code}, with {@code reason} of at most 123 bytes of UTF-8. */
    public ProtocolViolation(int code, String reason) {
        super(reason, null, false, false);
        this.status = new CloseStatus(code, reason);
    }

    /** The close code, and the reason for the peer to read. */
    public CloseStatus status() {
        return status;
    }
}
