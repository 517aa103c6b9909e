package io.hawser.internal.deflate;

import static io.hawser.internal.deflate.DeflateFixture.agreement;
import static io.hawser.internal.deflate.DeflateFixture.cut;
import static io.hawser.internal.deflate.DeflateFixture.zeroBomb;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Compression;
import io.hawser.MessagePart;
import io.hawser.internal.protocol.MessageRules.Delivery;
import io.hawser.internal.protocol.ProtocolEngine;
import io.hawser.testing.Frames;
import io.hawser.testing.Hex;
import io.hawser.testing.RecordedEngine;
import io.hawser.testing.RecordingListener;
import io.hawser.testing.Vectors;
import io.hawser.testing.Vectors.Vector;
import io.hawser.testing.ZlibClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7692 §6: compressed messages in frames, through the protocol core. */
class DeflatedFramesTest {

    private static final int RSV1 = 0x40;
    private static final Compression COMPRESSION = Compression.on().withClientContextTakeover();

    private final DeflatePool pool = new DeflatePool();

    static List<Vector> vectors() {
        return Vectors.startingWith("rfc7692");
    }

    @AfterEach
    void close() {
        assertThat(pool.lent()).isZero();
        pool.close();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void vectorIsReadAlikeWhereverTheNetworkCutsIt(Vector vector) {
        int length = vector.in().length;
        check(vector);
        check(vector, IntStream.range(1, length).toArray());
        for (int first = 1; first < length; first++) {
            for (int second = first; second < length; second++) {
                check(vector, first, second);
            }
        }
    }

    private void check(Vector vector, int... cuts) {
        for (Delivery delivery : Delivery.values()) {
            check(delivery, vector, cuts);
        }
    }

    private void check(Delivery delivery, Vector vector, int... cuts) {
        DeflateTransform transform = new DeflateTransform(agreement(COMPRESSION), COMPRESSION, pool);
        RecordedEngine engine = new RecordedEngine(
                Vectors.MAX_MESSAGE_BYTES, Vectors.MAX_FRAGMENTS, delivery, transform, new RecordingListener());
        int from = 0;
        for (int cut : cuts) {
            engine.receive(Arrays.copyOfRange(vector.in(), from, cut));
            from = cut;
        }
        engine.receive(Arrays.copyOfRange(vector.in(), from, vector.in().length));
        String where = vector + ", " + delivery + ", cut at " + Arrays.toString(cuts);
        assertThat(String.join(" ", engine.events())).as(where).isEqualTo(vector.calls());
        assertThat(engine.out()).as(where).isEqualTo(vector.out());
        transform.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000})
    void bombIs1009(int fragments) {
        DeflateTransform transform = new DeflateTransform(agreement(COMPRESSION), COMPRESSION, pool);
        RecordedEngine engine = new RecordedEngine(Vectors.MAX_MESSAGE_BYTES, Vectors.MAX_FRAGMENTS, transform);
        byte[] bomb = zeroBomb(64);
        byte[][] pieces = cut(bomb, (bomb.length + fragments - 1) / fragments);
        for (int i = 0; i < pieces.length; i++) {
            int first = i == 0 ? RSV1 | Frames.BINARY : Frames.CONTINUATION;
            engine.receive(Frames.frame(i == pieces.length - 1 ? Frames.FIN | first : first, Frames.KEY, pieces[i]));
        }
        assertThat(engine.events()).containsExactly("violation(1009)");
        assertThat(engine.out()).isEqualTo("880203f1");
        transform.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000})
    void bombIsGivenInPartsUntilTheLimitIsMet(int fragments) {
        DeflateTransform transform = new DeflateTransform(agreement(COMPRESSION), COMPRESSION, pool);
        RecordingListener listener = new RecordingListener();
        RecordedEngine engine = new RecordedEngine(10 << 20, 1_024, Delivery.IN_PARTS, transform, listener);
        byte[] bomb = zeroBomb(64);
        byte[][] pieces = cut(bomb, (bomb.length + fragments - 1) / fragments);
        for (int i = 0; i < pieces.length; i++) {
            int first = i == 0 ? RSV1 | Frames.BINARY : Frames.CONTINUATION;
            engine.receive(Frames.frame(i == pieces.length - 1 ? Frames.FIN | first : first, Frames.KEY, pieces[i]));
            assertThat(engine.engine().heldBytes()).isLessThan(512 * 1024);
        }
        assertThat(engine.events()).containsExactly("violation(1009)");
        assertThat(listener.unfinished().length).isBetween((10 << 20) - 512 * 1024, 10 << 20);
        transform.release();
    }

    @Test
    void whatIsHeldStopsABombWithinAFewParts() {
        DeflateTransform transform = new DeflateTransform(agreement(COMPRESSION), COMPRESSION, pool);
        Holding listener = new Holding();
        RecordedEngine engine = new RecordedEngine(100 << 20, 1_024, Delivery.IN_PARTS, transform, listener);
        listener.engine = engine.engine();
        ByteBuf wire =
                Unpooled.wrappedBuffer(Frames.frame(Frames.FIN | RSV1 | Frames.BINARY, Frames.KEY, zeroBomb(64)));
        int reads = 0;
        while (engine.events().isEmpty()) {
            int before = listener.unfinished().length;
            engine.engine().goOn();
            engine.engine().receive(wire);
            assertThat(listener.unfinished().length - before).isLessThan(400 * 1024);
            reads++;
        }
        assertThat(reads).isGreaterThan(200);
        assertThat(engine.events()).containsExactly("binary(00*" + (64 << 20) + ")");
        transform.release();
    }

    /** Wants no more after each part. */
    private static final class Holding extends RecordingListener {
        @Nullable
        ProtocolEngine engine;

        @Override
        public void onPart(MessagePart part) {
            super.onPart(part);
            engine.hold();
        }
    }

    @Test
    void partsMayReferBackOverOtherPartsAndOtherMessages() {
        DeflateTransform transform = new DeflateTransform(agreement(COMPRESSION), COMPRESSION, pool);
        RecordingListener listener = new RecordingListener();
        RecordedEngine engine = new RecordedEngine(10 << 20, 1_024, Delivery.IN_PARTS, transform, listener);
        ZlibClient client = new ZlibClient();
        Random random = new Random(7);
        byte[] noise = new byte[30_000];
        random.nextBytes(noise); // not compressible, but for its repetitions 30,000 bytes later
        List<String> expected = new ArrayList<>();
        for (int message = 0; message < 4; message++) {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            for (int i = 0; i < 12; i++) {
                noise[random.nextInt(noise.length)]++;
                plain.writeBytes(noise);
            }
            byte[] wire =
                    Frames.frame(Frames.FIN | RSV1 | Frames.BINARY, Frames.KEY, client.message(plain.toByteArray()));
            assertThat(wire.length).isLessThan(60_000);
            for (byte[] read : cut(wire, 1 + random.nextInt(5_000))) {
                engine.receive(read);
            }
            expected.add("binary(" + Hex.of(plain.toByteArray()) + ")");
        }
        client.end();
        assertThat(engine.events()).isEqualTo(expected);
        assertThat(listener.partSizes()).hasSizeGreaterThan(4 * 6);
        transform.release();
    }

    @Test
    void largestLimitOfAllLetsCompressedMessagesThrough() {
        DeflateTransform transform = new DeflateTransform(agreement(COMPRESSION), COMPRESSION, pool);
        RecordedEngine engine = new RecordedEngine(Integer.MAX_VALUE, Vectors.MAX_FRAGMENTS, transform);
        engine.receive("c1 87 m f248cdc9c90700");
        assertThat(engine.events()).containsExactly("text(\"Hello\")");
    }

    @Test
    void connectionThatDiesInsideACompressedMessageLeavesNothingBehind() {
        DeflateTransform transform = new DeflateTransform(agreement(COMPRESSION), COMPRESSION, pool);
        RecordedEngine engine = new RecordedEngine(Vectors.MAX_MESSAGE_BYTES, Vectors.MAX_FRAGMENTS, transform);
        engine.receive("41 83 m f248cd");
        assertThat(engine.engine().isInsideMessage()).isTrue();
        assertThat(pool.lent()).isEqualTo(1);
        transform.release();
        assertThat(pool.idle()).isEqualTo(1);
    }
}
