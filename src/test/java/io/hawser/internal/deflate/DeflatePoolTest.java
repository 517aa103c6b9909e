package io.hawser.internal.deflate;

import static io.hawser.internal.deflate.DeflateFixture.agreement;
import static io.hawser.internal.deflate.DeflateFixture.encode;
import static io.hawser.internal.deflate.DeflateFixture.hex;
import static io.hawser.internal.deflate.DeflateFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Compression;
import io.hawser.internal.protocol.MessageBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class DeflatePoolTest {

    private final DeflatePool pool = new DeflatePool();

    /** {@code getBytesRead} refuses an ended one: with a NullPointerException on JDK 17, an IllegalStateException on JDK 25. */
    private static boolean isEnded(Inflater inflater) {
        try {
            inflater.getBytesRead();
            return false;
        } catch (NullPointerException | IllegalStateException e) {
            return true;
        }
    }

    private static boolean isEnded(Deflater deflater) {
        try {
            deflater.getBytesRead();
            return false;
        } catch (NullPointerException | IllegalStateException e) {
            return true;
        }
    }

    @Test
    void inflaterThatCameBackIsLentAgainAsNew() throws Exception {
        Inflater first = pool.lendInflater();
        first.setInput(hex("f248cdc9c907"));
        first.inflate(new byte[100]);
        pool.giveBack(first);
        Inflater second = pool.lendInflater();
        assertThat(second).isSameAs(first);
        assertThat(second.getBytesRead()).isZero();
        assertThat(second.needsInput()).isTrue();
        pool.giveBack(second);
        pool.close();
    }

    @Test
    void noMoreThanTheBoundWaitAndTheOthersAreEnded() {
        List<Inflater> lent = new ArrayList<>();
        for (int i = 0; i < 3 * DeflatePool.MAX_IDLE; i++) {
            lent.add(pool.lendInflater());
        }
        assertThat(pool.lent()).isEqualTo(lent.size());
        lent.forEach(pool::giveBack);
        assertThat(pool.lent()).isZero();
        assertThat(pool.idle()).isEqualTo(DeflatePool.MAX_IDLE);
        assertThat(lent.stream().filter(DeflatePoolTest::isEnded)).hasSize(2 * DeflatePool.MAX_IDLE);
        pool.close();
        assertThat(lent).allMatch(DeflatePoolTest::isEnded);
    }

    @Test
    void deflaterOfALevelIsOneAndTheSame() {
        Deflater one = pool.deflater(1);
        Deflater nine = pool.deflater(9);
        assertThat(pool.deflater(1)).isSameAs(one).isNotSameAs(nine);
        pool.close();
        assertThat(isEnded(one)).isTrue();
        assertThat(isEnded(nine)).isTrue();
    }

    @Test
    void closeEndsWhatIsLentWhenItComesBack() {
        Inflater lent = pool.lendInflater();
        pool.close();
        assertThat(isEnded(lent)).isFalse();
        pool.giveBack(lent);
        assertThat(isEnded(lent)).isTrue();
        assertThat(pool.lent()).isZero();
        assertThat(pool.idle()).isZero();
    }

    @Test
    void closedTwiceIsClosedOnce() {
        pool.giveBack(pool.lendInflater());
        pool.deflater(6);
        pool.close();
        pool.close();
        assertThat(pool.idle()).isZero();
    }

    @Test
    void closedPoolLendsNothing() {
        pool.close();
        assertThatThrownBy(pool::lendInflater).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pool.deflater(6)).isInstanceOf(IllegalStateException.class);
        assertThat(pool.lent()).isZero();
    }

    @Test
    void sessionsThatEndInsideAMessageLeaveNothingBehind() {
        DeflateAgreement agreement = agreement(Compression.on());
        for (int i = 0; i < 10_000; i++) {
            DeflateTransform transform = new DeflateTransform(agreement, Compression.on(), pool);
            transform.decode(hex("f248"), 0, 2, new MessageBuffer(100));
            assertThat(pool.lent()).isEqualTo(1);
            transform.release();
            transform.release();
            assertThat(pool.lent()).isZero();
        }
        assertThat(pool.idle()).isEqualTo(1);
        pool.close();
    }

    @Test
    void idleSessionsHoldNoInflater() {
        DeflateTransform transform = new DeflateTransform(agreement(Compression.on()), Compression.on(), pool);
        assertThat(DeflateFixture.decode(transform, encode(transform, utf8("Hello"))))
                .isEqualTo(utf8("Hello"));
        assertThat(pool.lent()).isZero();
        transform.release();
        pool.close();
    }

    @Test
    void sessionOutlivesItsPoolWithoutHarm() {
        DeflateTransform transform = new DeflateTransform(agreement(Compression.on()), Compression.on(), pool);
        transform.decode(hex("f248"), 0, 2, new MessageBuffer(100));
        pool.close();
        transform.release();
        assertThat(pool.lent()).isZero();
        assertThat(pool.idle()).isZero();
    }
}
