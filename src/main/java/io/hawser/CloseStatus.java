package io.hawser;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Why a session ended: the status code and reason of a Close frame (RFC 6455 §7.1.5, §7.1.6, §7.4).
 *
 * <p>Codes that no peer may use are refused at construction. {@link #NO_STATUS}, {@link #ABNORMAL} and 1015 stand for what was
 * not on the wire (§7.1.5): they are only reported, and {@link WebSocketSession#close(CloseStatus)} refuses to send them.
 *
 * @param code 1000–1003, 1005–1015 or 3000–4999
 * @param reason text for the peer, at most 123 bytes of UTF-8 (§5.5.1); empty if there is nothing to say
 * @since 0.1.0
 */
public record CloseStatus(int code, String reason) {

    /** Longest reason in bytes of UTF-8: a control frame's 125 less the code's 2 (RFC 6455 §5.5). */
    public static final int MAX_REASON_BYTES = 123;

    /** 1000: the purpose of the connection is fulfilled. */
    public static final CloseStatus NORMAL = new CloseStatus(1000, "");

    /** 1001: the server goes down, or a browser leaves the page. */
    public static final CloseStatus GOING_AWAY = new CloseStatus(1001, "");

    /** 1002: the peer broke the protocol. */
    public static final CloseStatus PROTOCOL_ERROR = new CloseStatus(1002, "");

    /** 1003: a kind of data that this endpoint does not take. */
    public static final CloseStatus UNSUPPORTED_DATA = new CloseStatus(1003, "");

    /** 1005, never sent: the peer's Close frame carried no code. */
    public static final CloseStatus NO_STATUS = new CloseStatus(1005, "");

    /** 1006, never sent: the connection ended without a Close frame. */
    public static final CloseStatus ABNORMAL = new CloseStatus(1006, "");

    /** 1007: the bytes do not fit the type, such as text that is not UTF-8. */
    public static final CloseStatus INVALID_PAYLOAD = new CloseStatus(1007, "");

    /** 1008: a policy was violated and no other code says it better. */
    public static final CloseStatus POLICY_VIOLATION = new CloseStatus(1008, "");

    /** 1009: the message is larger than this endpoint takes. */
    public static final CloseStatus MESSAGE_TOO_BIG = new CloseStatus(1009, "");

    /** 1011: the server met something unexpected. */
    public static final CloseStatus INTERNAL_ERROR = new CloseStatus(1011, "");

    /**
     * Checks the code and the reason.
     *
     * @param code 1000–1003, 1005–1015 or 3000–4999
     * @param reason at most {@link #MAX_REASON_BYTES} of UTF-8
     * @throws IllegalArgumentException if no endpoint may use the code, if the reason is over {@link #MAX_REASON_BYTES} or has an
     *     unpaired surrogate, or if there is a reason for a code that is never sent
     */
    public CloseStatus {
        Objects.requireNonNull(reason, "reason");
        boolean local = isLocal(code);
        if (!local && !isWireCode(code)) {
            throw new IllegalArgumentException("no close code of RFC 6455 §7.4: " + code);
        }
        if (local && !reason.isEmpty()) {
            throw new IllegalArgumentException("a code that is never sent has no reason (RFC 6455 §7.4.1): " + code);
        }
        if (utf8Length(reason) > MAX_REASON_BYTES) {
            throw new IllegalArgumentException("close reason is over " + MAX_REASON_BYTES + " bytes (RFC 6455 §5.5)");
        }
    }

    /**
     * The same code with a reason.
     *
     * @param reason at most {@link #MAX_REASON_BYTES} of UTF-8
     * @return a status with this code
     */
    public CloseStatus withReason(String reason) {
        return new CloseStatus(code, reason);
    }

    /**
     * Whether this status may be put into a Close frame; 1005, 1006 and 1015 may not (RFC 6455 §7.4.1).
     *
     * @return whether it may be sent
     */
    public boolean isSendable() {
        return !isLocal(code);
    }

    private static boolean isLocal(int code) {
        return code == 1005 || code == 1006 || code == 1015;
    }

    private static boolean isWireCode(int code) {
        return code >= 1000 && code <= 1014 && code != 1004 || code >= 3000 && code <= 4999;
    }

    private static int utf8Length(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (!new String(utf8, StandardCharsets.UTF_8).equals(text)) {
            throw new IllegalArgumentException("close reason has an unpaired surrogate (RFC 6455 §5.5.1)");
        }
        return utf8.length;
    }
}
