package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** R6: peers that stop reading with the server's queue full, whether an idle timer fires then or not, hold no file for long. */
final class ZeroWindow implements Scenario {

    private static final int PEERS = 500;
    private static final int GOOD = 50;
    private static final double LIMIT_SECONDS = 11; // writeStallTimeout and one
    private static final int RECEIVE_BUFFER = 4096;

    @Override
    public void run(Trial trial) throws Exception {
        variant(trial, "stalled", "heartbeat=off");
        variant(trial, "stalled and idle", "limits.idleTimeout=4s");
        variant(trial, "stalled and closed by the peer's Close");
    }

    private static void variant(Trial trial, String name, String... settings) throws IOException, InterruptedException {
        ServerProcess server = trial.server(settings);
        Figures before = server.stats();
        Crowd crowd = trial.crowd(server);
        EchoLoad load = new EchoLoad(64, Duration.ofMillis(500));
        List<Peer> good = crowd.open(GOOD, Crowd.Kind.of("/echo").withListener(load));
        List<Peer> stuck = crowd.open(PEERS, Crowd.Kind.of("/numbered/x").withReceiveBuffer(RECEIVE_BUFFER));
        stuck.forEach(Peer::stopReading);
        long filled = server.ask("fill 65536 16384 /numbered/x").get("filled");
        trial.require(filled == PEERS, "%s: only %d queues could be filled", name, filled);
        if (name.endsWith("Close")) {
            stuck.forEach(peer -> peer.close(1000));
        }

        long start = System.nanoTime();
        long[] files = {0};
        boolean closed = Await.until(Duration.ofSeconds(30), () -> {
            Figures now = trial.ask(server, "stats");
            files[0] = now.get("fds");
            return now.get("m.openSessions") == GOOD && files[0] <= before.get("fds") + GOOD + 8;
        });
        trial.atMost(name + ": all closed after", (System.nanoTime() - start) / 1e9, LIMIT_SECONDS, " s");
        trial.require(closed, "%s: %d files are open, %d were before", name, files[0], before.get("fds"));
        trial.require(good.stream().allMatch(peer -> peer.open), "%s: a good session was closed", name);
        trial.atMost("good messages lost", load.stop(), 0, "");
        crowd.reset(good);
        crowd.reset(stuck);
        trial.backToZero(server, before);
        trial.require(crowd);
        crowd.close();
        server.close();
    }
}
