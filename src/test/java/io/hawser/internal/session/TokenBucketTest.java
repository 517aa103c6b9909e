package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Rate;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void theBurstIsThereAtOnceAndNoMore() {
        TokenBucket bucket = new TokenBucket(Rate.of(20, 100), 5);
        for (int i = 0; i < 100; i++) {
            assertThat(bucket.take(1, 5)).isTrue();
        }
        assertThat(bucket.take(1, 5)).isFalse();
        assertThat(bucket.take(1, 5 + SECOND / 20 - 1)).isFalse();
        assertThat(bucket.take(1, 5 + SECOND / 20)).isTrue();
        assertThat(bucket.take(1, 5 + SECOND / 20)).isFalse();
    }

    @Test
    void whatIsTooMuchTakesNothing() {
        TokenBucket bucket = new TokenBucket(Rate.of(1, 10), 0);
        assertThat(bucket.take(11, 0)).isFalse();
        assertThat(bucket.take(10, 0)).isTrue();
    }

    @Test
    void theRateIsExactInTheLongRunHoweverOftenItIsAsked() {
        for (int perSecond : new int[] {1, 3, 7, 20, 300_000_000, Integer.MAX_VALUE}) {
            TokenBucket bucket = new TokenBucket(new Rate(perSecond, Integer.MAX_VALUE), 0);
            assertThat(bucket.take(Integer.MAX_VALUE, 0)).isTrue();
            Random random = new Random(perSecond);
            long taken = 0;
            for (long now = 0; now < SECOND; now += 1 + random.nextInt(1_000_000)) {
                int due = (int) (now * perSecond / SECOND - taken); // below 2^61
                assertThat(bucket.take(due + 1, now))
                        .as("%s a second", perSecond)
                        .isFalse();
                assertThat(bucket.take(due, now)).as("%s a second", perSecond).isTrue();
                taken += due;
            }
        }
    }

    @Test
    void aLongRestFillsItAndDoesNotOverflow() {
        for (long rest : new long[] {3_600 * SECOND, 1L << 61, Long.MAX_VALUE}) {
            TokenBucket bucket = new TokenBucket(new Rate(Integer.MAX_VALUE, Integer.MAX_VALUE), 0);
            assertThat(bucket.take(Integer.MAX_VALUE, 0)).isTrue();
            assertThat(bucket.take(Integer.MAX_VALUE, rest)).isTrue();
            assertThat(bucket.take(1, rest)).isFalse();
        }
    }

    @Test
    void theClockMayPassItsOverflow() {
        TokenBucket bucket = new TokenBucket(Rate.of(1, 1), Long.MAX_VALUE);
        assertThat(bucket.take(1, Long.MAX_VALUE)).isTrue();
        assertThat(bucket.take(1, Long.MIN_VALUE)).isFalse();
        assertThat(bucket.take(1, Long.MAX_VALUE + SECOND)).isTrue();
    }
}
