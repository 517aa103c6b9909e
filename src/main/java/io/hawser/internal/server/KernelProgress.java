package io.hawser.internal.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.nio.AbstractNioChannel;

/**
 * What the kernel was seen to take of a channel's writes, part of one write included: Netty knows how much of the write at the head of
 * its queue is gone, and what is queued shrinks when whole ones end.
 */
final class KernelProgress {

    /** So large that no number of whole writes, which the session counts by one, cancels one out that is forgotten with its object. */
    private static final long STEP = 1L << 32;

    private long progress;
    private long lastHead;
    private long lastBytes;

    /** Looks once more, and asks the kernel to take something first where nothing else would; for the channel's event loop. */
    long look(Channel channel) {
        if (!hasProgressed(channel) && channel.unsafe() instanceof AbstractNioChannel.NioUnsafe nio) {
            nio.forceFlush(); // the selector tells of room only when a third of the kernel's buffer is free
            hasProgressed(channel);
        }
        return progress;
    }

    private boolean hasProgressed(Channel channel) {
        ChannelOutboundBuffer queued = channel.unsafe().outboundBuffer();
        if (queued == null) {
            return false;
        }
        long head = queued.currentProgress();
        long bytes = queued.totalPendingWriteBytes();
        boolean progressed = head != lastHead || bytes < lastBytes;
        lastHead = head;
        lastBytes = bytes;
        progress += progressed ? STEP : 0;
        return progressed;
    }
}
