package io.hawser.internal.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;

/** Closes a connection at once, past a TLS handler, which would wait for the peer to take its close_notify. */
final class HardClose {

    private HardClose() {}

    /** Closes with RST, whatever is queued. */
    static void cut(Channel channel) {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        closePastTls(channel);
    }

    /** Closes without a word: the kernel brings the peer what it still has. */
    static void closePastTls(Channel channel) {
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls != null) {
            tls.close();
        } else {
            channel.close();
        }
    }
}
