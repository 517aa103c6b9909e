package io.hawser.internal.server;

import io.hawser.Rate;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A token bucket for each client, in memory of a fixed size: a bucket is known by when it will be full again, and one that is full is
 * as good as none. Where there is no room for one more client, the bucket that is next to full is forgotten: among more clients at once
 * than that some get more than their share, and none gets less.
 *
 * <p><b>Threading:</b> any thread.
 */
final class ClientRates {

    /** Two numbers each, so 1 MiB. */
    static final int BUCKETS = 1 << 16;

    private static final int BUCKETS_IN_SET = 8;
    private static final int SETS = BUCKETS / BUCKETS_IN_SET;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final long[] clients = new long[BUCKETS];
    private final long[] fullAt = new long[BUCKETS];
    private final long tokenNanos;
    private final long burstNanos;
    private final long begin;
    private final long seed = ThreadLocalRandom.current().nextLong(); // nobody can choose whose neighbour to be

    ClientRates(Rate rate, long now) {
        this.tokenNanos = SECOND_NANOS / rate.perSecond();
        this.burstNanos = tokenNanos * rate.burst();
        this.begin = now;
    }

    /** Takes a token from a client's bucket; false if it has none. */
    synchronized boolean take(long client, long nanoTime) {
        long now = nanoTime - begin;
        int bucket = bucketOf(client, now);
        long full = Math.max(now, fullAt[bucket]) + tokenNanos;
        if (full - now > burstNanos) {
            return false;
        }
        clients[bucket] = client;
        fullAt[bucket] = full;
        return true;
    }

    private int bucketOf(long client, long now) {
        int first = setOf(client) * BUCKETS_IN_SET;
        int fullest = first;
        for (int i = first; i < first + BUCKETS_IN_SET; i++) {
            if (clients[i] == client && fullAt[i] > now) {
                return i;
            }
            if (fullAt[i] < fullAt[fullest]) {
                fullest = i;
            }
        }
        if (clients[fullest] != client) {
            fullAt[fullest] = 0; // another's
        }
        return fullest;
    }

    private int setOf(long client) {
        long hash = (client ^ seed) * 0x9E3779B97F4A7C15L;
        hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L;
        return (int) (hash >>> 32) & SETS - 1;
    }
}
