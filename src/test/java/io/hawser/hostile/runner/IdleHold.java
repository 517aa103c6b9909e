package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.time.Duration;
import java.util.List;

/** R1: many idle sessions with heartbeats cost little, and none of them is lost. */
final class IdleHold implements Scenario {

    private static final double KIB = 1024;
    private static final double MIB = 1024 * 1024;

    @Override
    public void run(Trial trial) throws Exception {
        int sessions = trial.isSmall() ? 2_000 : 19_000;
        Duration hold = trial.time(trial.isSmall() ? Duration.ofSeconds(60) : Duration.ofMinutes(30));
        ServerProcess server = trial.server();
        Crowd crowd = trial.crowd(server);
        Figures before = server.ask("gc");

        List<Peer> peers = crowd.open(sessions, Crowd.Kind.of("/idle").from(1, 256));
        trial.require(crowd.open() == sessions, "%d of %d sessions opened", crowd.open(), sessions);
        Figures held = server.ask("gc");
        double perSession = (held.get("heap") - before.get("heap")) / KIB / sessions;

        long start = System.nanoTime();
        Figures first = server.stats();
        long rss = first.get("rss");
        while (System.nanoTime() - start < hold.toNanos()) {
            Await.pass(Duration.ofSeconds(5));
            rss = Math.max(rss, server.stats().get("rss"));
        }
        Figures last = server.stats();
        double cpu = 100.0 * (last.get("cpu") - first.get("cpu")) / (System.nanoTime() - start);
        Figures collected = server.ask("gc");
        perSession = Math.max(perSession, (collected.get("heap") - before.get("heap")) / KIB / sessions);

        trial.figure("%d sessions, %d s", sessions, hold.toSeconds());
        trial.atMost("unexpected closes", sessions - crowd.open(), 0, "");
        trial.require(last.get("m.openSessions") == sessions, "the server has %d", last.get("m.openSessions"));
        trial.atMost("heap a session", perSession, 6, " KiB");
        trial.atMost("RSS", rss / MIB, 400, " MiB");
        trial.atMost("CPU", cpu, 5, " % of a core");
        long pinged = peers.stream().filter(peer -> peer.pings > 0).count();
        trial.figure(
                "%d pinged, most often %d times",
                pinged, peers.stream().mapToInt(peer -> peer.pings).max().orElse(0));
        trial.require(hold.toSeconds() < 45 || pinged == sessions, "only %d were pinged", pinged);

        crowd.reset(peers);
        trial.backToZero(server, before);
        trial.require(crowd);
    }
}
