package io.hawser.testing;

import io.hawser.internal.protocol.MessageRules;
import io.hawser.internal.protocol.MessageRules.Delivery;
import io.hawser.internal.protocol.PayloadTransform;
import io.hawser.internal.protocol.ProtocolEngine;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A protocol engine between a client that sends any bytes and a {@link RecordingListener}. */
public final class RecordedEngine {

    private final RecordingListener listener;
    private final ProtocolEngine engine;

    /** With the limits of the {@link Vectors}. */
    public RecordedEngine() {
        this(Vectors.MAX_MESSAGE_BYTES, Vectors.MAX_FRAGMENTS, null);
    }

    /** With limits and perhaps an extension. */
    public RecordedEngine(int maxMessageBytes, int maxFragments, @Nullable PayloadTransform transform) {
        this(maxMessageBytes, maxFragments, transform, new RecordingListener());
    }

    /** With a listener that does more than to record. */
    public RecordedEngine(
            int maxMessageBytes, int maxFragments, @Nullable PayloadTransform transform, RecordingListener listener) {
        this(maxMessageBytes, maxFragments, Delivery.WHOLE, transform, listener);
    }

    /** With a choice of the delivery. */
    public RecordedEngine(
            int maxMessageBytes,
            int maxFragments,
            Delivery delivery,
            @Nullable PayloadTransform transform,
            RecordingListener listener) {
        this.listener = listener;
        this.engine = new ProtocolEngine(
                new MessageRules(maxMessageBytes, maxFragments, delivery), transform, listener, listener);
    }

    /** The client sends {@link Hex}, in one read. */
    public RecordedEngine receive(String hex) {
        return receive(Hex.bytes(hex));
    }

    /** The client sends frames, in one read. */
    public RecordedEngine receive(byte[]... frames) {
        engine.receive(Unpooled.wrappedBuffer(Frames.join(frames)));
        return this;
    }

    /** What the server's side asks for. */
    public ProtocolEngine engine() {
        return engine;
    }

    /** What was told and asked of it. */
    public RecordingListener listener() {
        return listener;
    }

    /** See {@link RecordingListener#events}. */
    public List<String> events() {
        return listener.events();
    }

    /** See {@link RecordingListener#log}. */
    public List<String> log() {
        return listener.log();
    }

    /** See {@link RecordingListener#out}. */
    public String out() {
        return listener.out();
    }

    /** The reason of the only violation. */
    public String reason() {
        if (listener.violations().size() != 1) {
            throw new AssertionError("violations: " + listener.violations());
        }
        return listener.violations().get(0).status().reason();
    }
}
