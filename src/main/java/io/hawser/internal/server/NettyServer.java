package io.hawser.internal.server;

import io.hawser.BroadcastResult;
import io.hawser.CloseStatus;
import io.hawser.Endpoint;
import io.hawser.HandshakeDecision;
import io.hawser.HttpReply;
import io.hawser.HttpResponder;
import io.hawser.Message;
import io.hawser.RequestHead;
import io.hawser.Room;
import io.hawser.ServerMetrics;
import io.hawser.StopReport;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.internal.deflate.DeflateTransform;
import io.hawser.internal.handshake.AllowedHosts;
import io.hawser.internal.handshake.ClientAddresses;
import io.hawser.internal.handshake.OpeningHandshake;
import io.hawser.internal.session.LiveSession;
import io.hawser.internal.session.SessionRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A server on Netty: its sessions, and either a {@link Listener} of its own or handlers in other people's pipelines. */
public final class NettyServer implements WebSocketServer {

    private static final Duration DEFAULT_STOP = Duration.ofSeconds(30);
    /** Netty's own queue is kept short: what a peer does not take waits in the session's, which is bounded. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final ServerConfig config;
    private final OpeningHandshake handshake;
    private final IdentityHashMap<Endpoint, EndpointSettings> settings = new IdentityHashMap<>();
    private final ClientAddresses addresses;
    private final SessionRegistry registry;
    private final SessionLoops loops;
    private final ConnectionLimits limits;
    /** Connections of our own listener that are no sessions yet. */
    private final Set<Channel> inHttp = ConcurrentHashMap.newKeySet();

    private final AtomicReference<@Nullable Listener> listener = new AtomicReference<>();
    private final AtomicReference<@Nullable CompletableFuture<StopReport>> stopped = new AtomicReference<>();

    /** A server that is not listening. */
    public NettyServer(ServerConfig config) {
        this.config = config;
        this.registry = new SessionRegistry(
                this,
                MemoryBudget.orQuarter(config.serverLimits().maxPendingBytes()),
                MemoryBudget.orQuarter(config.serverLimits().maxReceivedBytes()));
        this.loops = new SessionLoops(registry);
        this.handshake = new OpeningHandshake(
                config.endpoints(),
                config.originPolicy(),
                config.compression(),
                new AllowedHosts(config.allowedHosts()));
        this.addresses = new ClientAddresses(config.trustedProxies());
        this.limits = new ConnectionLimits(config.serverLimits(), addresses, registry);
        for (Endpoint endpoint : config.endpoints()) {
            settings.put(endpoint, EndpointSettings.of(endpoint, config));
        }
    }

    // For the handlers of this package

    ServerConfig config() {
        return config;
    }

    OpeningHandshake handshake() {
        return handshake;
    }

    ClientAddresses addresses() {
        return addresses;
    }

    ConnectionLimits limits() {
        return limits;
    }

    SessionRegistry registry() {
        return registry;
    }

    boolean isStopping() {
        return stopped.get() != null;
    }

    void arrived(Channel channel) {
        inHttp.add(channel);
    }

    void leftHttp(Channel channel) {
        inHttp.remove(channel);
    }

    HttpReply respond(RequestHead request) {
        HttpResponder responder = config.httpResponder();
        return responder == null ? HttpReply.notFound() : responder.respond(request);
    }

    /** Writes the 101 and puts a session in the place of the handshake's handler. */
    void openSession(
            ChannelHandlerContext ctx,
            OpeningHandshake.Upgrade upgrade,
            HandshakeDecision decision,
            OpeningHandshake.Response response) {
        Channel channel = ctx.channel();
        channel.config().setWriteBufferWaterMark(WATER_MARK);
        UnsentMark.set(channel);
        SessionLoops.LoopParts loop = loops.of(channel);
        EndpointSettings endpoint = Objects.requireNonNull(settings.get(upgrade.endpoint()), "of this server");
        DeflateTransform transform = upgrade.deflate() == null
                ? null
                : new DeflateTransform(upgrade.deflate(), endpoint.compression(), loop.deflate());
        SessionHandler handler = new SessionHandler();
        LiveSession session = new LiveSession(
                response.handshake(),
                decision.principal(),
                decision.attributes(),
                decision.expiry(),
                endpoint.session(),
                transform,
                loop.sessions(),
                handler);
        handler.attach(session.conversation());
        ChannelFuture answer = ctx.write(HttpAnswers.switchingProtocols(ctx, response.headers()));
        ctx.pipeline().replace(ctx.handler(), null, handler);
        session.conversation().open(decision.closeStatus().orElse(null));
        if (isStopping()) {
            session.close(CloseStatus.GOING_AWAY); // stop() may have looked at the sessions before this one was there
        }
        handler.flush();
        Listener own = listener.get();
        if (answer.isSuccess() && own != null && own.hasBareSocket(channel)) {
            handler.passPipeline();
        }
    }

