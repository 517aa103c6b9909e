package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.time.Duration;
import java.util.List;

/** R5: clients whose network is gone without a word are found by the heartbeat, each once, and nobody else suffers. */
final class DeadLink implements Scenario {

    private static final int DEAD = 2_000;
    private static final int OTHERS = 5_000;
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration PONG = Duration.ofSeconds(10);

    @Override
    public void run(Trial trial) throws Exception {
        String heartbeat = INTERVAL.toSeconds() + "s/" + PONG.toSeconds() + "s";
        ServerProcess server = trial.server(
                "127.0.0.1",
                new ServerProcess.Launch(List.of(), List.of(), List.of("heartbeat=" + heartbeat, "address=0.0.0.0")));
        Figures before = server.stats();
        Crowd crowd = trial.crowd(server);
        EchoLoad load = new EchoLoad(64, Duration.ofSeconds(10));
        List<Peer> others =
                crowd.open(OTHERS, Crowd.Kind.of("/once").from(1, 256).withListener(load));
        OtherNetwork network = trial.closing(
                new OtherNetwork(server.address().getPort(), trial.directory().resolve("clients.log")));
        long opened = network.ask("open " + DEAD + " /once 1h 64").get("open");
        trial.require(opened == DEAD, "%d of %d opened from the other network", opened, DEAD);
        Await.pass(Duration.ofSeconds(5));

        network.unplug();
        long start = System.nanoTime();
        boolean found = Await.until(
                INTERVAL.plus(PONG).plusSeconds(20),
                () -> trial.ask(server, "stats").get("m.openSessions") == OTHERS);
        double seconds = (System.nanoTime() - start) / 1e9;
        Figures after = server.stats();
        trial.require(found, "%d sessions are open, not %d", after.get("m.openSessions"), OTHERS);
        trial.atMost("all dead ones found after", seconds, INTERVAL.plus(PONG).toSeconds() + 1, " s");
        trial.figure("%d closed 1006, %d told", after.get("m.closedSessions.1006"), after.get("closes"));
        trial.require(
                after.get("m.closedSessions.1006") - before.get("m.closedSessions.1006") == DEAD
                        && after.get("closes") - before.get("closes") == DEAD
                        && after.get("closedTwice") == 0,
                "not each was told once with 1006");
        trial.atMost("others' messages lost", load.stop(), 0, "");
        trial.require(crowd.open() == OTHERS, "%d of %d others are left", crowd.open(), OTHERS);
        crowd.reset(others);
        trial.backToZero(server, before);
        trial.require(crowd);
    }
}
