package io.hawser.internal.handshake;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Sec-WebSocket-Key and its answer, Sec-WebSocket-Accept (RFC 6455 §4.2.2, step 5.4). */
final class AcceptKey {

    private static final byte[] GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_LENGTH = 24;
    private static final int PADDING = 2;

    private static final ThreadLocal<MessageDigest> SHA_1 = ThreadLocal.withInitial(AcceptKey::newSha1);

    private AcceptKey() {}

    /**
     * RFC 6455 §4.2.1: "a base64-encoded [...] value that, when decoded, is 16 bytes in length". Its last 4 bits before
     * the padding need not be zero: RFC 4648 §3.5 lets us refuse such a key, we accept it, for it still decodes to 16
     * bytes.
     */
    static boolean isKey(String value) {
        if (value.length() != KEY_LENGTH || !value.endsWith("==")) {
            return false;
        }
        for (int i = 0; i < KEY_LENGTH - PADDING; i++) {
            if (!isBase64(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBase64(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/';
    }

    /** The value of Sec-WebSocket-Accept for a key. */
    static String of(String key) {
        MessageDigest sha1 = SHA_1.get();
        sha1.update(key.getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(sha1.digest(GUID));
    }

    private static MessageDigest newSha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
