package io.hawser.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Rate;
import io.hawser.testing.Allocation;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClientRatesTest {

    private static final long BEGIN = Long.MAX_VALUE - 1_000; // wraps, as System.nanoTime may

    private final ClientRates rates = new ClientRates(Rate.of(10, 30), BEGIN);

    private int taken(long client, long millis, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += rates.take(client, BEGIN + TimeUnit.MILLISECONDS.toNanos(millis)) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void aClientHasItsBurstAndThenItsRate() {
        assertThat(taken(1, 0, 100)).isEqualTo(30);
        assertThat(taken(1, 99, 100)).isZero();
        assertThat(taken(1, 100, 100)).isEqualTo(1);
        assertThat(taken(1, 1_100, 100)).isEqualTo(10);
        assertThat(taken(1, 60_000, 100)).isEqualTo(30);
    }

    @Test
    void triesThatWereRefusedCostNothing() {
        assertThat(taken(1, 0, 1_000_000)).isEqualTo(30);
        assertThat(taken(1, 3_000, 100)).isEqualTo(30);
    }

    @Test
    void clientsDoNotShareABucket() {
        for (long client = 0; client < 1_000; client++) {
            assertThat(taken(client, 0, 31)).as("client " + client).isEqualTo(30);
        }
    }

    /** CVE-2024-8184: a map that grew by every address that an attacker could think of. */
    @Test
    void aMillionClientsCostNoMemoryAndShutNobodyOut() {
        assertThat(taken(-5, 0, 100)).isEqualTo(30);
        long bytes = Allocation.bytesOf(() -> {
            for (long client = 0; client < 1_000_000; client++) {
                if (!rates.take(client << 32, BEGIN + client)) {
                    throw new AssertionError("a new client was refused: " + client);
                }
            }
        });
        assertThat(bytes).isLessThan(10_000);
        assertThat(taken(7, 1, 100)).isEqualTo(30);
    }
}
