package io.hawser.internal.server;

import io.hawser.internal.session.ConnectionLog;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The header of the PROXY protocol, version 1 or 2, before the first byte of TLS or HTTP: says whose connection a proxy has passed on.
 * Read by Netty's {@code codec-haproxy}, an optional dependency, so that this class may only be loaded where that is there.
 */
final class ProxyProtocol extends ChannelInboundHandlerAdapter {

    /** Addresses, and what proxies add, such as the subject of a client's certificate. */
    private static final int MAX_BYTES = 4_096;

    private final Admission admission;
    private final ConnectionLog log;
    private final boolean isEncrypted;
    private boolean isOver;

    private ProxyProtocol(Admission admission, ConnectionLog log, boolean isEncrypted) {
        this.admission = admission;
        this.log = log;
        this.isEncrypted = isEncrypted;
    }

    /** Expects the header on a connection whose pipeline is empty yet. */
    static void expect(ChannelPipeline pipeline, Admission admission, ConnectionLog log, boolean isEncrypted) {
        pipeline.addLast(new Decoder(), new ProxyProtocol(admission, log, isEncrypted));
    }

    /** Netty's, which waits for more of a header of an unknown version for as long as the peer goes on. */
    private static final class Decoder extends HAProxyMessageDecoder {

        Decoder() {
            super(MAX_BYTES);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
            super.channelRead(ctx, message);
            if (!ctx.isRemoved() && actualReadableBytes() > 2 * MAX_BYTES) {
                ctx.fireExceptionCaught(new IllegalStateException("no end of the PROXY header"));
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (isOver) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HAProxyMessage header) {
            take(ctx, header);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void take(ChannelHandlerContext ctx, HAProxyMessage header) {
        try {
            admission.identify(clientOf(header));
        } finally {
            header.release();
        }
        if (admission.isToBeCut() || admission.refusal() != null && isEncrypted) {
            isOver = true;
            Listener.cutRefused(ctx.channel(), admission, log);
        } else {
            ctx.pipeline().remove(this);
        }
    }

    /** A proxy's own connection, such as a health check, is LOCAL, and that of a client without an address UNKNOWN. */
    private SocketAddress clientOf(HAProxyMessage header) {
        AddressFamily family = header.proxiedProtocol().addressFamily();
        boolean isInternet = family == AddressFamily.AF_IPv4 || family == AddressFamily.AF_IPv6;
        if (header.command() == HAProxyCommand.LOCAL || !isInternet || header.sourceAddress() == null) {
            return admission.connection();
        }
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(header.sourceAddress());
        return address == null ? admission.connection() : new InetSocketAddress(address, header.sourcePort());
    }

    /** The header is missing or malformed: nothing that follows could be told apart from what an attacker wrote. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!isOver) {
            isOver = true;
            log.handshakeFailed(admission.connection(), cause);
            HardClose.cut(ctx.channel());
        }
    }
}
