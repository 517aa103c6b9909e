package io.hawser;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The client's opening handshake (RFC 6455 §4.1), checked, and what was chosen from it.
 *
 * @since 0.1.0
 */
public interface Handshake extends RequestHead {

    /**
     * A parameter of the endpoint's path template, percent-decoded.
     *
     * @param name the name between braces in the template
     * @return the segment of the path that stands there
     * @throws IllegalArgumentException if the template has no such parameter
     */
    String pathParameter(String name);

    /**
     * All parameters of the path template.
     *
     * @return an unmodifiable map of names to decoded values
     */
    Map<String, String> pathParameters();

    /**
     * The subprotocols which the client offers, in its order of preference (RFC 6455 §4.1, Sec-WebSocket-Protocol).
     *
     * @return an unmodifiable list
     */
    List<String> offeredSubprotocols();

    /**
     * The subprotocol in use. Until the {@link HandshakeHook} has decided, this is the one that would be chosen without it.
     *
     * @return empty if none was agreed upon
     */
    Optional<String> subprotocol();
}
