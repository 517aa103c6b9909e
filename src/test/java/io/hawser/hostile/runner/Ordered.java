package io.hawser.hostile.runner;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Readers of a room's broadcasts, who want every one of them from their first on, whole and in order. */
final class Ordered implements Peer.Listener {

    private final LongAdder received = new LongAdder();
    private final Map<Peer, AtomicLong> next = new ConcurrentHashMap<>();
    private volatile Latencies latencies = new Latencies();

    @Override
    public void onMessage(Peer peer, byte[] payload) {
        Stamped stamped = Stamped.read(payload);
        AtomicLong due = next.computeIfAbsent(peer, first -> new AtomicLong(stamped.number()));
        if (stamped.number() != due.getAndIncrement()) {
            throw new IllegalStateException(
                    "message " + stamped.number() + " came when " + (due.get() - 1) + " was due");
        }
        received.increment();
        latencies.record(System.nanoTime() - stamped.nanos());
    }

    /** From now on latencies are counted here. */
    Latencies measure() {
        Latencies fresh = new Latencies();
        latencies = fresh;
        return fresh;
    }

    long received() {
        return received.sum();
    }

    /** How many readers have got all messages below {@code end}. */
    long complete(long end) {
        return next.values().stream().filter(due -> due.get() >= end).count();
    }
}
