package io.hawser.internal.server;

import io.hawser.internal.session.ConnectionLog;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/**
 * Waits a moment when a connection could not be accepted, such as for want of a file descriptor: what waits in the kernel's backlog
 * is tried again when there may be one.
 */
final class AcceptFailures extends ChannelDuplexHandler {

    private static final long PAUSE_MILLIS = 500;

    private final ConnectionLog log;
    private boolean pausing;

    AcceptFailures(ConnectionLog log) {
        this.log = log;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.acceptFailed(cause);
        if (!pausing) {
            pausing = true;
            ctx.channel().config().setAutoRead(false);
            ctx.executor().schedule(() -> goOn(ctx), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        if (!pausing) {
            ctx.read();
        }
    }

    private void goOn(ChannelHandlerContext ctx) {
        pausing = false;
        ctx.channel().config().setAutoRead(true); // reads
    }
}
