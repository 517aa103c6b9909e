package io.hawser.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.RawClient;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AcceptFailuresTest {

    @EachTransport
    void aFailureIsOneLineAndAPauseAndTheServerGoesOn(Transport transport) throws Exception {
        try (CapturedLog log = CapturedLog.start();
                WebSocketServer server = WebSocketServer.builder()
                        .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .transport(transport)
                        .endpoint("/", WebSocketHandler.onMessage(WebSocketSession::send))
                        .build()
                        .start()) {
            Channel listening = ((NettyServer) server).listeningChannel();
            listening.pipeline().fireExceptionCaught(new OutOfMemoryError("none left"));
            log.await(line -> line.startsWith("WARN io.hawser.connection could not accept a connection"));
            // The acceptor's pause, without which a want of files spins.
            assertThat(listening.config().isAutoRead()).isFalse();
            try (RawClient client = RawClient.upgraded(server.port(), "/")) {
                client.sendText("hello");
                assertThat(client.readFrame().text()).isEqualTo("hello");
            }
            assertThat(log.lines()).noneMatch(line -> line.contains("reached at the tail of the pipeline"));
        }
    }

    /** The JDK may run out of memory in the very accept; Netty's own channel would end with it. */
    @Test
    void anErrorInAnAcceptDoesNotEndTheListening() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        CountDownLatch accepted = new CountDownLatch(1);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel listening = new ServerBootstrap()
                    .group(group)
                    .channelFactory(() -> new NioListeningChannel() {
                        @Override
                        protected int doReadMessages(List<Object> channels) throws Exception {
                            if (failures.getAndIncrement() == 0) {
                                throw new OutOfMemoryError("none left");
                            }
                            return super.doReadMessages(channels);
                        }
                    })
                    .childHandler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelActive(ChannelHandlerContext ctx) {
                            accepted.countDown();
                            ctx.close();
                        }
                    })
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            try (CapturedLog log = CapturedLog.start();
                    RawClient client = RawClient.connect(((InetSocketAddress) listening.localAddress()).getPort())) {
                assertThat(log).isNotNull(); // for Netty's own line
                assertThat(accepted.await(5, TimeUnit.SECONDS)).isTrue();
                assertThat(client.readToEnd()).isEmpty();
            }
            assertThat(failures.get()).isBetween(2, 10);
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }
}
