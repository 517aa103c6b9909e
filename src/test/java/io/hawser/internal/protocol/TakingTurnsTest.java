package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.internal.protocol.MessageRules.Delivery;
import io.hawser.testing.Frames;
import io.hawser.testing.MarkingTransform;
import io.hawser.testing.RecordingListener;
import io.hawser.testing.Vectors;
import io.hawser.testing.Vectors.Vector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that take turns with engines, each its own whenever one rests, hear what they would hear from one of their own. */
class TakingTurnsTest {

    private static final MessageRules RULES = new MessageRules(1_000, 3, Delivery.WHOLE);

    private final ArrayDeque<ProtocolEngine> resting = new ArrayDeque<>();
    private int made;

    /** One connection, whose peer sends a vector. */
    private final class Connection {
        private final Vector vector;
        private final MessageRules rules;
        private final RecordingListener peer = new RecordingListener();
        private final ByteBuf bytes;
        private @Nullable ProtocolEngine engine;

        Connection(Vector vector, Delivery delivery) {
            this.vector = vector;
            this.rules = new MessageRules(Vectors.MAX_MESSAGE_BYTES, Vectors.MAX_FRAGMENTS, delivery);
            this.bytes = Unpooled.wrappedBuffer(vector.in());
        }

        boolean goOn(int most) {
            ProtocolEngine mine = engine == null ? lend() : engine;
            mine.receive(bytes.readSlice(Math.min(most, bytes.readableBytes())));
            boolean rests = mine.isAtRest();
            engine = rests ? null : mine;
            if (rests) {
                resting.push(mine);
            }
            return bytes.isReadable();
        }

        private ProtocolEngine lend() {
            ProtocolEngine next = resting.poll();
            if (next == null) {
                made++;
                return new ProtocolEngine(rules, null, peer, peer);
            }
            next.serve(rules, null, peer, peer);
            return next;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyVectorGivesTheSameCalls(long seed) {
        Random random = new Random(seed);
        List<Connection> all = new ArrayList<>();
        for (Vector vector : Vectors.startingWith("rfc6455")) {
            all.add(new Connection(vector, random.nextBoolean() ? Delivery.WHOLE : Delivery.IN_PARTS));
        }
        List<Connection> sending = new ArrayList<>(all);
        while (!sending.isEmpty()) {
            Connection next = sending.get(random.nextInt(sending.size()));
            if (!next.goOn(1 + random.nextInt(random.nextBoolean() ? 10 : 100_000))) {
                sending.remove(next);
            }
        }

        assertThat(all).allSatisfy(connection -> {
            Vector vector = connection.vector;
            assertThat(String.join(" ", connection.peer.events()))
                    .as(vector.name())
                    .isEqualTo(vector.calls());
            assertThat(connection.peer.out()).as(vector.name()).isEqualTo(vector.out());
        });
        assertThat(made).as("engines").isLessThan(all.size());
    }

    @Test
    void anEngineRestsBetweenMessagesAlone() {
        RecordingListener peer = new RecordingListener();
        ProtocolEngine engine = new ProtocolEngine(RULES, null, peer, peer);
        byte[] frame = Frames.text("Hello");
        for (int i = 0; i < frame.length; i++) {
            assertThat(engine.isAtRest()).as("before byte " + i).isEqualTo(i == 0);
            engine.receive(Unpooled.wrappedBuffer(frame, i, 1));
        }
        assertThat(engine.isAtRest()).isTrue();

        engine.receive(Unpooled.wrappedBuffer(Frames.frame(Frames.TEXT, Frames.KEY, new byte[0])));
        assertThat(engine.isAtRest()).as("between fragments").isFalse();
        engine.receive(Unpooled.wrappedBuffer(Frames.ping("")));
        assertThat(engine.isAtRest()).as("after a ping between fragments").isFalse();
        engine.receive(Unpooled.wrappedBuffer(Frames.frame(Frames.FIN | Frames.CONTINUATION, Frames.KEY, new byte[0])));
        assertThat(engine.isAtRest()).isTrue();

        engine.hold();
        assertThat(engine.isAtRest()).as("held back").isFalse();
        engine.goOn();
        assertThat(engine.isAtRest()).isTrue();

        engine.receive(Unpooled.wrappedBuffer(Frames.close(1000, "")));
        assertThat(engine.isAtRest()).as("closed").isFalse();
    }

    /** A listener may have bytes received from within its call: the engine is not free before the outermost call ends. */
    @Test
    void anEngineDoesNotRestWithinACallToItsListener() {
        List<Boolean> within = new ArrayList<>();
        ProtocolEngine[] engine = new ProtocolEngine[1];
        RecordingListener peer = new RecordingListener() {
            @Override
            public void onPing(byte[] payload) {
                if (payload.length == 0) {
                    engine[0].receive(Unpooled.wrappedBuffer(Frames.ping("within")));
                }
                within.add(engine[0].isAtRest());
            }
        };
        engine[0] = new ProtocolEngine(RULES, null, peer, peer);
        engine[0].receive(Unpooled.wrappedBuffer(Frames.ping("")));
        assertThat(within).containsExactly(false, false);
        assertThat(engine[0].isAtRest()).isTrue();
    }

    /** What a message decoded to nothing had room made for is not the next connection's to account for. */
    @Test
    void whatOneConnectionHadIsNotTheNextOnes() {
        RecordingListener first = new RecordingListener();
        ProtocolEngine engine = new ProtocolEngine(RULES, new MarkingTransform(1), first, first);
        engine.receive(Unpooled.wrappedBuffer(
                Frames.frame(Frames.FIN | 0x40 | Frames.BINARY, Frames.KEY, new byte[] {1, 2, 3})));
        assertThat(first.events()).hasSize(1);
        assertThat(engine.isAtRest()).isTrue();
        assertThat(engine.heldBytes()).isZero();

        RecordingListener second = new RecordingListener();
        engine.serve(new MessageRules(4, 1, Delivery.IN_PARTS), null, second, second);
        engine.receive(Unpooled.wrappedBuffer(Frames.binary((byte) 1, (byte) 2, (byte) 3, (byte) 4)));
        assertThat(second.events()).containsExactly("binary(01020304)");
        engine.receive(
                Unpooled.wrappedBuffer(Frames.frame(Frames.FIN | 0x40 | Frames.BINARY, Frames.KEY, new byte[] {1})));
        assertThat(second.violations()).as("RSV1 was the first one's").hasSize(1);
        assertThat(first.events()).hasSize(1);
    }
}
