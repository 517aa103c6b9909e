package io.hawser.internal.server;

import io.hawser.internal.session.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import org.jspecify.annotations.Nullable;

/** A channel as its session sees it. */
final class ChannelWire implements Wire, GenericFutureListener<Future<? super Void>> {

    private final Channel channel;
    private @Nullable SessionHandler handler;
    private long progress;
    private long lastHead;
    private long lastBytes;

    ChannelWire(Channel channel) {
        this.channel = channel;
        UnsentMark.set(channel);
    }

    void attach(SessionHandler handler) {
        this.handler = handler;
    }

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
        Write promise = new Write(channel, cost);
        promise.addListener(this);
        context().write(frames, promise);
    }

    @Override
    public void operationComplete(Future<? super Void> write) {
        if (!write.isSuccess()) {
            channel.close(); // what follows a lost write cannot be sent either
        } else if (handler != null) {
            handler.conversation().written(((Write) write).cost);
        }
    }

    @Override
    public void flush() {
        context().flush();
    }

    /** The session handler's place in the pipeline: handlers behind it, where there are any, are not to see frames. */
    private ChannelHandlerContext context() {
        if (handler == null) {
            throw new IllegalStateException("no session on this wire");
        }
        return handler.context();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Netty knows how much of the write at the head of its queue the kernel took; what is queued shrinks when whole ones end. */
    @Override
    public long progress() {
        if (!hasProgressed() && channel.unsafe() instanceof AbstractNioChannel.NioUnsafe nio) {
            nio.forceFlush(); // the selector tells of room only when a third of the kernel's buffer is free
            hasProgressed();
        }
        return progress;
    }

    private boolean hasProgressed() {
        ChannelOutboundBuffer queued = channel.unsafe().outboundBuffer();
        if (queued == null) {
            return false;
        }
        long head = queued.currentProgress();
        long bytes = queued.totalPendingWriteBytes();
        boolean progressed = head != lastHead || bytes < lastBytes;
        lastHead = head;
        lastBytes = bytes;
        progress += progressed ? 1 : 0;
        return progressed;
    }

    @Override
    public void setReading(boolean reading) {
        channel.config().setAutoRead(reading);
    }

    @Override
    public void closeOutput() {
        LingeringClose.start(channel, LingeringClose.End.CUT);
    }

    @Override
    public boolean letGo() {
        return LingeringClose.start(channel, LingeringClose.End.CLOSE);
    }

    @Override
    public void cut() {
        cut(channel);
    }

    /** Closes with RST, past a TLS handler, which would wait for the peer to take its close_notify. */
    static void cut(Channel channel) {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        closePastTls(channel);
    }

    static void closePastTls(Channel channel) {
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls != null) {
            tls.close();
        } else {
            channel.close();
        }
    }
}
