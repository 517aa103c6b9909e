package io.hawser.internal.server;

import io.hawser.Compression;
import io.hawser.Endpoint;
import io.hawser.internal.session.SessionSettings;

/** What applies at an endpoint: its own settings, and the server's where it has none. */
record EndpointSettings(SessionSettings session, Compression compression) {

    static EndpointSettings of(Endpoint endpoint, ServerConfig server) {
        return new EndpointSettings(
                new SessionSettings(
                        endpoint.handler(),
                        endpoint.limits().orElse(server.limits()),
                        endpoint.heartbeat().orElse(server.heartbeat()),
                        endpoint.overflowPolicy().orElse(server.overflowPolicy()),
                        server.handlerExecutor()),
                endpoint.compression().orElse(server.compression()));
    }
}
