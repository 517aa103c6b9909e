package io.hawser.hostile.runner;

import io.hawser.hostile.runner.Attacks.Attack;
import io.hawser.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** R12: all attacks at once on a small heap: good sessions go on, and nothing of the server breaks or grows. */
final class AttackMix implements Scenario {

    private static final int EACH = 20;
    private static final int GOOD = 50;
    private static final Duration LIFE = Duration.ofSeconds(15);
    private static final double MIB = 1024 * 1024;
    /** A quarter of the heap, the smaller of the two memories. */
    private static final double BUDGET_MIB = 128 / 4.0;

    private final AtomicLong made = new AtomicLong();

    @Override
    public void run(Trial trial) throws Exception {
        Duration time = trial.time(trial.isSmall() ? Duration.ofSeconds(30) : Duration.ofMinutes(10));
        List<String> flags =
                List.of("-Xmx128m", "-XX:MaxDirectMemorySize=128m", "-XX:MaxJavaStackTraceDepth=64", "-Xss256k");
        ServerProcess server = trial.server(List.of(), flags, "limits.byteRate=1000000/4000000");
        Figures before = server.ask("gc");
        Crowd crowd = trial.crowd(server);
        EchoLoad load = new EchoLoad(256, Duration.ofMillis(500));
        List<Peer> good = crowd.open(GOOD, Crowd.Kind.of("/echo").from(900, 50).withListener(load));
        server.ask("broadcast attacked 1 100000000 1024 100");
        Await.pass(Duration.ofSeconds(3));

        List<Attack> attacks = Attacks.all();
        Worker worker = new Worker(crowd);
        attacks.forEach(worker::begin);
        Latencies latencies = load.measure();
        Peaks peaks = new Peaks();
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0 && server.isAlive()) {
            Await.pass(Duration.ofMillis(500));
            peaks.look(server);
        }
        worker.stopped = true;
        long lost = load.stop(Duration.ofSeconds(20));
        report(trial, server, attacks.size(), time, peaks);
        trial.figure("good echo %s", latencies);
        trial.atMost("good messages lost", lost, 0, "");
        trial.require(good.stream().allMatch(peer -> peer.open), "a good session was closed");
        trial.require(crowd);
        server.ask("broadcast-cancel");
        crowd.resetAll();
        Await.pass(LIFE.minusSeconds(10));
        crowd.resetAll();
        trial.require(crowd.awaitNone(Duration.ofSeconds(20)), "%d connections stay", crowd.alive());
        trial.backToZero(server, before);
    }

    private void report(Trial trial, ServerProcess server, int kinds, Duration time, Peaks peaks) throws IOException {
        Figures after = server.ask("gc");
        trial.figure("%d kinds of attack, %d connections, %d s", kinds, made.get(), time.toSeconds());
        trial.atMost("held for peers that do not read", peaks.pending / MIB, BUDGET_MIB, " MiB");
        trial.atMost("received and held", peaks.received / MIB, BUDGET_MIB, " MiB");
        trial.figure(
                "direct at most %.1f MiB, RSS at most %.0f MiB, heap after GC %.1f MiB",
                peaks.direct / MIB, peaks.rss / MIB, after.get("heap") / MIB);
        Map<String, Long> limits = new TreeMap<>();
        after.values().forEach((name, count) -> {
            if (name.startsWith("m.limitsHit.")
                    || name.startsWith("m.closedSessions.")
                    || name.startsWith("m.refused")) {
                limits.put(name.substring(2), count);
            }
        });
        trial.figure("%s", limits);
        trial.require(
                after.get("m.closedSessions.1002") > 0 && after.get("m.closedSessions.1009") > 0, "no attack arrived");
    }

    private static final class Peaks {
        private long pending;
        private long received;
        private long direct;
        private long rss;

        void look(ServerProcess server) throws IOException {
            Figures now = server.stats();
            pending = Math.max(pending, now.get("m.pendingBytes"));
            received = Math.max(received, now.get("m.receivedBytes"));
            direct = Math.max(direct, now.get("direct"));
            rss = Math.max(rss, now.get("rss"));
        }
    }

    /** Keeps a number of each kind at it. */
    private final class Worker {
        private final Crowd crowd;
        volatile boolean stopped;

        Worker(Crowd crowd) {
            this.crowd = crowd;
        }

        void begin(Attack attack) {
            for (int i = 0; i < EACH; i++) {
                another(attack);
            }
        }

        private void another(Attack attack) {
            if (!stopped) {
                made.incrementAndGet();
                crowd.connect(attack.kind().from(1, 256).withListener(new Peer.Listener() {
                    @Override
                    public void onOpen(Peer peer) {
                        peer.after(LIFE.toNanos(), peer::reset);
                        attack.deed().accept(peer);
                    }

                    @Override
                    public void onEnd(Peer peer) {
                        crowd.later(200, () -> another(attack));
                    }
                }));
            }
        }
    }
}
