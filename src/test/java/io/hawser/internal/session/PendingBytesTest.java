package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Limits;
import org.junit.jupiter.api.Test;

class PendingBytesTest {

    private final PendingBytes pending = new PendingBytes(limits(1000, 100, 50));

    @Test
    void theCapIsExact() {
        assertThat(pending.reserve(999)).isTrue();
        assertThat(pending.reserve(1)).isTrue();
        assertThat(pending.reserve(1)).isFalse();
        assertThat(pending.count()).isEqualTo(1000);
    }

    @Test
    void aLoneMessageAlwaysHasRoom() {
        assertThat(pending.reserve(5000)).isTrue();
        assertThat(pending.reserve(1)).isFalse();
    }

    @Test
    void theLowMarkIsToldOnceAfterTheHighOne() {
        pending.reserve(60);
        assertThat(pending.isBelowHigh()).isTrue();
        assertThat(pending.release(60)).isFalse();

        pending.reserve(100);
        assertThat(pending.isBelowHigh()).isFalse();
        assertThat(pending.release(40)).isFalse();
        assertThat(pending.isBelowHigh()).isFalse();
        assertThat(pending.release(10)).isTrue();
        assertThat(pending.isBelowHigh()).isTrue();
        assertThat(pending.release(50)).isFalse();
        assertThat(pending.count()).isZero();
    }

    @Test
    void whatIsReservedBetweenTheMarksDoesNotHideTheCrossing() {
        pending.reserve(100);
        pending.release(45);
        pending.reserve(10);
        assertThat(pending.isBelowHigh()).isFalse();
        assertThat(pending.release(15)).isTrue();
    }

    @Test
    void manyThreadsReserveAndReleaseWithoutLosingAByte() throws Exception {
        PendingBytes shared = new PendingBytes(limits(Integer.MAX_VALUE, 1 << 20, 1 << 10));
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread(() -> {
                for (int i = 0; i < 100_000; i++) {
                    shared.reserve(7);
                    shared.release(7);
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(shared.count()).isZero();
        assertThat(shared.isBelowHigh()).isTrue();
    }

    private static Limits limits(int cap, int high, int low) {
        return Limits.defaults().withWaterMarks(high, low).withMaxPendingBytes(cap);
    }
}
