package io.hawser.internal.handshake;

import io.hawser.Handshake;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request head that is a right opening handshake. */
final class ReceivedHandshake extends ReceivedHead implements Handshake {

    private final Map<String, String> pathParameters;
    private final @Nullable String subprotocol;

    ReceivedHandshake(ReceivedRequest request, PathRouter.Match match, @Nullable String subprotocol) {
        this(request, pathOf(request, match), match.parameters(), subprotocol);
    }

    private ReceivedHandshake(
            ReceivedHead head, String path, Map<String, String> pathParameters, @Nullable String subprotocol) {
        super(head, path);
        this.pathParameters = pathParameters;
        this.subprotocol = subprotocol;
    }

    /** One string for all sessions of an endpoint without parameters, where the request does not write it differently. */
    private static String pathOf(ReceivedRequest request, PathRouter.Match match) {
        String template = match.endpoint().path();
        return template.equals(request.path()) ? template : request.path();
    }

    ReceivedHandshake withSubprotocol(String chosen) {
        return new ReceivedHandshake(this, path(), pathParameters, chosen);
    }

    /** RFC 6455 §4.1: "The method of the request MUST be GET". */
    @Override
    public String method() {
        return "GET";
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
        return UpgradeRules.requireSubprotocols(this); // which has passed already
    }

    @Override
    public Optional<String> subprotocol() {
        return Optional.ofNullable(subprotocol);
    }
}
