package io.hawser.netty;

import io.hawser.WebSocketServer;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Serves a {@link WebSocketServer}'s endpoints inside another Netty server.
 *
 * @since 0.1.0
 */
public final class WebSocketUpgradeHandler extends ChannelInboundHandlerAdapter {

    private WebSocketUpgradeHandler() {}

    /**
     * A handler for one channel.
     *
     * @param server built, and not started
     * @return a new handler
     */
    public static ChannelHandler of(WebSocketServer server) {
        return new WebSocketUpgradeHandler();
    }
}
