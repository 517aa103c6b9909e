package io.hawser.internal.protocol;

import io.hawser.CloseStatus;
import java.nio.charset.StandardCharsets;

/** The body of a received Close frame (RFC 6455 §5.5.1, §7.4). */
final class CloseCodes {

    private static final int CODE_BYTES = 2;

    private CloseCodes() {}

    /**
     * What a Close frame says.
     *
     * @throws ProtocolViolation 1002 for a lone byte or a code that may not be sent, 1007 for a reason that is not UTF-8
     */
    static CloseStatus parse(byte[] body) {
        if (body.length == 0) {
            return CloseStatus.NO_STATUS;
        }
        if (body.length < CODE_BYTES) {
            // §5.5.1: "the first two bytes of the body MUST be a 2-byte unsigned integer".
            throw new ProtocolViolation(1002, "close body of one byte (RFC 6455 §5.5.1)");
        }
        int code = (body[0] & 0xFF) << 8 | body[1] & 0xFF;
        if (!isLegal(code)) {
            throw new ProtocolViolation(1002, "close code " + code + " may not be sent (RFC 6455 §7.4)");
        }
        Utf8Validator utf8 = new Utf8Validator();
        if (!utf8.accept(body, CODE_BYTES, body.length) || !utf8.end()) {
            throw new ProtocolViolation(1007, "close reason is not UTF-8 (RFC 6455 §5.5.1)");
        }
        return new CloseStatus(code, new String(body, CODE_BYTES, body.length - CODE_BYTES, StandardCharsets.UTF_8));
    }

    /** Codes that a peer may send: §7.4.1, those registered since (1012–1014), and §7.4.2's ranges for libraries and programs. */
    static boolean isLegal(int code) {
        return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
    }
}
