package io.hawser.internal.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hawser.MessagePart;
import io.hawser.internal.protocol.MessageRules.Delivery;
import io.hawser.testing.MarkingTransform;
import io.hawser.testing.RecordingListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes, however cut and however often held up, give in parts what they give whole. */
class MessagePartsFuzzTest {

    private static final int MAX_MESSAGE_BYTES = 200;
    private static final int MAX_FRAGMENTS = 6;

    static List<byte[]> seeds() {
        return Chunks.seeds();
    }

    @MethodSource("seeds")
    @FuzzTest(maxExecutions = 1_000_000)
    void samePartsTogether(byte[] input) {
        Chunks chunks = new Chunks(input);
        RecordingListener whole = new RecordingListener();
        chunks.whole(engine(Delivery.WHOLE, chunks.choice(), whole)::receive);

        Holding held = new Holding(new Random(input.length));
        ProtocolEngine engine = engine(Delivery.IN_PARTS, chunks.choice(), held);
        held.engine = engine;
        ByteBuf waiting = Unpooled.buffer();
        chunks.cut(in -> {
            waiting.writeBytes(in);
            engine.goOn();
            engine.receive(waiting);
            waiting.discardReadBytes();
        });
        while (waiting.isReadable()) {
            int before = waiting.readableBytes();
            engine.goOn();
            engine.receive(waiting);
            require(waiting.readableBytes() < before, "stuck");
        }

        require(
                comparable(whole, chunks.choice()).equals(comparable(held, chunks.choice())),
                whole.events() + " whole, in parts " + held.events());
        require(whole.out().equals(held.out()) || chunks.choice(), "answers");
        require(held.unfinished().length <= MAX_MESSAGE_BYTES, "limit");
    }

    private static ProtocolEngine engine(Delivery delivery, boolean extended, RecordingListener listener) {
        @Nullable PayloadTransform transform = extended ? new MarkingTransform(2) : null;
        return new ProtocolEngine(
                new MessageRules(MAX_MESSAGE_BYTES, MAX_FRAGMENTS, delivery), transform, listener, listener);
    }

    /** With two faults in one piece of a marked message, the cuts say which is found first. */
    private static List<String> comparable(RecordingListener listener, boolean extended) {
        return listener.events().stream()
                .map(event -> extended ? event.replace("violation(1009)", "violation(1007)") : event)
                .toList();
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new AssertionError(rule);
        }
    }

    /** Wants no more after some of the parts. */
    private static final class Holding extends RecordingListener {
        private final Random random;
        private @Nullable ProtocolEngine engine;

        Holding(Random random) {
            this.random = random;
        }

        @Override
        public void onPart(MessagePart part) {
            super.onPart(part);
            if (engine != null && random.nextInt(3) == 0) {
                engine.hold();
            }
        }
    }
}
