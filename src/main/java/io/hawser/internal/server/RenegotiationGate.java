package io.hawser.internal.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import javax.net.ssl.SSLException;

/**
 * Stands before TLS and ends a connection whose client would negotiate anew, which TLS 1.2 has and the JDK grants: a signature of ours
 * for every few bytes of a client's, as often as it likes. Looks at the headers of records alone (RFC 5246 §6.2.1). In TLS 1.3 no record
 * of this type is right once application data went, for handshake messages are hidden in those (RFC 8446 §5).
 */
final class RenegotiationGate extends ChannelInboundHandlerAdapter {

    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int HEADER_BYTES = 5; // type, two of version, two of length

    private int headerBytes;
    private int left; // of the record's fragment
    private boolean established;
    private boolean ended;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (!ended && scan(in)) {
            ctx.fireChannelRead(in);
            return;
        }
        in.release();
        if (!ended) {
            ended = true;
            ctx.fireExceptionCaught(new SSLException("the client would renegotiate"));
        }
    }

    /** Looks at every record that begins here; false if one is not to pass. */
    private boolean scan(ByteBuf in) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (at < end) {
            if (headerBytes == HEADER_BYTES) {
                int skipped = Math.min(left, end - at);
                at += skipped;
                left -= skipped;
            } else if (!headerByte(in.getUnsignedByte(at++))) {
                return false;
            }
            if (headerBytes == HEADER_BYTES && left == 0) {
                headerBytes = 0;
            }
        }
        return true;
    }

    private boolean headerByte(int b) {
        switch (headerBytes++) {
            case 0 -> {
                if (b == HANDSHAKE && established) {
                    return false;
                }
                established |= b == APPLICATION_DATA;
            }
            case 3 -> left = b << 8;
            case 4 -> left |= b;
            default -> {} // the version, which is TLS's to judge
        }
        return true;
    }
}
