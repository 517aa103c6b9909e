package io.hawser.internal.session;

import io.hawser.Message;
import io.hawser.internal.protocol.FrameWriter;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that were broadcast on an event loop since its last flush, and are not put into frames yet. A session remembers which
 * of them in a row it is to get, and asks for them when it is flushed: sessions that get the same ones write one buffer, which is still
 * in the processor's cache, where a buffer for each would have left it before the last of a thousand has its own.
 *
 * <p><b>Threading:</b> for the loop's thread.
 */
final class BroadcastBatch {

    private final LoopThread thread;
    private final List<Message> messages = new ArrayList<>();

    private @Nullable ByteBuf frames; // what was asked for last
    private int from;
    private int count;

    BroadcastBatch(LoopThread thread) {
        this.thread = thread;
    }

    /** Adds a message; returns its place. */
    int add(Message message) {
        messages.add(message);
        return messages.size() - 1;
    }

    /** The frames of {@code wanted} messages, from the one at {@code first} on. Borrowed until the next call. */
    ByteBuf frames(int first, int wanted) {
        ByteBuf latest = frames;
        if (latest != null && first == from && wanted == count) {
            return latest;
        }
        release();
        List<Message> run = messages.subList(first, first + wanted);
        ByteBuf fresh = thread.allocator().directBuffer(bytesOf(run));
        for (Message message : run) {
            byte[] payload = message.bytesWithoutCopy();
            FrameWriter.writeHeader(fresh, true, false, SendQueue.opcodeOf(message), payload.length);
            fresh.writeBytes(payload);
        }
        frames = fresh;
        from = first;
        count = wanted;
        return fresh;
    }

    private static int bytesOf(List<Message> run) {
        int bytes = 0;
        for (Message message : run) {
            bytes += FrameWriter.headerBytes(message.sizeBytes()) + message.sizeBytes();
        }
        return bytes;
    }

    /** Everybody who was to get one of them has it. */
    void clear() {
        if (!messages.isEmpty()) {
            messages.clear();
            release();
        }
    }

    private void release() {
        if (frames != null) {
            frames.release();
            frames = null;
        }
    }
}
