package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.time.Duration;
import java.util.List;

/** R7: whatever a network does to packets, messages come whole, once and in order. */
final class LossyLink implements Scenario {

    private static final int SESSIONS = 200;
    private static final int LOSS_PERCENT = 30;

    @Override
    public void run(Trial trial) throws Exception {
        Duration time = trial.time(Duration.ofMinutes(10));
        // With half of all round trips lost TCP waits long: that is not what shall end a session here.
        ServerProcess server = trial.server(
                "127.0.0.1",
                new ServerProcess.Launch(
                        List.of(),
                        List.of(),
                        List.of(
                                "heartbeat=off",
                                "address=0.0.0.0",
                                "limits.writeStallTimeout=60m",
                                "limits.messageTimeout=60m")));
        Figures before = server.stats();
        OtherNetwork network = trial.closing(
                new OtherNetwork(server.address().getPort(), trial.directory().resolve("clients.log")));
        long lossy = network.ask("open " + SESSIONS + " /echo 1s 2048").get("open");
        network.lose(LOSS_PERCENT);

        FaultProxy proxy = trial.closing(new FaultProxy(server.address()));
        Crowd crowd = trial.crowd(proxy.address(), null);
        EchoLoad load = new EchoLoad(2_048, Duration.ofSeconds(1));
        List<Peer> peers = crowd.open(SESSIONS, Crowd.Kind.of("/deflate").withListener(load));
        Latencies latencies = load.measure();
        Await.pass(time);
        long during = network.ask("stats").get("received");
        network.loseNothing();
        Figures other = network.ask("stop 300s");
        long lost = load.stop(Duration.ofSeconds(120));

        trial.figure(
                "%d sessions, %d %% loss both ways, %d s: %d messages", lossy, LOSS_PERCENT, time.toSeconds(), during);
        trial.atMost("corrupted or out of order", other.get("complaints"), 0, "");
        trial.atMost("missing", other.get("lost"), 0, "");
        trial.require(other.get("open") == SESSIONS, "%d of %d sessions are left", other.get("open"), SESSIONS);
        trial.figure("%d sessions by the slicing proxy: %d messages, %s", peers.size(), load.received(), latencies);
        trial.atMost("missing by the proxy", lost, 0, "");
        trial.require(crowd.open() == SESSIONS, "%d of %d sessions by the proxy are left", crowd.open(), SESSIONS);
        trial.require(crowd);
        crowd.resetAll();
        proxy.close();
        network.close();
        trial.require(server.isAlive() && server.stats().get("uncaught") == 0, "the server suffered");
        trial.require(before.get("ioThreads") <= server.stats().get("ioThreads"), "an event loop died");
        trial.requireCleanLog();
    }
}
