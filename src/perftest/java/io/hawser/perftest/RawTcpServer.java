package io.hawser.perftest;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Echoes bytes: the floor of what anything on Netty can cost. */
public final class RawTcpServer {

    private RawTcpServer() {}

    /**
     * Serves until the process ends.
     *
     * @param arguments port and number of event loops
     */
    public static void main(String[] arguments) {
        PeerListener.listen(arguments, pipeline -> pipeline.addLast(new Echo()));
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            context.write(bytes, context.voidPromise());
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
}
