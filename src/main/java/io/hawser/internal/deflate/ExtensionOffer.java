package io.hawser.internal.deflate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One extension of a Sec-WebSocket-Extensions header (RFC 6455 §9.1): its name and parameters, in order, duplicates kept.
 *
 * @param name a token
 * @param parameters unmodifiable
 */
public record ExtensionOffer(String name, List<Parameter> parameters) {

    /**
     * A parameter.
     *
     * @param name a token
     * @param value unquoted; null if there is none
     */
    public record Parameter(String name, @Nullable String value) {}
}
