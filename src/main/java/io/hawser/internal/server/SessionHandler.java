package io.hawser.internal.server;

import io.hawser.internal.session.Conversation;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The one handler after the 101: bytes in, and the channel's news, to the session. */
final class SessionHandler extends ChannelInboundHandlerAdapter {

    private final Conversation conversation;
    private @Nullable ChannelHandlerContext context;

    SessionHandler(Conversation conversation) {
        this.conversation = conversation;
    }

    Conversation conversation() {
        return conversation;
    }

    ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof ByteBuf in) {
                conversation.receive(in);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        conversation.readComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            conversation.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        conversation.disconnected();
        ctx.fireChannelInactive(); // inside another's pipeline there may be handlers behind this one
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        conversation.failed(cause);
        if (cause instanceof IOException && !(cause instanceof SSLException)) {
            ChannelWire.closePastTls(ctx.channel()); // reset by the peer, or dead: nothing is left to cut
        } else {
            ChannelWire.cut(ctx.channel());
        }
    }
}
