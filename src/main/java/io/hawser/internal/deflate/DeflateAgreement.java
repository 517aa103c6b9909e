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

    /** The window of DEFLATE itself, where nobody asks for a smaller one (RFC 7692 §7.1.2). */
    static final int MAX_WINDOW_BITS = 15;

    /** The first offer that can be accepted, and what is agreed by it; null if there is none (RFC 7692 §5.1). */
    public static @Nullable DeflateAgreement negotiate(List<ExtensionOffer> offers, Compression compression) {
        if (!compression.enabled()) {
            return null;
        }
        for (ExtensionOffer offer : offers) {
            DeflateOffer asked = DeflateOffer.read(offer);
            if (asked != null) {
                return accept(asked, compression);
            }
        }
        return null;
    }

    private static DeflateAgreement accept(DeflateOffer asked, Compression compression) {
        // §7.1.1: both may be in the answer though they were not in the offer.
        boolean serverAlone = asked.serverNoContextTakeover() || !compression.serverContextTakeover();
        boolean clientAlone = asked.clientNoContextTakeover() || !compression.clientContextTakeover();
        StringBuilder answer = new StringBuilder(DeflateOffer.NAME);
        if (serverAlone) {
            answer.append("; ").append(DeflateOffer.SERVER_NO_CONTEXT_TAKEOVER);
        }
        if (clientAlone) {
            answer.append("; ").append(DeflateOffer.CLIENT_NO_CONTEXT_TAKEOVER);
        }
        int serverBits = asked.serverMaxWindowBits();
        if (serverBits != 0) {
            // §7.1.2.1: accepted "by including" it "with the same or smaller value".
            answer.append("; ")
                    .append(DeflateOffer.SERVER_MAX_WINDOW_BITS)
                    .append('=')
                    .append(serverBits);
        }
        int clientBits = asked.clientMaxWindowBits();
        if (clientBits != 0) {
            // §7.1.2.2: only where it was offered. Turns the client's hint into a promise, so that no larger window is
            // kept.
            answer.append("; ")
                    .append(DeflateOffer.CLIENT_MAX_WINDOW_BITS)
                    .append('=')
                    .append(clientBits);
        }
        return new DeflateAgreement(
                serverAlone,
                clientAlone,
                serverBits == 0 ? MAX_WINDOW_BITS : serverBits,
                clientBits,
                answer.toString());
    }
}
