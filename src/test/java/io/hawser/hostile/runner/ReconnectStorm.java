package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** R2: all sessions are reset at once and all come back, again and again. */
final class ReconnectStorm implements Scenario {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int ROOMS = 100;

    @Override
    public void run(Trial trial) throws Exception {
        int sessions = trial.isSmall() ? 2_000 : 19_000;
        int rounds = trial.isSmall() ? 3 : 10;
        ServerProcess server = trial.server();
        Crowd crowd = trial.crowd(server);
        Figures before = server.ask("gc");
        List<Double> seconds = new ArrayList<>();
        List<Long> heaps = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            long start = System.nanoTime();
            List<Peer> peers = storm(crowd, sessions);
            boolean all = Await.until(LIMIT, () -> crowd.open() == sessions);
            seconds.add((System.nanoTime() - start) / 1e9);
            trial.require(all, "round %d: %d of %d came back", round, crowd.open(), sessions);
            heaps.add(server.ask("gc").get("heap"));
            long open = server.stats().get("m.openSessions");
            trial.require(open == sessions, "round %d: the server has %d sessions", round, open);

            crowd.reset(peers);
            trial.require(crowd.awaitNone(LIMIT), "the clients could not be reset");
            trial.backToZero(server, before);
        }
        double slowest = seconds.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        trial.figure(
                "%d sessions, %d rounds of %s s",
                sessions, rounds, seconds.stream().map("%.1f"::formatted).toList());
        trial.atMost("slowest round", slowest, LIMIT.toSeconds(), " s");
        double second = heaps.get(1);
        double drift = heaps.stream()
                .skip(1)
                .mapToDouble(heap -> 100 * (heap - second) / second)
                .max()
                .orElse(0);
        trial.atMost("heap's drift from round 2", drift, 5, " %");
        trial.require(crowd);
    }

    /** Who is refused, or cut, tries again, as a real client does. */
    static List<Peer> storm(Crowd crowd, int sessions) {
        List<Peer> peers = new ArrayList<>(sessions);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (crowd.open() < sessions && System.nanoTime() - deadline < 0) {
            Crowd.Kind kind = Crowd.Kind.of("/room/r").from(1, 256);
            for (int room = 0; room < ROOMS; room++) {
                int missing = (sessions - crowd.open()) / (ROOMS - room);
                peers.addAll(crowd.open(missing, 2_000, kind.withPath("/room/r" + room)));
            }
        }
        return peers;
    }
}
