package io.hawser;

import io.hawser.internal.server.NettyServer;
import io.hawser.internal.server.ServerConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Describes a server.
 *
 * <p><b>Threading:</b> for one thread.
 *
 * @since 0.1.0
 */
public final class WebSocketServerBuilder {

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
    private OverflowPolicy overflowPolicy = OverflowPolicy.CLOSE;
    private ServerLimits serverLimits = ServerLimits.defaults();
    private @Nullable TrustedProxies trustedProxies;
    private final Set<String> allowedHosts = new TreeSet<>();
    private @Nullable Executor handlerExecutor;
    private @Nullable HttpResponder httpResponder;
    private final List<Endpoint> endpoints = new ArrayList<>();

    WebSocketServerBuilder() {}

    /**
     * Sets the TCP port, on all addresses of the machine; 8080 unless set.
     *
     * @param port 0 picks a free one
     * @return this builder
     */
    public WebSocketServerBuilder port(int port) {
        return address(new InetSocketAddress(port));
    }

    /**
     * Sets the address to listen on.
     *
     * @param address an address and port
     * @return this builder
     */
    public WebSocketServerBuilder address(InetSocketAddress address) {
        this.address = Objects.requireNonNull(address, "address");
        return this;
    }

    /**
     * Listens on a Unix domain socket instead of a port; needs a native transport.
     *
     * @param path the socket's file, which must not be there; removed when the server stops
     * @return this builder
     */
    public WebSocketServerBuilder domainSocket(Path path) {
        this.domainSocket = Objects.requireNonNull(path, "path");
        return this;
    }

    /**
     * Encrypts every connection.
     *
     * @param tls the certificate
     * @return this builder
     */
    public WebSocketServerBuilder tls(Tls tls) {
        this.tls = Objects.requireNonNull(tls, "tls");
        return this;
    }

    /**
     * Sets the transport; {@link Transport#AUTO} unless set.
     *
     * @param transport one that this machine has
     * @return this builder
     */
    public WebSocketServerBuilder transport(Transport transport) {
        this.transport = Objects.requireNonNull(transport, "transport");
        return this;
    }

    /**
     * Sets the number of event loops; one for each processor unless set.
     *
     * @param ioThreads 1 or more
     * @return this builder
     */
    public WebSocketServerBuilder ioThreads(int ioThreads) {
        this.ioThreads = Limits.requirePositive(ioThreads, "ioThreads");
        return this;
    }

    /**
     * Sets the bounds of HTTP requests.
     *
     * @param httpLimits the bounds
     * @return this builder
     */
    public WebSocketServerBuilder httpLimits(HttpLimits httpLimits) {
        this.httpLimits = Objects.requireNonNull(httpLimits, "httpLimits");
        return this;
    }

    /**
     * Sets the bounds of sessions, where their endpoint has none of its own.
     *
     * @param limits the bounds
     * @return this builder
     */
    public WebSocketServerBuilder limits(Limits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
        return this;
    }

    /**
     * Sets how peers are pinged, where their endpoint does not say.
     *
     * @param heartbeat the heartbeat
     * @return this builder
     */
    public WebSocketServerBuilder heartbeat(Heartbeat heartbeat) {
        this.heartbeat = Objects.requireNonNull(heartbeat, "heartbeat");
        return this;
    }

    /**
     * Sets whether messages are compressed, where the endpoint does not say.
     *
     * @param compression the settings
     * @return this builder
     */
    public WebSocketServerBuilder compression(Compression compression) {
        this.compression = Objects.requireNonNull(compression, "compression");
        return this;
    }

    /**
     * Sets which web pages may connect, where the endpoint does not say; {@link OriginPolicy#sameOrigin()} unless set.
     *
     * @param originPolicy the policy
     * @return this builder
     */
    public WebSocketServerBuilder originPolicy(OriginPolicy originPolicy) {
        this.originPolicy = Objects.requireNonNull(originPolicy, "originPolicy");
        return this;
    }

    /**
     * Sets what becomes of messages for peers that read too slowly, where the endpoint does not say;
     * {@link OverflowPolicy#CLOSE} unless set.
     *
     * @param overflowPolicy the policy
     * @return this builder
     */
    public WebSocketServerBuilder overflowPolicy(OverflowPolicy overflowPolicy) {
        this.overflowPolicy = Objects.requireNonNull(overflowPolicy, "overflowPolicy");
        return this;
    }

    /**
     * Sets the bounds of the server as a whole.
     *
     * @param serverLimits the bounds
     * @return this builder
     */
    public WebSocketServerBuilder serverLimits(ServerLimits serverLimits) {
        this.serverLimits = Objects.requireNonNull(serverLimits, "serverLimits");
        return this;
    }

    /**
     * Sets whose word about a client's address is taken; nobody's unless set.
     *
     * @param trustedProxies the proxies in front of this server
     * @return this builder
     */
    public WebSocketServerBuilder trustedProxies(TrustedProxies trustedProxies) {
        this.trustedProxies = Objects.requireNonNull(trustedProxies, "trustedProxies");
        return this;
    }

    /**
     * Serves requests for these hosts alone, against pages that point a name of theirs at this server (DNS rebinding); another
     * {@code Host} is answered 421. All hosts unless set. A request that names no port is allowed where port 80 or 443 is.
     *
     * @param hosts names or addresses, with a port to allow that one alone, such as {@code example.com} or {@code [::1]:8080}
     * @return this builder
     */
    public WebSocketServerBuilder allowedHosts(String... hosts) {
        allowedHosts.addAll(List.of(hosts));
        return this;
    }

    /**
     * Runs handlers and hooks on an executor, where they may block, instead of the event loops.
     *
     * @param handlerExecutor such as {@code Executors.newVirtualThreadPerTaskExecutor()}; not shut down by the server
     * @return this builder
     */
    public WebSocketServerBuilder handlerExecutor(Executor handlerExecutor) {
        this.handlerExecutor = Objects.requireNonNull(handlerExecutor, "handlerExecutor");
        return this;
    }

    /**
     * Answers plain HTTP requests on the same port; 404 for all of them unless set.
     *
     * @param httpResponder the responder
     * @return this builder
     */
    public WebSocketServerBuilder http(HttpResponder httpResponder) {
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
    public WebSocketServerBuilder endpoint(String path, WebSocketHandler handler) {
        return endpoint(Endpoint.of(path, handler));
    }

    /**
     * Adds an endpoint with settings of its own.
     *
     * @param endpoint the endpoint
     * @return this builder
     */
    public WebSocketServerBuilder endpoint(Endpoint endpoint) {
        endpoints.add(Objects.requireNonNull(endpoint, "endpoint"));
        return this;
    }

    /**
     * Builds the server. Nothing listens and no thread runs yet.
     *
     * @return a server that can be started
     * @throws IllegalArgumentException if a path template is malformed, or two endpoints have the same; if an allowed host is no
     *     host, or a trusted network no network
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
                overflowPolicy,
                serverLimits,
                trustedProxies,
                Set.copyOf(allowedHosts),
                handlerExecutor,
                httpResponder,
                List.copyOf(endpoints)));
    }
}
