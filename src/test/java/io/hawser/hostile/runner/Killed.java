package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** R9: SIGKILL under load: the next server on that port has everybody back in the time of a reconnect storm. */
final class Killed implements Scenario {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Override
    public void run(Trial trial) throws Exception {
        int sessions = trial.isSmall() ? 2_000 : 18_000;
        int rounds = 3;
        ServerProcess server = trial.server();
        String port = "port=" + server.address().getPort();
        Crowd crowd = trial.crowd(server);
        double slowest = 0;
        for (int round = 0; round < rounds; round++) {
            ReconnectStorm.storm(crowd, sessions);
            EchoLoad load = new EchoLoad(256, Duration.ofMillis(500));
            List<Peer> busy =
                    crowd.open(500, Crowd.Kind.of("/echo").from(1, 256).withListener(load));
            Await.pass(Duration.ofSeconds(3));
            server.kill();
            long start = System.nanoTime();
            trial.require(server.exitStatus(Duration.ofSeconds(5)) == 137, "it did not die by the signal");
            Await.until(Duration.ofSeconds(10), () -> crowd.alive() == 0);
            trial.require(busy.stream().noneMatch(peer -> peer.end == Peer.End.NONE), "a client did not notice");
            server = trial.server(port);
            ReconnectStorm.storm(crowd, sessions);
            boolean all = Await.until(LIMIT, () -> crowd.open() == sessions);
            slowest = Math.max(slowest, (System.nanoTime() - start) / 1e9);
            trial.require(all, "%d of %d came back", crowd.open(), sessions);
            crowd.resetAll();
            crowd.awaitNone(Duration.ofSeconds(10));
        }
        trial.figure("%d sessions, %d times", sessions, rounds);
        trial.atMost("all back, the JVM's start included, after", slowest, LIMIT.toSeconds(), " s");
        trial.require(crowd);
        trial.backToZero(server, new Figures(Map.of("fds", 200L)));
    }
}
