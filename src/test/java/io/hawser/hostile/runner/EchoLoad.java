package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Good clients: each sends a stamped message at its intervals and wants every one back, whole and in order. The latency counts
 * from when a message was due, so that a late client does not flatter the server.
 */
final class EchoLoad implements Peer.Listener {

    private final int sizeBytes;
    private final long intervalNanos;
    private final AtomicLong sent = new AtomicLong();
    private final Meter meter = new Meter();
    private volatile boolean stopped;

    EchoLoad(int sizeBytes, Duration interval) {
        this.sizeBytes = sizeBytes;
        this.intervalNanos = interval.toNanos();
    }

    @Override
    public void onOpen(Peer peer) {
        long first = System.nanoTime() + ThreadLocalRandom.current().nextLong(intervalNanos);
        peer.after(first - System.nanoTime(), () -> send(peer, first));
    }

    private void send(Peer peer, long due) {
        if (!stopped) {
            peer.send(Stamped.payload(due, peer.mark++, sizeBytes));
            sent.incrementAndGet();
            long next = due + intervalNanos;
            peer.after(Math.max(0, next - System.nanoTime()), () -> send(peer, next));
        }
    }

    @Override
    public void onMessage(Peer peer, byte[] payload) {
        Stamped stamped = Stamped.read(payload);
        if (stamped.number() != peer.messages - 1) {
            throw new IllegalStateException(
                    "message " + stamped.number() + " came when " + (peer.messages - 1) + " was due");
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

    /** Ends the load; the number of messages that have not come back five seconds later. */
    long stop() {
        return stop(Duration.ofSeconds(5));
    }

    /** As {@link #stop()}, with other patience. */
    long stop(Duration patience) {
        stopped = true;
        Await.until(patience, () -> meter.received() >= sent.get());
        return sent.get() - meter.received();
    }

    /** Sends no more; what is on its way is not waited for. */
    void pause() {
        stopped = true;
    }

    /** Goes on after {@link #pause}. */
    void resume(List<Peer> peers) {
        stopped = false;
        peers.forEach(peer -> peer.channel().eventLoop().execute(() -> onOpen(peer)));
    }
}
