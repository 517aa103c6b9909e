package io.hawser.internal.deflate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a well-formed permessage-deflate offer asks for (RFC 7692 §7.1).
 *
 * @param serverMaxWindowBits 8 to 15; 0 if the offer does not name it
 * @param clientMaxWindowBits 8 to 15; 0 if the offer does not name it or gives it no value, which asks for nothing
 */
record DeflateOffer(
        boolean serverNoContextTakeover,
        boolean clientNoContextTakeover,
        int serverMaxWindowBits,
        int clientMaxWindowBits) {

    static final String NAME = "permessage-deflate";
    static final String SERVER_NO_CONTEXT_TAKEOVER = "server_no_context_takeover";
    static final String CLIENT_NO_CONTEXT_TAKEOVER = "client_no_context_takeover";
    static final String SERVER_MAX_WINDOW_BITS = "server_max_window_bits";
    static final String CLIENT_MAX_WINDOW_BITS = "client_max_window_bits";

    private static final int MIN_WINDOW_BITS = 8;

    // §7.1.2.1: "a decimal integer value without leading zeroes between 8 to 15, inclusive".
    private static final List<String> WINDOW_BITS = List.of("8", "9", "10", "11", "12", "13", "14", "15");

    /**
     * Reads an offer; null if it must be declined. §7.1: "A server MUST decline an extension negotiation offer for this extension
     * if [it] contains" an unknown or doubled parameter or one with an invalid value.
     */
    static @Nullable DeflateOffer read(ExtensionOffer offer) {
        if (!offer.name().equals(NAME)) {
            return null;
        }
        Set<String> seen = new HashSet<>();
        int serverBits = 0;
        int clientBits = 0;
        for (ExtensionOffer.Parameter parameter : offer.parameters()) {
            String value = parameter.value();
            if (!isValid(parameter.name(), value) || !seen.add(parameter.name())) {
                return null;
            }
            if (parameter.name().equals(SERVER_MAX_WINDOW_BITS)) {
                serverBits = windowBits(value);
            } else if (parameter.name().equals(CLIENT_MAX_WINDOW_BITS)) {
                clientBits = windowBits(value);
            }
        }
        return new DeflateOffer(
                seen.contains(SERVER_NO_CONTEXT_TAKEOVER),
                seen.contains(CLIENT_NO_CONTEXT_TAKEOVER),
                serverBits,
                clientBits);
    }

    private static boolean isValid(String name, @Nullable String value) {
        return switch (name) {
            case SERVER_NO_CONTEXT_TAKEOVER, CLIENT_NO_CONTEXT_TAKEOVER -> value == null;
            case SERVER_MAX_WINDOW_BITS -> value != null && WINDOW_BITS.contains(value);
            // §7.1.2.2: this one may come without a value, as a mere hint that it is understood.
            case CLIENT_MAX_WINDOW_BITS -> value == null || WINDOW_BITS.contains(value);
            default -> false;
        };
    }

    private static int windowBits(@Nullable String value) {
        return value == null ? 0 : WINDOW_BITS.indexOf(value) + MIN_WINDOW_BITS;
    }
}
