package io.hawser.hostile.runner;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the stamped messages that clients received, and how late they were.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Meter {

    private final LongAdder received = new LongAdder();
    private volatile Latencies latencies = new Latencies();

    void received(Stamped stamped) {
        received.increment();
        latencies.record(System.nanoTime() - stamped.nanos());
    }

    long received() {
        return received.sum();
    }

    /** From now on latencies are counted here. */
    Latencies measure() {
        Latencies fresh = new Latencies();
        latencies = fresh;
        return fresh;
    }
}
