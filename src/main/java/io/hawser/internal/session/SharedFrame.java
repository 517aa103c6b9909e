package io.hawser.internal.session;

import io.hawser.Message;
import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.MessageBuffer;
import io.hawser.internal.protocol.PayloadTransform;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast's message in wire form, encoded at most once for each way that the sessions of one event loop agreed upon. Holds its
 * buffers until {@link #release}; writers take slices of their own.
 */
final class SharedFrame {

    private final SessionLoop loop;
    private final Message message;
    private final int opcode;
    private int place = -1;
    private @Nullable ByteBuf plain;
    private @Nullable Map<Object, ByteBuf> encoded;

    SharedFrame(SessionLoop loop, Message message) {
        this.loop = loop;
        this.message = message;
        this.opcode = SendQueue.opcodeOf(message);
    }

    Message message() {
        return message;
    }

    /** The message's place in the loop's {@link BroadcastBatch}. */
    int place() {
        if (place < 0) {
            place = loop.broadcasts().add(message);
        }
        return place;
    }

    /** The frame for sessions without an extension, or for a message that is not worth encoding. Borrowed. */
    ByteBuf plain() {
        ByteBuf frame = plain;
        if (frame == null) {
            byte[] payload = message.bytesWithoutCopy();
            frame = frame(payload, payload.length, false);
            plain = frame;
        }
        return frame;
    }

    /** The frame for sessions with {@code transform}'s agreement. Borrowed. */
    ByteBuf encoded(PayloadTransform transform) {
        Map<Object, ByteBuf> frames = encoded;
        if (frames == null) {
            frames = new HashMap<>();
            encoded = frames;
        }
        ByteBuf frame = frames.get(transform.sharingKey());
        if (frame == null) {
            MessageBuffer scratch = loop.scratch();
            transform.encodeShared(message.bytesWithoutCopy(), scratch);
            frame = frame(scratch.array(), scratch.size(), true);
            frames.put(transform.sharingKey(), frame);
        }
        return frame;
    }

    private ByteBuf frame(byte[] payload, int length, boolean rsv1) {
        ByteBuf frame = loop.thread().allocator().directBuffer(FrameWriter.headerBytes(length) + length);
        FrameWriter.writeHeader(frame, true, rsv1, opcode, length);
        return frame.writeBytes(payload, 0, length);
    }

    void release() {
        if (plain != null) {
            plain.release();
        }
        if (encoded != null) {
            encoded.values().forEach(ByteBuf::release);
        }
    }
}
