package io.hawser.internal.server;

import io.hawser.BroadcastResult;
import io.hawser.Message;
import io.hawser.Room;
import io.hawser.ServerMetrics;
import io.hawser.StopReport;
import io.hawser.Transport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A server on Netty. */
public final class NettyServer implements WebSocketServer {

    /** A server that is not listening yet. */
    public NettyServer(ServerConfig config) {}

    @Override
    public WebSocketServer start() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int port() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Transport transport() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Collection<WebSocketSession> sessions() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<WebSocketSession> session(String id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<WebSocketSession> sessionsOf(String principalName) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Room room(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<BroadcastResult> broadcast(Message message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ServerMetrics metrics() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<StopReport> stop(Duration deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
