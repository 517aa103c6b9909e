package io.hawser.perftest;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
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

/**
 * Listens as the measured server does: one group of event loops accepts and serves, on the transport that the environment variable
 * TRANSPORT names (epoll unless set).
 */
final class PeerListener {

    private PeerListener() {}

    /** Prints {@code ready} when it listens; serves until the process ends. */
    static void listen(String[] portAndThreads, ChannelHandler child) {
        String transport = System.getenv().getOrDefault("TRANSPORT", "epoll");
        IoHandlerFactory handlers;
        Class<? extends ServerChannel> channel;
        switch (transport) {
            case "nio" -> {
                handlers = NioIoHandler.newFactory();
                channel = NioServerSocketChannel.class;
            }
            case "io_uring" -> {
                handlers = IoUringIoHandler.newFactory();
                channel = IoUringServerSocketChannel.class;
            }
            case "epoll", "auto" -> {
                handlers = EpollIoHandler.newFactory();
                channel = EpollServerSocketChannel.class;
            }
            default -> throw new IllegalArgumentException("no such transport: " + transport);
        }
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(Integer.parseInt(portAndThreads[1]), handlers);
        new ServerBootstrap()
                .group(loops)
                .channel(channel)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(child)
                .bind("127.0.0.1", Integer.parseInt(portAndThreads[0]))
                .syncUninterruptibly();
        System.out.println("ready");
    }
}
