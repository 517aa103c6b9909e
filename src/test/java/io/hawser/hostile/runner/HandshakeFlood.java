package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** R3: slow handshakes and garbage by the thousand do not keep good sessions waiting, and none of them stays. */
final class HandshakeFlood implements Scenario {

    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
    private static final int SLOW = 10_000;
    private static final int GARBAGE_A_SECOND = 2_000;
    private static final int GOOD = 1_000;
    private static final int BAD_ADDRESSES = 500;
    private static final int ADDRESS_CAP = 60;
    private static final byte[] SLOW_HEAD =
            "GET /echo HTTP/1.1\r\nHost: localhost\r\nX: ".getBytes(StandardCharsets.US_ASCII);

    private final AtomicLong longest = new AtomicLong();
    private final AtomicLong bad = new AtomicLong();

    @Override
    public void run(Trial trial) throws Exception {
        Duration time = trial.time(Duration.ofSeconds(60));
        ServerProcess server = trial.server("server.maxConnectionsPerAddress=" + ADDRESS_CAP);
        Figures before = server.stats();
        Crowd crowd = trial.crowd(server);
        EchoLoad load = new EchoLoad(128, Duration.ofSeconds(1));
        List<Peer> good = crowd.open(GOOD, Crowd.Kind.of("/echo").from(600, 200).withListener(load));
        trial.require(crowd.open() == GOOD, "%d of %d good sessions opened", crowd.open(), GOOD);
        Await.pass(Duration.ofSeconds(5)); // the compiler's
        Windows calm = Windows.measure(Duration.ofSeconds(6), load::measure, () -> {});

        SlowOnes slow = new SlowOnes(crowd);
        crowd.open(SLOW, Crowd.Kind.mute().from(1, BAD_ADDRESSES).withListener(slow));
        Garbage garbage = new Garbage(crowd, time);
        Thread thrower = new Thread(garbage, "garbage");
        thrower.start();
        Windows flooded = Windows.measure(time, load::measure, () -> {});
        thrower.join();
        slow.stopped = true;
        long lost = load.stop();
        Await.until(HANDSHAKE_TIMEOUT.plusSeconds(5), () -> crowd.alive() <= GOOD);

        trial.figure("undisturbed %s; flooded %s; %d bad connections", calm, flooded, bad.get());
        trial.atMost("good p99", flooded.p99(), 100, " ms");
        trial.atMost("lost", lost, 0, "");
        trial.atMost("longest bad connection", longest.get() / 1e9, HANDSHAKE_TIMEOUT.toSeconds() + 1, " s");
        trial.require(crowd.open() == GOOD, "%d of %d good sessions are left", crowd.open(), GOOD);
        crowd.reset(good);
        trial.require(crowd.awaitNone(Duration.ofSeconds(10)), "%d connections stay", crowd.alive());
        capIsExact(trial, crowd);
        trial.backToZero(server, before);
        trial.require(crowd);
    }

    private static void capIsExact(Trial trial, Crowd crowd) {
        Crowd.Kind one = Crowd.Kind.of("/echo").from(900, 1);
        List<Peer> allowed = crowd.open(ADDRESS_CAP, one);
        long open = allowed.stream().filter(Peer::wasOpen).count();
        Peer over = crowd.open(1, one).get(0);
        Await.until(Duration.ofSeconds(2), () -> over.end != Peer.End.NONE);
        allowed.get(0).reset();
        Await.until(Duration.ofSeconds(2), () -> crowd.alive() < ADDRESS_CAP);
        Await.pass(Duration.ofMillis(100)); // for the server to see it
        Peer next = crowd.open(1, one).get(0);
        trial.figure(
                "of one address %d opened, the next got %s, and after an end the next %d",
                open, over.status == 0 ? over.end : over.status, next.status);
        trial.require(
                open == ADDRESS_CAP && !over.wasOpen() && over.end != Peer.End.NONE && next.wasOpen(),
                "the limit of an address is not exact");
        crowd.reset(allowed);
        next.reset();
        crowd.awaitNone(Duration.ofSeconds(5));
    }

    private void ended(Peer peer) {
        if (peer.connectedAt != 0) {
            bad.incrementAndGet();
            longest.accumulateAndGet(peer.endedAt - peer.connectedAt, Math::max);
        }
    }

    /** One byte a second each; who is cut is followed by another. */
    private final class SlowOnes implements Peer.Listener {
        private final Crowd crowd;
        volatile boolean stopped;

        SlowOnes(Crowd crowd) {
            this.crowd = crowd;
        }

        @Override
        public void onOpen(Peer peer) {
            peer.raw(SLOW_HEAD);
            drip(peer);
        }

        private void drip(Peer peer) {
            peer.after(1_000_000_000, () -> {
                peer.raw(new byte[] {'x'});
                drip(peer);
            });
        }

        @Override
        public void onEnd(Peer peer) {
            ended(peer);
            if (!stopped) {
                crowd.connect(Crowd.Kind.mute().from(1, BAD_ADDRESSES).withListener(this));
            }
        }
    }

    private final class Garbage implements Peer.Listener, Runnable {
        private final Random random = new Random(3);
        private final Crowd crowd;
        private final Duration time;

        Garbage(Crowd crowd, Duration time) {
            this.crowd = crowd;
            this.time = time;
        }

        @Override
        public void run() {
            Crowd.Kind kind = Crowd.Kind.mute().from(1, BAD_ADDRESSES).withListener(this);
            long start = System.nanoTime();
            for (long i = 0; System.nanoTime() - start < time.toNanos(); i++) {
                long due = start + i * 1_000_000_000L / GARBAGE_A_SECOND;
                while (due - System.nanoTime() > 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                crowd.connect(kind);
            }
        }

        @Override
        public void onOpen(Peer peer) {
            byte[] bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            if (peer.index % 2 == 0) {
                System.arraycopy(SLOW_HEAD, 0, bytes, 0, Math.min(SLOW_HEAD.length, bytes.length)); // begins well
            }
            peer.raw(bytes);
        }

        @Override
        public void onEnd(Peer peer) {
            ended(peer);
        }
    }
}
