package io.hawser.perftest;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Listens as the measured server does: one group of event loops accepts and serves, on the transport that the environment variable
 * TRANSPORT names (epoll unless set), with TLS where TLS_CERTIFICATE and TLS_KEY name PEM files.
 */
final class PeerListener {

    private PeerListener() {}

    /** Prints {@code ready} when it listens; serves until the process ends. */
    static void listen(String[] portAndThreads, Consumer<ChannelPipeline> handlers) {
        String transport = System.getenv().getOrDefault("TRANSPORT", "epoll");
        IoHandlerFactory loop;
        Class<? extends ServerChannel> channel;
        switch (transport) {
            case "nio" -> {
                loop = NioIoHandler.newFactory();
                channel = NioServerSocketChannel.class;
            }
            case "io_uring" -> {
                loop = IoUringIoHandler.newFactory();
                channel = IoUringServerSocketChannel.class;
            }
            case "epoll", "auto" -> {
                loop = EpollIoHandler.newFactory();
                channel = EpollServerSocketChannel.class;
            }
            default -> throw new IllegalArgumentException("no such transport: " + transport);
        }
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(Integer.parseInt(portAndThreads[1]), loop);
        new ServerBootstrap()
                .group(loops)
                .channel(channel)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(child(handlers))
                .bind("127.0.0.1", Integer.parseInt(portAndThreads[0]))
                .syncUninterruptibly();
        HeapOnRequest.start();
        System.out.println("ready");
    }

    private static ChannelInitializer<Channel> child(Consumer<ChannelPipeline> handlers) {
        SslContext tls = tls();
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (tls != null) {
                    channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                }
                handlers.accept(channel.pipeline());
            }
        };
    }

    private static @Nullable SslContext tls() {
        String certificate = System.getenv("TLS_CERTIFICATE");
        if (certificate == null) {
            return null;
        }
        try {
            return SslContextBuilder.forServer(new File(certificate), new File(System.getenv("TLS_KEY")))
                    .build();
        } catch (SSLException e) {
            throw new IllegalArgumentException(certificate, e);
        }
    }
}
