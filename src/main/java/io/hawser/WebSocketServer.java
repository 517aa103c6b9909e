package io.hawser;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A WebSocket server: its endpoints, its sessions, its rooms, and where it listens.
 *
 * <pre>{@code
 * WebSocketServer server = WebSocketServer.builder()
 *     .port(8080)
 *     .endpoint("/echo", WebSocketHandler.onMessage(WebSocketSession::send))
 *     .build()
 *     .start();
 * }</pre>
 *
 * <p>A server is started once and stopped once; to start again, build another. One that is never started can serve inside another
 * Netty server, see {@code io.hawser.netty}.
 *
 * <p><b>Threading:</b> every method may be called from any thread, except that {@link #start()} and {@link #close()} block and
 * refuse to be called on an event loop.
 *
 * @since 0.1.0
 */
public interface WebSocketServer extends AutoCloseable {

    /**
     * Begins to describe a server.
     *
     * @return a builder with all the defaults
     */
    static WebSocketServerBuilder builder() {
        return new WebSocketServerBuilder();
    }

    /**
     * Starts listening. Blocks until connections are accepted. From then on the server's threads keep the process alive, until it
     * is stopped.
     *
     * @return this server
     * @throws java.io.UncheckedIOException if the address cannot be bound
     * @throws IllegalArgumentException if a TLS file, or the transport asked for, is of no use, or the PROXY protocol's codec is
     *     not there
     * @throws IllegalStateException if it was started before
     */
    WebSocketServer start();

    /**
     * The port it listens on.
     *
     * @return a TCP port, even if 0 was asked for
     * @throws IllegalStateException if it is not listening, or on a domain socket
     */
    int port();

    /**
     * The transport in use.
     *
     * @return what {@link Transport#AUTO} turned out to be
     */
    Transport transport();

    /**
     * The open sessions.
     *
     * @return an unmodifiable live view, which may be iterated while sessions come and go
     */
    Collection<WebSocketSession> sessions();

    /**
     * The open session with an id.
     *
     * @param id see {@link WebSocketSession#id()}
     * @return empty if no open session has it
     */
    Optional<WebSocketSession> session(String id);

    /**
     * The open sessions of a principal.
     *
     * @param principalName see {@link java.security.Principal#getName()}
     * @return a snapshot, unmodifiable
     */
    Set<WebSocketSession> sessionsOf(String principalName);

    /**
     * A room.
     *
     * @param name at most {@link Room#MAX_NAME_BYTES} bytes of UTF-8, not empty
     * @return a handle to it, whether anybody is in it or not
     */
    Room room(String name);

    /**
     * Sends a message to every open session.
     *
     * @param message encoded once
     * @return completes when the message is queued everywhere; never fails
     */
    CompletionStage<BroadcastResult> broadcast(Message message);

    /**
     * Serves new connections with another certificate, such as a renewed one, or other client authorities. Connections that are
     * there keep theirs.
     *
     * @param tls read before this returns
     * @throws IllegalArgumentException if a file is of no use; then the old certificate stays
     * @throws IllegalStateException if the server is not listening, or without TLS
     */
    void reloadTls(Tls tls);

    /**
     * The counters.
     *
     * @return a snapshot
     */
    ServerMetrics metrics();

    /**
     * Stops. No new connection is taken, and requests on those that are there are answered 503. Every session is closed with 1001,
     * behind all that was sent to it before: in random order, a thousand a second or as fast as the deadline wants it, so that the
     * clients do not all come back elsewhere at once. Until its turn a session goes on. What is left at the deadline is cut.
     *
     * @param deadline how long sessions may take; zero cuts them
     * @return completes when the port is free and the threads have ended; the same stage if it was stopped before
     */
    CompletionStage<StopReport> stop(Duration deadline);

    /**
     * Stops with a deadline of 30 s, and blocks until that is done.
     *
     * @throws IllegalStateException if called on an event loop of this server, which would wait for itself
     */
    @Override
    void close();
}
