package io.hawser.hostile.runner;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Readers of a room's broadcasts, who want every one of them from their first on, whole and in order. */
final class Ordered implements Peer.Listener {

    private final Meter meter = new Meter();
    private final Map<Peer, AtomicLong> next = new ConcurrentHashMap<>();

    @Override
    public void onMessage(Peer peer, byte[] payload) {
        Stamped stamped = Stamped.read(payload);
        AtomicLong due = next.computeIfAbsent(peer, first -> new AtomicLong(stamped.number()));
        if (stamped.number() != due.getAndIncrement()) {
            throw new IllegalStateException(
                    "message " + stamped.number() + " came when " + (due.get() - 1) + " was due");
        }
        meter.received(stamped);
    }

    /** See {@link Meter#measure}. */
    Latencies measure() {
        return meter.measure();
    }

    long received() {
        return meter.received();
    }

    /** How many readers have got all messages below {@code end}. */
    long complete(long end) {
        return next.values().stream().filter(due -> due.get() >= end).count();
    }
}
