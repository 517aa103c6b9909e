package io.hawser.internal.server;

import io.hawser.internal.session.Conversation;
import io.hawser.internal.session.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The one handler after the 101, and the wire of its session: bytes in, and the channel's news, to the session; its frames out.
 *
 * <p>Both in one object, which has no fields but these four and not even those of Netty's adapter: there is one for each session.
 *
 * <p><b>Threading:</b> for the channel's event loop.
 */
final class SessionHandler implements ChannelInboundHandler, Wire, GenericFutureListener<Future<? super Void>> {

    private @Nullable Conversation conversation;
    private @Nullable ChannelHandlerContext context;
    private @Nullable KernelProgress progress; // while somebody asks for it
    private @Nullable Socket socket; // of native transports, an optional dependency: never touched without them

    /** Whom the bytes are for: once, before the handler is in a pipeline. */
    void attach(Conversation conversation) {
        this.conversation = conversation;
    }

    private Conversation conversation() {
        if (conversation == null) {
            throw new IllegalStateException("no session on this wire");
        }
        return conversation;
    }

    /** This handler's place in the pipeline: handlers behind it, where there are any, are not to see frames. */
    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }

    private Channel channel() {
        return context().channel();
    }

    // Wire

    /** A write's promise, which remembers its cost: one object a write, whatever the number of messages in it. */
    private static final class Write extends DefaultChannelPromise {
        final int cost;

        Write(Channel channel, int cost) {
            super(channel);
            this.cost = cost;
        }
    }

    @Override
    public void write(ByteBuf frames, int cost) {
        Write promise = new Write(channel(), cost);
        promise.addListener(this);
        context().write(frames, promise);
    }

    @Override
    public void operationComplete(Future<? super Void> write) {
        progress = null; // a whole write is one, and told: who still asks begins anew
        if (!write.isSuccess()) {
            channel().close(); // what follows a lost write cannot be sent either
        } else {
            conversation().written(((Write) write).cost);
        }
    }

    @Override
    public void flush() {
        context().flush();
    }

    /**
     * From now on bytes may go to the kernel past the pipeline, where nobody is to see them, and past the channel's queue, which holds
     * nothing but this session's writes. Only for epoll's channels, whose sockets are written to without waiting.
     */
    void passPipeline() {
        socket = (Socket) ((UnixChannel) channel()).fd();
    }

    @Override
    public int offer(ByteBuf frames) {
        Socket open = socket;
        if (open == null
                || !open.isOpen() // the number of a closed one may be another's by now
                || !frames.hasMemoryAddress()) { // without sun.misc.Unsafe a buffer may have none
            return 0;
        }
        try {
            return open.sendAddress(frames.memoryAddress(), frames.readerIndex(), frames.writerIndex());
        } catch (IOException broken) {
            return 0;
        }
    }

    @Override
    public boolean isWritable() {
        return channel().isWritable();
    }

    @Override
    public long progress() {
        KernelProgress seen = progress;
        if (seen == null) {
            seen = new KernelProgress();
            progress = seen;
        }
        return seen.look(channel());
    }

    @Override
    public void setReading(boolean reading) {
        channel().config().setAutoRead(reading);
    }

    @Override
    public void closeOutput() {
        LingeringClose.start(channel(), LingeringClose.End.CUT);
    }

    @Override
    public boolean letGo() {
        return LingeringClose.start(channel(), LingeringClose.End.CLOSE);
    }

    @Override
    public void cut() {
        HardClose.cut(channel());
    }

    // ChannelInboundHandler

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {}

    @Override
    public void channelRegistered(ChannelHandlerContext ctx) {
        ctx.fireChannelRegistered();
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        ctx.fireChannelUnregistered();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof ByteBuf in) {
                conversation().receive(in);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        conversation().readComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            conversation().writable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        conversation().disconnected();
        ctx.fireChannelInactive(); // inside another's pipeline there may be handlers behind this one
    }

    @Override
    @SuppressWarnings("deprecation") // in outbound handlers only
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        conversation().failed(cause);
        if (cause instanceof IOException && !(cause instanceof SSLException)) {
            HardClose.closePastTls(ctx.channel()); // reset by the peer, or dead: nothing is left to cut
        } else {
            HardClose.cut(ctx.channel());
        }
    }
}
