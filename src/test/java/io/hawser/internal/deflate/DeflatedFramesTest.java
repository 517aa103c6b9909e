package io.hawser.internal.deflate;

import static io.hawser.internal.deflate.DeflateFixture.agreement;
import static io.hawser.internal.deflate.DeflateFixture.cut;
import static io.hawser.internal.deflate.DeflateFixture.zeroBomb;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Compression;
import io.hawser.testing.Frames;
import io.hawser.testing.RecordedEngine;
import io.hawser.testing.Vectors;
import io.hawser.testing.Vectors.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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
        DeflateTransform transform = new DeflateTransform(agreement(COMPRESSION), COMPRESSION, pool);
        RecordedEngine engine = new RecordedEngine(Vectors.MAX_MESSAGE_BYTES, Vectors.MAX_FRAGMENTS, transform);
        int from = 0;
        for (int cut : cuts) {
            engine.receive(Arrays.copyOfRange(vector.in(), from, cut));
            from = cut;
        }
        engine.receive(Arrays.copyOfRange(vector.in(), from, vector.in().length));
        String where = vector + ", cut at " + Arrays.toString(cuts);
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
