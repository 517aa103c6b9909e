package io.hawser.internal.handshake;

import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a header's name is written in a {@link HeaderBlock}. Nobody asks for the names of a request's headers, only for
 * the values under a name in any case: so a name that many requests have is one character, which no token has.
 */
final class HeaderKey {

    private static final char FIRST_CODE = 0x80; // ISO 8859-1, but not ASCII

    /** What the rules ask each request for, then what else browsers and proxies send. There is room for 128. */
    private static final AsciiString[] FREQUENT = Stream.of(
                    "host",
                    "upgrade",
                    "connection",
                    "sec-websocket-key",
                    "sec-websocket-version",
                    "sec-websocket-extensions",
                    "sec-websocket-protocol",
                    "sec-websocket-key1",
                    "sec-websocket-key2",
                    "origin",
                    "content-length",
                    "transfer-encoding",
                    "expect",
                    "cookie",
                    "user-agent",
                    "accept",
                    "accept-encoding",
                    "accept-language",
                    "authorization",
                    "cache-control",
                    "pragma",
                    "sec-fetch-dest",
                    "sec-fetch-mode",
                    "sec-fetch-site",
                    "forwarded",
                    "x-forwarded-for",
                    "x-forwarded-host",
                    "x-forwarded-proto",
                    "x-real-ip")
            .map(AsciiString::cached)
            .toArray(AsciiString[]::new);

    private static final String[] KEYS = new String[FREQUENT.length];

    static {
        for (int i = 0; i < KEYS.length; i++) {
            KEYS[i] = "\n" + (char) (FIRST_CODE + i);
        }
    }

    private HeaderKey() {}

    /** What stands before each value under a name, beginning with a line feed; null if the name is not a token. */
    static @Nullable String of(CharSequence name) {
        for (int i = 0; i < FREQUENT.length; i++) {
            if (FREQUENT[i].contentEqualsIgnoreCase(name)) { // in ASCII alone: to String a Kelvin sign is a k
                return KEYS[i];
            }
        }
        return HttpToken.isToken(name) ? "\n" + name.toString().toLowerCase(Locale.ROOT) + ':' : null;
    }
}
