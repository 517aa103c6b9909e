package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** R15: handlers that block keep no other session waiting; what comes for them waits, bounded, in order. */
final class BlockingHandlers implements Scenario {

    private static final int SESSIONS = 500;
    private static final int BLOCKED = 50;
    private static final int FLOOD = 1_000;
    private static final int FLOOD_BYTES = 4_096;

    @Override
    public void run(Trial trial) throws Exception {
        Duration block = trial.time(Duration.ofSeconds(30));
        ServerProcess server = trial.server("executor=cached");
        Figures before = server.stats();
        Crowd crowd = trial.crowd(server);
        EchoLoad load = new EchoLoad(128, Duration.ofMillis(200));
        List<Peer> others =
                crowd.open(SESSIONS - BLOCKED, Crowd.Kind.of("/block").withListener(load));
        Await.pass(Duration.ofSeconds(5)); // the compiler's
        Windows calm = Windows.measure(block.dividedBy(2), load::measure, () -> {});

        Flood flood = new Flood();
        List<Peer> blocked = crowd.open(BLOCKED, Crowd.Kind.of("/block").withListener(flood));
        long received = server.stats().get("m.bytesIn");
        long echoed = load.received();
        blocked.forEach(peer -> peer.sendText("block " + block.toMillis()));
        Await.pass(Duration.ofMillis(500));
        blocked.forEach(BlockingHandlers::flood);
        Await.pass(Duration.ofSeconds(2));
        Windows disturbed = Windows.measure(block.dividedBy(2), load::measure, () -> {});
        long held = heldFor(server, received, load, echoed) / BLOCKED;

        trial.figure("undisturbed %s; beside %d blocked ones %s", calm, BLOCKED, disturbed);
        trial.atMost(
                "p99 beside blocked ones over undisturbed", disturbed.over(calm, trial.floorMillis()), 2, " times");
        trial.atMost("taken in for a blocked session", held / 1024.0, 256 + 128, " KiB");
        boolean all =
                Await.until(block.plusSeconds(20), () -> blocked.stream().allMatch(peer -> peer.messages == FLOOD + 1));
        trial.require(
                all,
                "not every message to a blocked session was answered in the end: %s",
                blocked.stream()
                        .filter(peer -> peer.messages != FLOOD + 1)
                        .map(peer -> peer.messages + (peer.open ? " open" : " closed " + peer.closeCode))
                        .toList());
        trial.atMost("others' messages lost", load.stop(), 0, "");
        crowd.reset(others);
        crowd.reset(blocked);
        trial.backToZero(server, before);
        trial.require(crowd);
    }

    private static long heldFor(ServerProcess server, long received, EchoLoad load, long echoed) throws IOException {
        return server.stats().get("m.bytesIn") - received - 128 * (load.received() - echoed);
    }

    private static void flood(Peer peer) {
        for (int i = 0; i < FLOOD; i++) {
            peer.send(Stamped.payload(System.nanoTime(), i, FLOOD_BYTES));
        }
    }

    /** Wants the flood's messages back in order, after the one that blocked. */
    private static final class Flood implements Peer.Listener {
        @Override
        public void onMessage(Peer peer, byte[] payload) {
            if (peer.messages > 1 && Stamped.read(payload).number() != peer.messages - 2) {
                throw new IllegalStateException(
                        "out of order: " + Stamped.read(payload).number());
            }
        }
    }
}