    /** A handler that serves this server's endpoints in somebody else's pipeline. */
    public ChannelHandler newUpgradeHandler() {
        return new HandshakeHandler(this, null, null);
    }

    // WebSocketServer

    @Override
    public WebSocketServer start() {
        requireOffLoop("start");
        if (isStopping()) {
            throw new IllegalStateException("the server was stopped: build another");
        }
        Listener mine = new Listener(this);
        if (!listener.compareAndSet(null, mine)) {
            mine.shutDown(); // its event loops hold files
            throw new IllegalStateException("the server was started before");
        }
        mine.open();
        return this;
    }

    @Override
    public int port() {
        if (startedListener().localAddress() instanceof InetSocketAddress address) {
            return address.getPort();
        }
        throw new IllegalStateException("the server does not listen on a port");
    }

    @Override
    public Transport transport() {
        return startedListener().transport();
    }

    /** For tests. */
    @Nullable
    Channel listeningChannel() {
        return startedListener().socket();
    }

    private Listener startedListener() {
        Listener started = listener.get();
        if (started == null) {
            throw new IllegalStateException("the server is not started");
        }
        return started;
    }

    @Override
    public Collection<WebSocketSession> sessions() {
        return registry.sessions();
    }

    @Override
    public Optional<WebSocketSession> session(String id) {
        return registry.session(id);
    }

    @Override
    public Set<WebSocketSession> sessionsOf(String principalName) {
        return registry.sessionsOf(principalName);
    }

    @Override
    public Room room(String name) {
        return registry.room(name);
    }

    @Override
    public CompletionStage<BroadcastResult> broadcast(Message message) {
        return registry.broadcast(message);
    }

    @Override
    public void reloadTls(Tls tls) {
        Objects.requireNonNull(tls, "tls");
        Listener started = startedListener();
        if (isStopping()) {
            throw new IllegalStateException("the server was stopped");
        }
        started.reloadTls(tls);
    }

    @Override
    public ServerMetrics metrics() {
        return registry.metrics();
    }

    @Override
    public CompletionStage<StopReport> stop(Duration deadline) {
        return stopping(deadline).minimalCompletionStage();
    }

    private CompletableFuture<StopReport> stopping(Duration deadline) {
        CompletableFuture<StopReport> report = new CompletableFuture<>();
        CompletableFuture<StopReport> before = stopped.compareAndExchange(null, report);
        if (before != null) {
            return before;
        }
        Listener started = listener.get();
        CompletableFuture<Void> free =
                started == null ? CompletableFuture.completedFuture(null) : started.stopAccepting();
        new Drain(registry, inHttp, deadline, longestCloseTimeout())
                .run()
                .thenCompose(
                        result -> free.thenCompose(closed -> release(started)).thenApply(done -> result))
                .whenComplete((result, failure) -> {
                    registry.log().tellSuppressed();
                    if (failure != null) {
                        report.completeExceptionally(failure);
                    } else {
                        report.complete(result);
                    }
                });
        return report;
    }

    /** The largest message that any endpoint takes. */
    int largestMessageBytes() {
        return settings.values().stream()
                .mapToInt(endpoint -> endpoint.session().limits().maxMessageBytes())
                .max()
                .orElse(0);
    }

    private Duration longestCloseTimeout() {
        return settings.values().stream()
                .map(endpoint -> endpoint.session().limits().closeTimeout())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private CompletableFuture<Void> release(@Nullable Listener started) {
        CompletableFuture<Void> released =
                started == null ? CompletableFuture.completedFuture(null) : started.shutDown();
        return released.thenRun(loops::close);
    }

    @Override
    public void close() {
        requireOffLoop("close");
        stopping(DEFAULT_STOP).join();
    }

    private void requireOffLoop(String method) {
        Listener started = listener.get();
        if (loops.isCurrentThreadOne() || started != null && started.isCurrentThreadOfLoop()) {
            throw new IllegalStateException(method + " blocks, and may not be called on an event loop");
        }
    }
}
