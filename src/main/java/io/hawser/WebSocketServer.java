package io.hawser;

import io.hawser.internal.server.NettyServer;
import io.hawser.internal.server.ServerConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

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
    static Builder builder() {
        return new Builder();
    }

    /**
     * Starts listening. Blocks until connections are accepted. From then on the server's threads keep the process alive, until it
     * is stopped.
     *
     * @return this server
     * @throws java.io.UncheckedIOException if the address cannot be bound
     * @throws IllegalArgumentException if a TLS file, or the transport asked for, is of no use
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
     * The counters.
     *
     * @return a snapshot
     */
    ServerMetrics metrics();

    /**
     * Stops: no new connection is taken, what was sent is flushed, every session is closed with 1001, and what is left at the
     * deadline is cut.
     *
     * @param deadline how long sessions may take
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

    /**
     * Describes a server.
     *
     * <p><b>Threading:</b> for one thread.
     *
     * @since 0.1.0
     */
    final class Builder {

        private InetSocketAddress address = new InetSocketAddress(8080);
        private @Nullable Path domainSocket;
        private @Nullable Tls tls;
        private Transport transport = Transport.AUTO;
        private int ioThreads;
        private HttpLimits httpLimits = HttpLimits.defaults();
        private Limits limits = Limits.defaults();
        private Heartbeat heartbeat = Heartbeat.defaults();
        private Compression compression = Compression.off();
        private OriginPolicy originPolicy = OriginPolicy.sameOrigin();
        private @Nullable Executor handlerExecutor;
        private @Nullable HttpResponder httpResponder;
        private final List<Endpoint> endpoints = new ArrayList<>();

        private Builder() {}

        /**
         * Sets the TCP port, on all addresses of the machine; 8080 unless set.
         *
         * @param port 0 picks a free one
         * @return this builder
         */
        public Builder port(int port) {
            return address(new InetSocketAddress(port));
        }

        /**
         * Sets the address to listen on.
         *
         * @param address an address and port
         * @return this builder
         */
        public Builder address(InetSocketAddress address) {
            this.address = Objects.requireNonNull(address, "address");
            return this;
        }

        /**
         * Listens on a Unix domain socket instead of a port; needs a native transport.
         *
         * @param path the socket's file, which must not be there; removed when the server stops
         * @return this builder
         */
        public Builder domainSocket(Path path) {
            this.domainSocket = Objects.requireNonNull(path, "path");
            return this;
        }

        /**
         * Encrypts every connection.
         *
         * @param tls the certificate
         * @return this builder
         */
        public Builder tls(Tls tls) {
            this.tls = Objects.requireNonNull(tls, "tls");
            return this;
        }

        /**
         * Sets the transport; {@link Transport#AUTO} unless set.
         *
         * @param transport one that this machine has
         * @return this builder
         */
        public Builder transport(Transport transport) {
            this.transport = Objects.requireNonNull(transport, "transport");
            return this;
        }

        /**
         * Sets the number of event loops; one for each processor unless set.
         *
         * @param ioThreads 1 or more
         * @return this builder
         */
        public Builder ioThreads(int ioThreads) {
            this.ioThreads = Limits.requirePositive(ioThreads, "ioThreads");
            return this;
        }

        /**
         * Sets the bounds of HTTP requests.
         *
         * @param httpLimits the bounds
         * @return this builder
         */
        public Builder httpLimits(HttpLimits httpLimits) {
            this.httpLimits = Objects.requireNonNull(httpLimits, "httpLimits");
            return this;
        }

        /**
         * Sets the bounds of sessions, where their endpoint has none of its own.
         *
         * @param limits the bounds
         * @return this builder
         */
        public Builder limits(Limits limits) {
            this.limits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /**
         * Sets how peers are pinged, where their endpoint does not say.
         *
         * @param heartbeat the heartbeat
         * @return this builder
         */
        public Builder heartbeat(Heartbeat heartbeat) {
            this.heartbeat = Objects.requireNonNull(heartbeat, "heartbeat");
            return this;
        }

        /**
         * Sets whether messages are compressed, where the endpoint does not say.
         *
         * @param compression the settings
         * @return this builder
         */
        public Builder compression(Compression compression) {
            this.compression = Objects.requireNonNull(compression, "compression");
            return this;
        }

        /**
         * Sets which web pages may connect, where the endpoint does not say; {@link OriginPolicy#sameOrigin()} unless set.
         *
         * @param originPolicy the policy
         * @return this builder
         */
        public Builder originPolicy(OriginPolicy originPolicy) {
            this.originPolicy = Objects.requireNonNull(originPolicy, "originPolicy");
            return this;
        }

        /**
         * Runs handlers and hooks on an executor, where they may block, instead of the event loops.
         *
         * @param handlerExecutor such as {@code Executors.newVirtualThreadPerTaskExecutor()}; not shut down by the server
         * @return this builder
         */
        public Builder handlerExecutor(Executor handlerExecutor) {
            this.handlerExecutor = Objects.requireNonNull(handlerExecutor, "handlerExecutor");
            return this;
        }

        /**
         * Answers plain HTTP requests on the same port; 404 for all of them unless set.
         *
         * @param httpResponder the responder
         * @return this builder
         */
        public Builder http(HttpResponder httpResponder) {
            this.httpResponder = Objects.requireNonNull(httpResponder, "httpResponder");
            return this;
        }

        /**
         * Adds an endpoint.
         *
         * @param path a path template, see {@link Endpoint}
         * @param handler told of every session there
         * @return this builder
         */
        public Builder endpoint(String path, WebSocketHandler handler) {
            return endpoint(Endpoint.of(path, handler));
        }

        /**
         * Adds an endpoint with settings of its own.
         *
         * @param endpoint the endpoint
         * @return this builder
         */
        public Builder endpoint(Endpoint endpoint) {
            endpoints.add(Objects.requireNonNull(endpoint, "endpoint"));
            return this;
        }

        /**
         * Builds the server. Nothing listens and no thread runs yet.
         *
         * @return a server that can be started
         * @throws IllegalArgumentException if a path template is malformed, or two endpoints have the same
         */
        public WebSocketServer build() {
            return new NettyServer(new ServerConfig(
                    address,
                    domainSocket,
                    tls,
                    transport,
                    ioThreads > 0 ? ioThreads : Runtime.getRuntime().availableProcessors(),
                    httpLimits,
                    limits,
                    heartbeat,
                    compression,
                    originPolicy,
                    handlerExecutor,
                    httpResponder,
                    List.copyOf(endpoints)));
        }
    }
}
