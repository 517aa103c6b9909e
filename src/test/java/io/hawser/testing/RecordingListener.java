package io.hawser.testing;

import io.hawser.CloseStatus;
import io.hawser.Message;
import io.hawser.MessagePart;
import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.MessageListener;
import io.hawser.internal.protocol.Opcode;
import io.hawser.internal.protocol.Outbox;
import io.hawser.internal.protocol.ProtocolEngine;
import io.hawser.internal.protocol.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Both ports of the protocol core, written down. What went up reads like the vectors' third column; frames that went down are kept
 * as bytes.
 */
public class RecordingListener implements MessageListener, Outbox {

    private final List<String> events = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final List<ProtocolViolation> violations = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
    private final List<Integer> partSizes = new ArrayList<>();

    /** What went up, such as {@code text("Hello") close(1000)}. */
    public List<String> events() {
        return events;
    }

    /** All calls, both ports, in their order, without their arguments. */
    public List<String> log() {
        return log;
    }

    /** The violations that went up. */
    public List<ProtocolViolation> violations() {
        return violations;
    }

    /** The frames that went down, as {@link Hex}. */
    public String out() {
        return Hex.of(out.toByteArray());
    }

    @Override
    public void onText(Message message) {
        if (!message.isText()) {
            throw new AssertionError("onText with a binary message");
        }
        up("text", describe(message.bytes()));
    }

    @Override
    public void onBinary(Message message) {
        if (message.isText()) {
            throw new AssertionError("onBinary with a text message");
        }
        up("binary", describe(message.bytes()));
    }

    /** Parts must be of their size and kind; the message they are of goes up like one that came whole. */
    @Override
    public void onPart(MessagePart part) {
        if (part.bytes().length > ProtocolEngine.MAX_PART_BYTES || part.bytes().length == 0 && !part.isLast()) {
            throw new AssertionError(part);
        }
        if (part.isText()) {
            Message.text(ByteBuffer.wrap(part.bytes())); // whole characters
        }
        partSizes.add(part.bytes().length);
        parts.writeBytes(part.bytes());
        if (part.isLast()) {
            byte[] message = parts.toByteArray();
            parts.reset();
            if (part.isText()) {
                onText(Message.text(ByteBuffer.wrap(message)));
            } else {
                onBinary(Message.binary(message));
            }
        }
    }

    /** The sizes of the parts that went up. */
    public List<Integer> partSizes() {
        return partSizes;
    }

    /** What came of a message whose last part did not. */
    public byte[] unfinished() {
        return parts.toByteArray();
    }

    @Override
    public void onPing(byte[] payload) {
        up("ping", describe(payload));
    }

    @Override
    public void onPong(byte[] payload) {
        up("pong", describe(payload));
    }

    @Override
    public void onClose(CloseStatus status) {
        String reason = status.reason().isEmpty() ? "" : " \"" + status.reason() + "\"";
        up("close", status.code() + reason);
    }

    @Override
    public void onViolation(ProtocolViolation violation) {
        violations.add(violation);
        up("violation", Integer.toString(violation.status().code()));
    }

    @Override
    public void writePong(byte[] payload) {
        log.add("writePong");
        write(frame -> FrameWriter.writeControl(frame, Opcode.PONG, payload));
    }

    @Override
    public void writeClose(CloseStatus status) {
        log.add("writeClose");
        // The reason is for people: tests of the bytes want the code alone, others look at the violation.
        boolean bare = status.equals(CloseStatus.NO_STATUS);
        write(frame -> FrameWriter.writeClose(frame, bare ? status : status.withReason("")));
    }

    @Override
    public void startCloseTimer() {
        log.add("startCloseTimer");
    }

    @Override
    public void closeTransport() {
        log.add("closeTransport");
    }

    private void write(Consumer<ByteBuf> writer) {
        ByteBuf frame = Unpooled.buffer();
        try {
            writer.accept(frame);
            out.writeBytes(ByteBufUtil.getBytes(frame));
        } finally {
            frame.release();
        }
    }

    private void up(String event, String argument) {
        log.add(event);
        events.add(event + "(" + argument + ")");
    }

    /** A payload as the vectors write it: quoted if it is short and of printable ASCII, else {@link Hex}. */
    public static String describe(byte[] bytes) {
        StringBuilder text = new StringBuilder("\"");
        for (byte b : bytes) {
            if (b < ' ' || b > '~' || b == '"' || b == '|' || bytes.length > 40) {
                return Hex.of(bytes);
            }
            text.append((char) b);
        }
        return text.append('"').toString();
    }
}
