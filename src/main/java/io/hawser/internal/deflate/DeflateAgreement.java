package io.hawser.internal.deflate;

import io.hawser.Compression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What client and server agreed upon for permessage-deflate (RFC 7692 §7.1).
 *
 * @param serverNoContextTakeover our messages refer to no earlier one
 * @param clientNoContextTakeover the client's messages refer to no earlier one
 * @param serverMaxWindowBits our window, 8 to 15
 * @param clientMaxWindowBits the client's window as answered, 8 to 15; 0 if the answer does not name it
 * @param headerValue the answer, for Sec-WebSocket-Extensions
 */
public record DeflateAgreement(
        boolean serverNoContextTakeover,
        boolean clientNoContextTakeover,
        int serverMaxWindowBits,
        int clientMaxWindowBits,
        String headerValue) {

    /** The first offer that can be accepted, and what is agreed by it; null if there is none (RFC 7692 §5.1). */
    public static @Nullable DeflateAgreement negotiate(List<ExtensionOffer> offers, Compression compression) {
        return null;
    }
}
