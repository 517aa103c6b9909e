package io.hawser.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

    private <T> T onLoop(Callable<T> task) throws Exception {
        return channel.eventLoop().submit(task).get(20, TimeUnit.SECONDS);
    }

    private int offer() throws Exception {
        return onLoop(() -> handler.offer(hello.readerIndex(2)));
    }

    private void passPipeline() throws Exception {
        onLoop(Executors.callable(handler::passPipeline));
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
    @Timeout(30)
    void aKernelThatIsFullTakesNothing() throws Exception {
        passPipeline();
        hello.writeZero(1 << 20);
        while (offer() > 0) {
            assertThat(channel.isOpen()).isTrue();
        }
    }

    /** As they are where the JVM gives no {@code sun.misc.Unsafe} away. */
    @Test
    void aBufferWithoutAnAddressTakesTheOtherWay() throws Exception {
        passPipeline();
        ByteBuf onHeap = Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII);
        assertThat(onHeap.hasMemoryAddress()).isFalse();
        assertThat(onLoop(() -> handler.offer(onHeap))).isZero();
        onHeap.release();
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

    /** The write that follows meets the failure, and says so. In one task, so that the event loop does not hear of the end before. */
    @Test
    @Timeout(30)
    void aConnectionThatThePeerHasResetTakesNothing() throws Exception {
        passPipeline();
        ChannelFuture write = onLoop(() -> {
            client.setSoLinger(true, 0);
            client.close();
            while (handler.offer(hello) > 0) {
                Thread.onSpinWait(); // until the kernel has heard of it
            }
            assertThat(channel.isOpen()).isTrue();
            return channel.writeAndFlush(Unpooled.copiedBuffer(hello));
        });
        assertThat(write.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(write.cause()).isInstanceOf(IOException.class).isNotInstanceOf(ClosedChannelException.class);
    }
}
