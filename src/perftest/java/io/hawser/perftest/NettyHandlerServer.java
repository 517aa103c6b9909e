package io.hawser.perftest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;

/**
 * The same paths on Netty's own {@link WebSocketServerProtocolHandler}: what a careful user of Netty has without this library. Whole
 * messages, UTF-8 checked, one flush a read batch; a broadcast encodes its frame once.
 */
public final class NettyHandlerServer {

    private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

    private NettyHandlerServer() {}

    /**
     * Serves until the process ends.
     *
     * @param arguments port and number of event loops
     */
    public static void main(String[] arguments) {
        ChannelGroup everybody = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        PeerListener.listen(arguments, pipeline -> pipeline.addLast(new HttpServerCodec(), new Router(everybody)));
    }

    /** Builds the pipeline that the request's path asks for, then leaves it. */
    private static final class Router extends ChannelInboundHandlerAdapter {

        private final ChannelGroup everybody;

        Router(ChannelGroup everybody) {
            this.everybody = everybody;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            String path = message instanceof HttpRequest request ? request.uri() : "";
            boolean deflate = path.equals("/echo-deflate");
            boolean broadcast = path.equals("/broadcast");
            ChannelPipeline pipeline = context.pipeline();
            if (broadcast) {
                pipeline.addFirst(new FlushConsolidationHandler(256, true));
            }
            if (deflate) {
                pipeline.addLast(new WebSocketServerCompressionHandler(MAX_MESSAGE_BYTES));
            }
            pipeline.addLast(
                    new WebSocketServerProtocolHandler(configuration(path, deflate)),
                    new WebSocketFrameAggregator(MAX_MESSAGE_BYTES),
                    broadcast ? new ToEverybody(everybody) : new Echo());
            context.fireChannelRead(message);
            pipeline.remove(this);
        }

        private static WebSocketServerProtocolConfig configuration(String path, boolean deflate) {
            return WebSocketServerProtocolConfig.newBuilder()
                    .websocketPath(path)
                    .decoderConfig(WebSocketDecoderConfig.newBuilder()
                            .allowExtensions(deflate)
                            .maxFramePayloadLength(MAX_MESSAGE_BYTES)
                            .withUTF8Validator(true)
                            .build())
                    .build();
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof WebSocketFrame) {
                context.write(message, context.voidPromise());
            } else {
                ReferenceCountUtil.release(message); // the end of the HTTP request
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            context.channel().config().setAutoRead(context.channel().isWritable());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static final class ToEverybody extends SimpleChannelInboundHandler<WebSocketFrame> {

        private final ChannelGroup everybody;

        ToEverybody(ChannelGroup everybody) {
            this.everybody = everybody;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
                everybody.add(context.channel());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            everybody.write(encode(context.alloc(), frame), ChannelMatchers.all(), true);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            everybody.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        /** The frame's bytes, which the frame encoder lets through as they are: encoded once, not once for each member. */
        private static ByteBuf encode(ByteBufAllocator allocator, WebSocketFrame frame) {
            ByteBuf payload = frame.content();
            int length = payload.readableBytes();
            ByteBuf bytes = allocator.directBuffer(10 + length);
            bytes.writeByte(frame instanceof TextWebSocketFrame ? 0x81 : 0x82);
            if (length < 126) {
                bytes.writeByte(length);
            } else if (length < 65536) {
                bytes.writeByte(126).writeShort(length);
            } else {
                bytes.writeByte(127).writeLong(length);
            }
            return bytes.writeBytes(payload);
        }
    }
}
