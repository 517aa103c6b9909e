package io.hawser.netty;

import io.hawser.WebSocketServer;
import io.hawser.internal.server.NettyServer;
import io.netty.channel.ChannelHandler;

/**
 * Serves a {@link WebSocketServer}'s endpoints inside another Netty server, on its port and its event loops.
 *
 * <pre>{@code
 * WebSocketServer server = WebSocketServer.builder().endpoint("/chat", handler).build(); // not started
 * …
 * pipeline.addLast(new HttpServerCodec(), WebSocketUpgradeHandler.of(server), new YourHttpHandler());
 * }</pre>
 *
 * <p>A request for one of the endpoints is answered here. Every other passes on to the handlers behind, as does an upgrade to
 * another protocol or path. With the 101 every HTTP handler from the {@code HttpServerCodec} up to this one leaves the pipeline, in
 * order; the others stay, those behind included.
 *
 * <p>The limits of HTTP are those of the pipeline's own parser; of {@link io.hawser.HttpLimits} only the handshake timeout holds,
 * for the time of the hook. Connections are not counted, since they are not this server's; allowed hosts and the headers of trusted
 * proxies hold, the PROXY protocol is the pipeline's own matter. {@link WebSocketServer#stop} closes the sessions and leaves the event loops running.
 *
 * @since 0.1.0
 */
public final class WebSocketUpgradeHandler {

    private WebSocketUpgradeHandler() {}

    /**
     * A handler for one channel.
     *
     * @param server built, and not started
     * @return a new handler, to be added behind the {@code HttpServerCodec}
     */
    public static ChannelHandler of(WebSocketServer server) {
        return ((NettyServer) server).newUpgradeHandler();
    }
}
