package io.hawser.internal.server;

import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.TrustedProxies.Source;
import io.hawser.internal.session.ConnectionLog;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server's own socket, event loops and pipeline. */
final class Listener {

    private static final int BACKLOG = 4096;

    private final NettyServer server;
    private final ServerConfig config;
    private final EventLoops parts;
    private volatile @Nullable SslContext tls;
    private final EventLoopGroup group;
    private volatile @Nullable Channel socket;

    /** Throws IllegalArgumentException if the TLS files or the transport are of no use. */
    Listener(NettyServer server) {
        this.server = server;
        this.config = server.config();
        this.parts = EventLoops.of(config.transport());
        this.tls = config.tls() == null ? null : TlsContexts.of(config.tls());
        if (config.domainSocket() != null && parts.domain() == null) {
            throw new IllegalArgumentException("transport " + parts.transport() + " has no domain sockets");
        }
        if (config.trustedProxies() != null && config.trustedProxies().source() == Source.PROXY_PROTOCOL) {
            requireProxyCodec();
        }
        // No daemons: a program whose main method ends after start() goes on serving.
        this.group = new MultiThreadIoEventLoopGroup(
                config.ioThreads(), new DefaultThreadFactory("hawser-io", false), parts.io());
    }

    /** The optional dependency behind {@link ProxyProtocol}, which is not loaded before it is known to be there. */
    private static void requireProxyCodec() {
        if (!EventLoops.isPresent("io.netty.handler.codec.haproxy.HAProxyMessageDecoder")) {
            throw new IllegalArgumentException(
                    "the PROXY protocol needs io.netty:netty-codec-haproxy on the class path; on the module path also"
                            + " --add-modules io.netty.codec.haproxy");
        }
    }

    /** Listens; throws UncheckedIOException if the address cannot be bound. */
    void open() {
        Path path = config.domainSocket();
        ChannelFactory<ServerChannel> type = path == null ? parts.server() : parts.domain();
        SocketAddress address = path == null ? config.address() : new DomainSocketAddress(path.toString());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channelFactory(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, ReadBuffers.forMessagesUpTo(server.largestMessageBytes()))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted(channel);
                    }
                });
        if (path == null) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true); // and TCP_NODELAY, which is Netty's default
        }
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new UncheckedIOException(new IOException("cannot listen on " + address, bound.cause()));
        }
        bound.channel().pipeline().addLast(new AcceptFailures(server.registry().log()));
        socket = bound.channel();
    }

    private void accepted(Channel channel) {
        Admission admission = server.limits().arrive(channel);
        if (admission.isToBeCut() || admission.refusal() != null && tls != null) {
            cutRefused(channel, admission, server.registry().log());
        } else {
            addHandlers(channel.pipeline(), admission);
        }
    }

    /** One that does not get to read why: under TLS that would cost us a handshake. */
    static void cutRefused(Channel channel, Admission admission, ConnectionLog log) {
        Admission.Refusal refusal = admission.refusal();
        if (refusal != null) {
            log.refused(admission.client(), refusal.status, refusal.reason);
        }
        HardClose.cut(channel);
    }

    private void addHandlers(ChannelPipeline pipeline, Admission admission) {
        if (admission.expectsProxyProtocol()) {
            ProxyProtocol.expect(pipeline, admission, server.registry().log(), tls != null);
        }
        SslContext current = tls;
        if (current != null) {
            SslHandler handler = current.newHandler(pipeline.channel().alloc());
            handler.setHandshakeTimeoutMillis(
                    config.httpLimits().handshakeTimeout().toMillis());
            pipeline.addLast(new RenegotiationGate());
            pipeline.addLast(handler);
        }
        RequestHeadGate gate = new RequestHeadGate(config.httpLimits());
        pipeline.addLast(gate);
        pipeline.addLast(new HttpServerCodec(new HttpDecoderConfig()
                .setMaxInitialLineLength(config.httpLimits().maxRequestLineBytes())
                .setMaxHeaderSize(config.httpLimits().maxHeaderBytes())));
        pipeline.addLast(new HandshakeHandler(server, gate, admission));
    }

    /** For connections that come from now on; the old context stays where this throws. */
    void reloadTls(Tls files) {
        if (tls == null) {
            throw new IllegalStateException("the server was started without TLS");
        }
        tls = TlsContexts.of(files);
    }

    boolean isCurrentThreadOfLoop() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a connection is one of these, and its socket one of epoll's that bytes go to as they are. */
    boolean hasBareSocket(Channel channel) {
        Channel listening = socket;
        return parts.transport() == Transport.EPOLL
                && tls == null
                && listening != null
                && listening.equals(channel.parent());
    }

    Transport transport() {
        return parts.transport();
    }

    @Nullable
    Channel socket() {
        return socket;
    }

    @Nullable
    SocketAddress localAddress() {
        Channel listening = socket;
        return listening == null ? null : listening.localAddress();
    }

    /** Completes when the address is free. */
    CompletableFuture<Void> stopAccepting() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Channel listening = socket;
        if (listening == null) {
            closed.complete(null);
        } else {
            listening.close().addListener(done -> closed.complete(null));
        }
        return closed;
    }

    /** Ends the event loops, and with them what is still connected. */
    CompletableFuture<Void> shutDown() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).addListener(ended -> done.complete(null));
        return done;
    }
}
