package io.hawser.internal.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection so that the peer sees our last bytes: closes our direction, reads and drops what still comes, and closes when
 * the peer did or after a second. Closing at once could turn into an RST that takes those bytes away again (RFC 9112 §9.6, RFC 6455
 * §7.1.1).
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {

    private static final long DRAIN_MILLIS = 1_000;

    /** What becomes of a connection that the peer does not end. */
    enum End {
        /** RST: the peer has had its time. */
        CUT,
        /** Closed without a word: the kernel brings the peer what it still has. */
        CLOSE
    }

    private final End end;
    private @Nullable ScheduledFuture<?> timer;

    private LingeringClose(End end) {
        this.end = end;
    }

    /** Begins the end, once; what was written and flushed before goes out first. On the channel's event loop. */
    static boolean start(Channel channel, End end) {
        if (!channel.isActive() || channel.pipeline().get(LingeringClose.class) != null) {
            return false;
        }
        ChannelPipeline pipeline = channel.pipeline();
        ChannelHandlerContext tls = pipeline.context(SslHandler.class);
        if (tls != null) {
            pipeline.addAfter(tls.name(), null, new LingeringClose(end));
            // "close_notify" first: without it the peer could not tell the end from a cut (RFC 8446 §6.1).
            ((SslHandler) tls.handler()).closeOutbound().addListener(closed -> shutdownOutput(channel));
        } else {
            pipeline.addFirst(new LingeringClose(end));
            shutdownOutput(channel);
        }
        channel.config().setAutoRead(true);
        return true;
    }

    private static void shutdownOutput(Channel channel) {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput().addListener(shut -> {
                if (!shut.isSuccess()) {
                    channel.close();
                }
            });
        } else {
            channel.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timer = ctx.executor().schedule(() -> end(ctx.channel()), DRAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void end(Channel channel) {
        if (end == End.CUT) {
            HardClose.cut(channel);
        } else {
            HardClose.closePastTls(channel);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close(); // a reset while draining: the peer is gone
    }
}
