package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Endpoint;
import io.hawser.HandshakeDecision;
import io.hawser.HttpLimits;
import io.hawser.StopReport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our handler in a pipeline that is not ours: theirs goes on as before. */
class WebSocketUpgradeHandlerTest {

    /** What stands before our handler. */
    enum Pipeline {
        CODEC,
        DECODER_AND_ENCODER,
        CODEC_AND_AGGREGATOR,
        EVERYTHING;

        List<ChannelHandler> handlers() {
            return switch (this) {
                case CODEC -> List.of(new HttpServerCodec());
                case DECODER_AND_ENCODER -> List.of(new HttpResponseEncoder(), new HttpRequestDecoder());
                case CODEC_AND_AGGREGATOR -> List.of(new HttpServerCodec(), new HttpObjectAggregator(1 << 20));
                case EVERYTHING ->
                    List.of(
                            new HttpServerCodec(),
                            new HttpServerKeepAliveHandler(),
                            new HttpContentCompressor(),
                            new HttpObjectAggregator(1 << 20));
            };
        }
    }

    /** A handler of theirs that only stands there. */
    private static final class Bystander extends ChannelInboundHandlerAdapter {}

    /** Their application: answers each request with what it saw of it. */
    private final class Application extends ChannelInboundHandlerAdapter {
        private String head = "";
        private int bytes;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            channels.add(ctx.channel());
            ctx.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                if (message instanceof HttpRequest request) {
                    head = request.method() + " " + request.uri();
                    bytes = 0;
                }
                if (message instanceof HttpContent content) {
                    bytes += content.content().readableBytes();
                } else if (!(message instanceof HttpRequest)) {
                    seen.add("not HTTP: " + message.getClass());
                }
                if (message instanceof LastHttpContent) {
                    answer(ctx);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void answer(ChannelHandlerContext ctx) {
            byte[] body = (head + " " + bytes).getBytes(StandardCharsets.UTF_8);
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(body));
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
            ctx.writeAndFlush(response);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            seen.add("inactive");
            ctx.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            seen.add("exception " + cause);
            ctx.close();
        }
    }

    private final RecordingHandler handler = new RecordingHandler() {
        @Override
        public void onText(WebSocketSession session, io.hawser.Message message) {
            super.onText(session, message);
            session.send(message);
        }
    };
    private final CompletableFuture<HandshakeDecision> undecided = new CompletableFuture<>();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final BlockingQueue<Channel> channels = new LinkedBlockingQueue<>();
    private final WebSocketServer server = WebSocketServer.builder()
            .httpLimits(HttpLimits.defaults().withHandshakeTimeout(Duration.ofMillis(300)))
            .endpoint("/ws", handler)
            .endpoint(Endpoint.of("/undecided", handler).withHandshakeHook(handshake -> undecided))
            .endpoint(Endpoint.of("/refused", handler)
                    .withHandshakeHook(handshake -> CompletableFuture.completedStage(HandshakeDecision.reject(403))))
            .build();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private Channel listener;

    private int start(Pipeline before) {
        listener = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast("first", new Bystander());
                        before.handlers().forEach(channel.pipeline()::addLast);
                        channel.pipeline()
                                .addLast("between", new Bystander())
                                .addLast(WebSocketUpgradeHandler.of(server))
                                .addLast("application", new Application());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        return port();
    }

