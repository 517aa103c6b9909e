package io.hawser.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The way to the kernel past Netty's queue, on real sockets. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class SessionHandlerTest {

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final CompletableFuture<Channel> accepted = new CompletableFuture<>();
    private final SessionHandler handler = new SessionHandler();
    private final ByteBuf hello = Unpooled.directBuffer().writeBytes("--hello".getBytes(StandardCharsets.US_ASCII));
    private Channel listening;
    private Socket client;
    private Channel channel;

    /** Takes the place of the session, which is to hear of the connection's end. */
    private static final class DeafSession extends ChannelInboundHandlerAdapter {
        @Override
        public void channelInactive(ChannelHandlerContext ctx) {}

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {}

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    @BeforeEach
    void connect() throws Exception {
        listening = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        if (accepted.complete(child)) {
                            child.pipeline().addLast(new DeafSession(), handler);
                        }
                    }
                })
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .sync()
                .channel();
        client = new Socket("127.0.0.1", ((InetSocketAddress) listening.localAddress()).getPort());
        channel = accepted.get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void release() throws Exception {
        hello.release();
        client.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private int offer() throws Exception {
        return channel.eventLoop()
                .submit(() -> handler.offer(hello.readerIndex(2)))
                .get(10, TimeUnit.SECONDS);
    }

    private void passPipeline() throws Exception {
        channel.eventLoop().submit(handler::passPipeline).get(10, TimeUnit.SECONDS);
    }

    @Test
    void untilItIsToldThatItMayNothingPassesThePipeline() throws Exception {
        assertThat(offer()).isZero();
    }

    @Test
    void whatIsReadableReachesThePeerAndTheBufferStaysAsItIs() throws Exception {
        passPipeline();
        assertThat(offer()).isEqualTo(5);
        assertThat(new String(client.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
                .isEqualTo("hello");
        assertThat(hello.readableBytes()).isEqualTo(5);
        assertThat(hello.refCnt()).isOne();
    }

    @Test
    void aKernelThatIsFullTakesNothing() throws Exception {
        passPipeline();
        hello.writeZero(1 << 20);
        int taken;
        do {
            taken = offer();
        } while (taken > 0);
        assertThat(taken).isZero();
    }

    /** The number of its file may be another connection's by then. */
    @Test
    void nothingIsWrittenToASocketThatIsClosed() throws Exception {
        passPipeline();
        channel.close().sync();
        try (Socket another = new Socket("127.0.0.1", client.getPort())) {
            assertThat(another.isConnected()).isTrue();
            assertThat(offer()).isZero();
        }
    }

    /** The write that follows meets the failure, and says so. */
    @Test
    void aConnectionThatThePeerHasResetTakesNothing() throws Exception {
        passPipeline();
        channel.eventLoop().submit(() -> channel.config().setAutoRead(false)).get(10, TimeUnit.SECONDS);
        client.setSoLinger(true, 0);
        client.close();
        int taken;
        do {
            taken = offer(); // until the kernel has heard of it
        } while (taken > 0);
        assertThat(taken).isZero();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        channel.writeAndFlush(Unpooled.copiedBuffer(hello)).addListener(write -> failure.complete(write.cause()));
        assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }
}
