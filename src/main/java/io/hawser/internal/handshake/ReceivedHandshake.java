package io.hawser.internal.handshake;

import io.hawser.Handshake;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request head that is a right opening handshake. */
final class ReceivedHandshake extends ReceivedRequest implements Handshake {

    private final Map<String, String> pathParameters;
    private final List<String> offeredSubprotocols;
    private final @Nullable String subprotocol;

    ReceivedHandshake(
            ReceivedRequest request,
            Map<String, String> pathParameters,
            List<String> offeredSubprotocols,
            @Nullable String subprotocol) {
        super(request);
        this.pathParameters = pathParameters;
        this.offeredSubprotocols = offeredSubprotocols;
        this.subprotocol = subprotocol;
    }

    ReceivedHandshake withSubprotocol(String chosen) {
        return new ReceivedHandshake(this, pathParameters, offeredSubprotocols, chosen);
    }

    @Override
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path template has no parameter of that name: " + name);
        }
        return value;
    }

    @Override
    public Map<String, String> pathParameters() {
        return pathParameters;
    }

    @Override
    public List<String> offeredSubprotocols() {
        return offeredSubprotocols;
    }

    @Override
    public Optional<String> subprotocol() {
        return Optional.ofNullable(subprotocol);
    }
}
