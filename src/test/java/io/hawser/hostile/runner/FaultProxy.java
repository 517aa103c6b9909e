package io.hawser.hostile.runner;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A proxy that passes bytes on in slices of 1 to 100, each late by up to 20 ms: slow, jittery, and never a frame at a time. */
final class FaultProxy implements AutoCloseable {

    private static final int LONGEST_SLICE = 100;
    private static final long LATEST_NANOS = 20_000_000;
    private static final int HELD_BYTES = 64 * 1024;

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("proxy", true), NioIoHandler.newFactory());
    private final InetSocketAddress server;
    private final Channel listening;

    FaultProxy(InetSocketAddress server) {
        this.server = server;
        this.listening = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        connect(client);
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    private void connect(Channel client) {
        Slicer back = new Slicer(client);
        new Bootstrap()
                .group(client.eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(back)
                .connect(server)
                .addListener((io.netty.channel.ChannelFuture connecting) -> {
                    if (connecting.isSuccess()) {
                        client.pipeline().addLast(new Slicer(connecting.channel()));
                        client.config().setAutoRead(true);
                    } else {
                        client.close();
                    }
                });
    }

    /** Reads from its own channel and writes to the other, a slice at a time. */
    private static final class Slicer extends ChannelInboundHandlerAdapter {
        private final Channel to;
        private ByteBuf held = io.netty.buffer.Unpooled.buffer();
        private boolean scheduled;

        Slicer(Channel to) {
            this.to = to;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            held.writeBytes(in);
            in.release();
            ctx.channel().config().setAutoRead(held.readableBytes() < HELD_BYTES);
            passOn(ctx);
        }

        private void passOn(ChannelHandlerContext ctx) {
            if (!scheduled && held.isReadable()) {
                scheduled = true;
                long late = ThreadLocalRandom.current().nextLong(LATEST_NANOS);
                ctx.channel().eventLoop().schedule(() -> slice(ctx), late, TimeUnit.NANOSECONDS);
            }
        }

        private void slice(ChannelHandlerContext ctx) {
            scheduled = false;
            for (int i = 0; i < 16 && held.isReadable(); i++) {
                int length = 1 + ThreadLocalRandom.current().nextInt(Math.min(LONGEST_SLICE, held.readableBytes()));
                to.writeAndFlush(io.netty.buffer.Unpooled.copiedBuffer(held.readSlice(length)));
            }
            held.discardSomeReadBytes();
            ctx.channel().config().setAutoRead(held.readableBytes() < HELD_BYTES);
            passOn(ctx);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            to.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