    private int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop(Duration.ZERO).toCompletableFuture().get(10, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static String request(String line, String rest) {
        return line + " HTTP/1.1\r\nHost: localhost\r\n" + rest;
    }

    @ParameterizedTest
    @EnumSource
    void theirRequestsPassUntouchedAndAnUpgradeMayFollow(Pipeline pipeline) throws Exception {
        try (RawClient client = RawClient.connect(start(pipeline))) {
            client.send(request("GET /page?a=b", "\r\n"));
            assertThat(HttpAnswer.read(client).body()).isEqualTo("GET /page?a=b 0");
            client.send(request("POST /form", "Content-Length: 5\r\n\r\nhello"));
            assertThat(HttpAnswer.read(client).body()).isEqualTo("POST /form 5");
            client.send(request("PUT /file", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"));
            assertThat(HttpAnswer.read(client).body()).isEqualTo("PUT /file 7");
            client.send(request("OPTIONS *", "\r\n"));
            assertThat(HttpAnswer.read(client).body()).isEqualTo("OPTIONS * 0");

            client.send(RawClient.upgradeRequest(port(), "/ws", "Accept-Encoding: gzip\r\n"));
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.header("Content-Encoding")).isEmpty();
            client.sendText("hello");
            assertThat(client.readFrame().text()).isEqualTo("hello");
            client.sendClose(1000, "");
            assertThat(client.readFrame().closeCode()).isEqualTo(1000);
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(handler.nextClose()).isEqualTo("close 1000 PEER");
        assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("inactive");
    }

    @ParameterizedTest
    @EnumSource
    void upgradesThatAreNotOursPassOn(Pipeline pipeline) throws Exception {
        start(pipeline);
        try (RawClient client = RawClient.connect(port())) {
            client.send(RawClient.upgradeRequest(port(), "/other", ""));
            assertThat(HttpAnswer.read(client).body()).isEqualTo("GET /other 0");
        }
        try (RawClient client = RawClient.connect(port())) {
            client.send(request("GET /page", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n"));
            assertThat(HttpAnswer.read(client).body()).isEqualTo("GET /page 0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void badRequestsForOurPathsAreAnsweredHere(Pipeline pipeline) throws Exception {
        start(pipeline);
        String right = RawClient.upgradeRequest(port(), "/ws", "");
        assertThat(refusal(request("GET /ws", "\r\n")).status()).isEqualTo(426);
        assertThat(refusal(right.replace("Version: 13", "Version: 8")).status()).isEqualTo(426);
        assertThat(refusal(right.replace("GET", "POST")).status()).isEqualTo(405);
        assertThat(refusal(right.replace("GET", "POST").replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\nhello"))
                        .status())
                .isEqualTo(400);
        assertThat(refusal(right.replace("Key: ", "Key: x")).status()).isEqualTo(400);
        assertThat(refusal(right.replace("/ws", "/refused")).status()).isEqualTo(403);
        assertThat(seen).doesNotContain("GET /ws 0");
    }

    private HttpAnswer refusal(String request) throws Exception {
        try (RawClient client = RawClient.connect(port())) {
            client.send(request);
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.header("Connection").orElse("")).contains("close");
            assertThat(client.readToEnd()).isEmpty();
            return answer;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theHttpHandlersLeaveAndTheOthersStayInTheirOrder(Pipeline pipeline) throws Exception {
        try (RawClient client = RawClient.upgraded(start(pipeline), "/ws")) {
            Channel channel = channels.poll(10, TimeUnit.SECONDS);
            client.sendText("hello");
            client.readFrame();
            List<ChannelHandler> handlers = new ArrayList<>();
            channel.pipeline().forEach(entry -> handlers.add(entry.getValue()));
            assertThat(handlers).hasSize(4);
            assertThat(handlers.get(0)).isSameAs(channel.pipeline().get("first"));
            assertThat(handlers.get(1)).isSameAs(channel.pipeline().get("between"));
            assertThat(handlers.get(2).getClass().getPackageName()).isEqualTo("io.hawser.internal.server");
            assertThat(handlers.get(3)).isSameAs(channel.pipeline().get("application"));
        }
        assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("inactive"); // and no frame before
    }

    @ParameterizedTest
    @EnumSource
    void bytesBehindTheHeadAreRefused(Pipeline pipeline) throws Exception {
        String upgrade = RawClient.upgradeRequest(start(pipeline), "/ws", "");
        for (String early : new String[] {"\u0081\u0081\0\0\0\0a", "G", request("GET /page", "\r\n"), upgrade}) {
            assertThat(refusal(upgrade + early).status()).isEqualTo(400);
        }
        assertThat(handler.rest()).isEmpty();
        assertThat(server.metrics().openedSessions()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aHookThatDoesNotDecideEndsAtTheDeadline(Pipeline pipeline) throws Exception {
        try (RawClient client = RawClient.connect(start(pipeline))) {
            client.send(request("GET /page", "\r\n")); // no deadline of ours for what is theirs
            assertThat(HttpAnswer.read(client).status()).isEqualTo(200);
            client.send(RawClient.upgradeRequest(port(), "/undecided", ""));
            assertThat(HttpAnswer.read(client).status()).isEqualTo(408);
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStopClosesTheSessionsAndLeavesTheEventLoopsRunning(Pipeline pipeline) throws Exception {
        try (RawClient client = RawClient.upgraded(start(pipeline), "/ws");
                RawClient other = RawClient.connect(port())) {
            assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
            handler.session();
            CompletableFuture<StopReport> stopping =
                    server.stop(Duration.ofSeconds(10)).toCompletableFuture();
            assertThat(client.readFrame().closeCode()).isEqualTo(1001);
            client.sendClose(1001, "");
            assertThat(client.readToEnd()).isEmpty();
            client.close();
            assertThat(stopping.get(10, TimeUnit.SECONDS)).isEqualTo(new StopReport(1, 0));
            assertThat(handler.nextClose()).isEqualTo("close 1001 SERVER");
            assertThat(group.isShuttingDown()).isFalse();

            other.send(request("GET /page", "\r\n"));
            assertThat(HttpAnswer.read(other).body()).isEqualTo("GET /page 0");
            other.send(RawClient.upgradeRequest(port(), "/ws", ""));
            assertThat(HttpAnswer.read(other).status()).isEqualTo(503);
            assertThat(other.readToEnd()).isEmpty();
        }
    }
}
