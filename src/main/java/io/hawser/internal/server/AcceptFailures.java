package io.hawser.internal.server;

import io.hawser.internal.session.ConnectionLog;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Says that connections cannot be taken, such as for want of file descriptors. Netty's acceptor, which stands before this, waits a
 * second then: they wait in the kernel, and nothing spins.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {

    private final ConnectionLog log;

    AcceptFailures(ConnectionLog log) {
        this.log = log;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.acceptFailed(cause);
    }
}
