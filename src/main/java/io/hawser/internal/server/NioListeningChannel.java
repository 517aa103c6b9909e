package io.hawser.internal.server;

import io.netty.channel.socket.nio.NioServerSocketChannel;

/** Goes on listening whatever fails in an accept, want of memory included, as those of the other transports do. */
class NioListeningChannel extends NioServerSocketChannel {

    @Override
    protected boolean closeOnReadError(Throwable cause) {
        return !isActive();
    }
}
