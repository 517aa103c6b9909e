package io.hawser.internal.server;

import io.hawser.internal.deflate.DeflatePool;
import io.hawser.internal.session.SessionLoop;
import io.hawser.internal.session.SessionRegistry;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The event loops that a server's sessions are on, whoever made them, and what belongs to each. */
final class SessionLoops {

    /** What belongs to one event loop. */
    record LoopParts(SessionLoop sessions, DeflatePool deflate) {}

    private final SessionRegistry registry;
    private final Map<EventLoop, LoopParts> parts = new ConcurrentHashMap<>();

    SessionLoops(SessionRegistry registry) {
        this.registry = registry;
    }

    LoopParts of(Channel channel) {
        LoopParts known = parts.get(channel.eventLoop());
        return known != null
                ? known
                : parts.computeIfAbsent(
                        channel.eventLoop(),
                        loop -> new LoopParts(
                                registry.newLoop(new NettyLoopThread(loop, channel.alloc())), new DeflatePool()));
    }

    /** Whether the caller runs on one of them. */
    boolean isCurrentThreadOne() {
        return parts.keySet().stream().anyMatch(EventLoop::inEventLoop);
    }

    /** Frees the native memory of all pools, each on its own loop, when the last session has ended. */
    void close() {
        parts.forEach((loop, part) -> {
            if (loop.isTerminated()) {
                part.deflate().close();
            } else {
                new NettyLoopThread(loop, io.netty.buffer.ByteBufAllocator.DEFAULT)
                        .execute(() -> part.deflate().close());
            }
        });
    }
}
