package io.hawser.internal.server;

import io.hawser.HttpReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** Writes HTTP answers. */
final class HttpAnswers {

    /** What becomes of a connection after a response (RFC 9112 §9.3). */
    enum Persistence {
        CLOSE,
        /** As HTTP/1.1 has it. */
        KEEP,
        /** As a client of HTTP/1.0 asked for: it waits for the end of the connection unless it is told. */
        KEEP_AND_TELL;

        static Persistence of(HttpRequest request) {
            if (!HttpUtil.isKeepAlive(request)) {
                return CLOSE;
            }
            return request.protocolVersion().isKeepAliveDefault() ? KEEP : KEEP_AND_TELL;
        }
    }

    private HttpAnswers() {}

    /**
     * An answer that ends the connection, in a way that the client gets to read it (RFC 9112 §9.6); {@code hasEncoder} says whether
     * Netty's is still in the pipeline, {@code isHead} whether a HEAD is answered, which the encoder does not know of a request that
     * never reached it.
     */
    static void refuse(
            ChannelHandlerContext ctx,
            int status,
            String reason,
            List<Map.Entry<String, String>> headers,
            boolean hasEncoder,
            boolean isHead) {
        byte[] body = (reason + "\n").getBytes(StandardCharsets.UTF_8);
        DefaultFullHttpResponse response = response(status, headers, isHead ? new byte[0] : body, body.length);
        // RFC 9110 §7.8: "A sender of Upgrade MUST also send an "Upgrade" connection option in the Connection header
        // field"
        boolean namesUpgrade = response.headers().contains(HttpHeaderNames.UPGRADE);
        response.headers().set(HttpHeaderNames.CONNECTION, namesUpgrade ? "close, upgrade" : "close");
        if (!response.headers().contains(HttpHeaderNames.CONTENT_TYPE)) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        }
        ctx.writeAndFlush(hasEncoder ? response : encode(ctx, response))
                .addListener((ChannelFutureListener) HttpAnswers::linger);
    }

    /** A responder's answer; a HEAD's has the length of the body that a GET's would have (RFC 9110 §9.3.2). */
    static void reply(ChannelHandlerContext ctx, HttpReply reply, boolean isHead, Persistence persistence) {
        byte[] body = isHead ? new byte[0] : reply.body();
        DefaultFullHttpResponse response = response(reply.status(), reply.headers(), body, reply.body().length);
        switch (persistence) {
            case CLOSE -> response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            case KEEP_AND_TELL -> response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
            case KEEP -> {}
        }
        ChannelFuture written = ctx.writeAndFlush(response);
        if (persistence == Persistence.CLOSE) {
            written.addListener((ChannelFutureListener) HttpAnswers::linger);
        }
    }

    private static void linger(ChannelFuture written) {
        if (written.isSuccess()) {
            LingeringClose.start(written.channel(), LingeringClose.End.CUT);
        } else {
            written.channel().close();
        }
    }

    private static DefaultFullHttpResponse response(
            int status, List<Map.Entry<String, String>> headers, byte[] body, int contentLength) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
        headers.forEach(header -> response.headers().add(header.getKey(), header.getValue()));
        response.headers().set(HttpHeaderNames.DATE, DateFormatter.format(new Date()));
        if (status != 204 && status != 304) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, contentLength);
        }
        return response;
    }

    private static ByteBuf encode(ChannelHandlerContext ctx, DefaultFullHttpResponse response) {
        StringBuilder head = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(response.status())
                .append("\r\n");
        response.headers().forEach(header -> appendHeader(head, header));
        ByteBuf out = ctx.alloc().directBuffer();
        out.writeCharSequence(head.append("\r\n"), StandardCharsets.US_ASCII);
        out.writeBytes(response.content());
        response.release();
        return out;
    }

    private static void appendHeader(StringBuilder head, Map.Entry<String, String> header) {
        head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }

    /** The 101 as bytes: when it is written the HTTP handlers have left, so that nothing stands between it and the first frame. */
    static ByteBuf switchingProtocols(ChannelHandlerContext ctx, List<Map.Entry<String, String>> headers) {
        StringBuilder head = new StringBuilder(256).append("HTTP/1.1 101 Switching Protocols\r\n");
        headers.forEach(header -> appendHeader(head, header));
        head.append("\r\n");
        ByteBuf out = ctx.alloc().directBuffer(head.length());
        out.writeCharSequence(head, StandardCharsets.US_ASCII);
        return out;
    }
}
