package io.hawser.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.clients.SelfSignedCertificate;
import io.hawser.internal.session.Conversation;
import io.hawser.internal.session.LiveSession;
import io.hawser.netty.WebSocketUpgradeHandler;
import io.hawser.testing.EachTransport;
import io.hawser.testing.RawClient;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which sessions write to their sockets past Netty's queue: nothing that anybody sees but by their price tells it. */
class PastThePipelineTest {

    private final BlockingQueue<WebSocketSession> sessions = new LinkedBlockingQueue<>();

    private WebSocketServer start(Transport transport, @Nullable Tls tls) {
        var builder = WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .transport(transport)
                .ioThreads(1)
                .endpoint("/", WebSocketHandler.onMessage((session, message) -> sessions.add(session)));
        return (tls == null ? builder : builder.tls(tls)).build().start();
    }

    /** A message is behind the answer to the handshake, after which it is decided. */
    private boolean passes(RawClient client) throws Exception {
        client.sendText("Hello");
        LiveSession session = (LiveSession) sessions.poll(10, TimeUnit.SECONDS);
        assertThat(session).isNotNull();
        return valueOf(valueOf(session.conversation(), Conversation.class, "wire"), SessionHandler.class, "socket")
                != null;
    }

    private static @Nullable Object valueOf(Object of, Class<?> type, String field) throws Exception {
        Field found = type.getDeclaredField(field);
        found.setAccessible(true);
        return found.get(of);
    }

    @EachTransport
    void onlyOverEpoll(Transport transport) throws Exception {
        try (WebSocketServer server = start(transport, null);
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            assertThat(passes(client)).isEqualTo(transport == Transport.EPOLL);
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void neverPastTls(@TempDir Path directory) throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.generate(directory);
        try (WebSocketServer server = start(Transport.EPOLL, certificate.serverTls());
                RawClient client =
                        RawClient.over(secured(certificate, server.port())).upgrade("/", "")) {
            assertThat(passes(client)).isFalse();
        }
    }

    private static Socket secured(SelfSignedCertificate certificate, int port) throws Exception {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        return certificate.clientContext().getSocketFactory().createSocket(plain, "localhost", port, true);
    }

    /** Its program may put handlers before ours at any time. */
    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void neverInAPipelineOfOthers() throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (WebSocketServer server = start(Transport.EPOLL, null)) {
            Channel listening = new ServerBootstrap()
                    .group(group)
                    .channel(EpollServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpServerCodec(), WebSocketUpgradeHandler.of(server));
                        }
                    })
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .syncUninterruptibly()
                    .channel();
            try (RawClient client = RawClient.upgraded(((InetSocketAddress) listening.localAddress()).getPort(), "/")) {
                assertThat(passes(client)).isFalse();
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }
}
