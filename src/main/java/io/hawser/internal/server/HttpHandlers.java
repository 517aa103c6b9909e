package io.hawser.internal.server;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * The HTTP part of a pipeline: from the parser or the encoder up to the handshake's handler, every handler of Netty's HTTP packages, or
 * derived from one, leaves when HTTP is over (RFC 9110 §7.8); the others stay.
 */
final class HttpHandlers {

    private static final String HTTP_PACKAGE = "io.netty.handler.codec.http";

    private HttpHandlers() {}

    /** Removes them, first to last: the parser gives back what it has not parsed. */
    static void remove(ChannelHandlerContext handshake) {
        ChannelPipeline pipeline = handshake.pipeline();
        List<ChannelHandler> leaving = new ArrayList<>();
        boolean inHttp = false;
        for (String name : pipeline.names()) {
            ChannelHandler handler = pipeline.get(name);
            if (name.equals(handshake.name()) || handler == null) {
                break;
            }
            inHttp |= handler instanceof HttpServerCodec
                    || handler instanceof HttpRequestDecoder
                    || handler instanceof HttpResponseEncoder;
            if (handler instanceof RequestHeadGate || inHttp && isHttp(handler.getClass())) {
                leaving.add(handler);
            }
        }
        leaving.forEach(pipeline::remove);
    }

    private static boolean isHttp(Class<?> type) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            if (c.getName().startsWith(HTTP_PACKAGE)) {
                return true;
            }
        }
        return false;
    }
}
