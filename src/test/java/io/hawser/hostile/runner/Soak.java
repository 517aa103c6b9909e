package io.hawser.hostile.runner;

import io.hawser.hostile.runner.Attacks.Attack;
import io.hawser.testing.Await;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** R20: many sessions that come and go for hours, talk in rooms, with compression, and now and then attack: nothing grows. */
final class Soak implements Scenario {

    private static final int IDLE_IN_ROOMS = 7_000;
    private static final int ECHOING = 2_000;
    private static final int DEFLATING = 900;
    private static final int BAD = 100;
    private static final int ROOMS = 100;
    private static final int CHURN_A_SECOND = 100;
    private static final String DEFLATE =
            "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n";

    /** So many looks at the server make a sample: what only passes through the heap is not there at each. */
    private static final int LOOKS = 6;

    private record Sample(double hours, Figures figures) {}

    @Override
    public void run(Trial trial) throws Exception {
        Duration time = trial.time(Duration.ofMinutes(120));
        // All of its heap from the start: what the collector takes and gives back, a fifth of RSS, would hide what
        // grows.
        ServerProcess server = trial.server(List.of(), List.of("-Xms512m", "-XX:+AlwaysPreTouch"));
        Figures before = server.ask("gc");
        Crowd crowd = trial.crowd(server);
        EchoLoad load = new EchoLoad(256, Duration.ofSeconds(4));
        crowd.open(ECHOING, Crowd.Kind.of("/echo").from(1, 256).withListener(load));
        crowd.open(DEFLATING, Crowd.Kind.of("/deflate").withHeaders(DEFLATE).from(1, 256));
        Deque<Peer> churning = new ArrayDeque<>();
        for (int i = 0; i < IDLE_IN_ROOMS / ROOMS; i++) {
            for (int room = 0; room < ROOMS; room++) {
                churning.add(crowd.connect(Crowd.Kind.of("/room/r" + room).from(1, 256)));
            }
            Await.pass(Duration.ofMillis(20));
        }
        server.ask("broadcast r " + ROOMS + " 100000000 256 50");
        attack(crowd);

        List<Sample> looks = new ArrayList<>();
        long start = System.nanoTime();
        long nextLook = start;
        while (System.nanoTime() - start < time.toNanos()) {
            churn(crowd, churning);
            if (System.nanoTime() - nextLook > 0) {
                looks.add(new Sample((System.nanoTime() - start) / 3.6e12, server.ask("gc")));
                nextLook = System.nanoTime() + Math.min(60_000_000_000L, time.toNanos() / 20) / LOOKS;
            }
        }
        judge(trial, samples(looks), time);
        trial.atMost("messages lost", load.stop(Duration.ofSeconds(10)), 0, "");
        trial.require(crowd);
        server.ask("broadcast-cancel");
        stopped = true;
        crowd.resetAll();
        Await.pass(Duration.ofSeconds(1));
        crowd.resetAll();
        trial.require(crowd.awaitNone(Duration.ofSeconds(20)), "%d connections stay", crowd.alive());
        trial.backToZero(server, before);
    }

    private volatile boolean stopped;

    private void attack(Crowd crowd) {
        List<Attack> attacks = Attacks.all();
        for (int i = 0; i < BAD; i++) {
            another(crowd, attacks.get(i % attacks.size()));
        }
    }

    private void another(Crowd crowd, Attack attack) {
        if (!stopped) {
            crowd.connect(attack.kind().from(300, 100).withListener(new Peer.Listener() {
                @Override
                public void onOpen(Peer peer) {
                    peer.after(15_000_000_000L, peer::reset);
                    attack.deed().accept(peer);
                }

                @Override
                public void onEnd(Peer peer) {
                    crowd.later(1_000, () -> another(crowd, attack));
                }
            }));
        }
    }

    /** Half of those who go say so. */
    private static void churn(Crowd crowd, Deque<Peer> churning) {
        for (int i = 0; i < CHURN_A_SECOND / 10; i++) {
            Peer leaving = churning.remove();
            if (leaving.open && i % 2 == 0) {
                leaving.close(1000);
            } else {
                leaving.reset();
            }
            churning.add(crowd.connect(
                    Crowd.Kind.of("/room/r" + leaving.index % ROOMS).from(1, 256)));
        }
        Await.pass(Duration.ofMillis(100));
    }

    /** Of every few looks the one that found least on the heap. */
    private static List<Sample> samples(List<Sample> looks) {
        List<Sample> least = new ArrayList<>();
        for (int from = 0; from + LOOKS <= looks.size(); from += LOOKS) {
            least.add(looks.subList(from, from + LOOKS).stream()
                    .min(Comparator.comparingLong(look -> look.figures.get("heap")))
                    .orElseThrow());
        }
        return least;
    }

    private static void judge(Trial trial, List<Sample> all, Duration time) {
        List<Sample> samples = all.subList(all.size() / 4, all.size()); // when what is made once has been made
        trial.figure("%d s, %d samples", time.toSeconds(), samples.size());
        trial.atMost("heap after GC grows", slope(samples, "heap"), 1, " % an hour");
        trial.atMost("RSS grows", slope(samples, "rss"), 2, " % an hour");
        trial.figure("direct memory grows %.2f %% an hour", slope(samples, "direct"));
        for (int quarter = 1; quarter <= 4; quarter++) { // a step is not a leak
            Figures at = all.get(quarter * all.size() / 4 - 1).figures;
            trial.figure(
                    "after %d/4 heap %d KiB, RSS %d KiB, direct %d KiB",
                    quarter, at.get("heap") / 1024, at.get("rss") / 1024, at.get("direct") / 1024);
        }
        long threads = samples.stream()
                .mapToLong(sample -> sample.figures.get("threads"))
                .max()
                .orElse(0);
        trial.require(threads <= samples.get(0).figures.get("threads") + 2, "threads grew to %d", threads);
        long extra = samples.stream()
                .mapToLong(sample -> sample.figures.get("fds") - sample.figures.get("m.connections"))
                .max()
                .orElse(0);
        trial.require(extra < 200, "%d files more than connections", extra);
        Figures last = samples.get(samples.size() - 1).figures;
        trial.figure(
                "heap %d KiB, RSS %d MiB, %d sessions, %d opened",
                last.get("heap") / 1024,
                last.get("rss") >> 20,
                last.get("m.openSessions"),
                last.get("m.openedSessions"));
    }

    /** Of the straight line nearest to the samples, in percent of their mean. */
    private static double slope(List<Sample> samples, String figure) {
        ToDoubleFunction<Sample> value = sample -> sample.figures.get(figure);
        double meanTime = samples.stream().mapToDouble(Sample::hours).average().orElse(0);
        double mean = samples.stream().mapToDouble(value).average().orElse(1);
        double above = samples.stream()
                .mapToDouble(sample -> (sample.hours - meanTime) * (value.applyAsDouble(sample) - mean))
                .sum();
        double below = samples.stream()
                .mapToDouble(sample -> Math.pow(sample.hours - meanTime, 2))
                .sum();
        return 100 * above / below / mean;
    }
}
