package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** One member of a room never reads while the others send 32 KB messages to it: they go on as if he was not there. */
final class StuckReader implements Scenario {

    private static final int MEMBERS = 20;
    private static final int SIZE_BYTES = 32 * 1024;
    private static final long INTERVAL_NANOS = 200_000_000;
    private static final double MIB = 1024 * 1024;

    @Override
    public void run(Trial trial) throws Exception {
        Duration time = trial.time(Duration.ofSeconds(20));
        ServerProcess server = trial.server(List.of(), List.of("-Xmx300m"));
        Figures before = server.ask("gc");
        Crowd crowd = trial.crowd(server);
        Members members = new Members();
        List<Peer> all = crowd.open(MEMBERS, Crowd.Kind.of("/chat/lobby").withListener(members));
        members.start(all);
        Await.pass(Duration.ofSeconds(8)); // the compiler's
        Windows calm = Windows.measure(time, members.meter::measure, () -> trial.ask(server, "stats"));

        long start = System.nanoTime();
        Peer stuck = crowd.open(1, Crowd.Kind.of("/chat/lobby").withReceiveBuffer(4096))
                .get(0);
        stuck.stopReading();
        long[] most = {0};
        long[] closedAt = {0};
        Windows disturbed = Windows.measure(time, members.meter::measure, () -> {
            Figures now = trial.ask(server, "stats");
            most[0] = Math.max(most[0], now.get("m.pendingBytes"));
            if (closedAt[0] == 0 && now.get("m.openSessions") == MEMBERS) {
                closedAt[0] = System.nanoTime();
            }
        });
        long missing = members.stop();

        Figures after = server.ask("gc");
        trial.figure("undisturbed %s; beside the stuck one %s", calm, disturbed);
        trial.atMost("p99 over undisturbed", disturbed.over(calm, trial.floorMillis()), 2, " times");
        trial.require(closedAt[0] != 0, "the stuck one is still there");
        trial.figure("closed after %.1f s", Math.max(0, closedAt[0] - start) / 1e9);
        trial.atMost("pending at most", most[0] / MIB, 1 + MEMBERS * 0.1, " MiB");
        trial.atMost("heap's growth", Math.max(0, (after.get("heap") - before.get("heap")) / MIB), 8, " MiB");
        trial.atMost("messages missing", missing, 0, "");
        trial.require(
                after.get("m.closedSessions.1008") == 1, "closed by code 1008: %d", after.get("m.closedSessions.1008"));
        trial.require(
                after.get("m.limitsHit.maxPendingBytes") == 1,
                "the counter of the limit says %d",
                after.get("m.limitsHit.maxPendingBytes"));
        trial.require(all.stream().allMatch(peer -> peer.open), "another member was closed");
        trial.require(crowd);
        crowd.resetAll();
        trial.backToZero(server, before);
    }

    /** Each sends to all others, five times a second; the number says who it was and how often. */
    private static final class Members implements Peer.Listener {
        private static final long SENDER = 1_000_000_000L;

        private final long[][] next = new long[MEMBERS][MEMBERS];
        private final AtomicLong sent = new AtomicLong();
        final Meter meter = new Meter();
        private volatile boolean stopped;

        void start(List<Peer> members) {
            int first = members.get(0).index;
            members.forEach(peer -> {
                peer.mark = peer.index - first;
                long due = System.nanoTime() + peer.mark * INTERVAL_NANOS / MEMBERS;
                peer.after(due - System.nanoTime(), () -> send(peer, due, 0));
            });
        }

        private void send(Peer peer, long due, long number) {
            if (!stopped) {
                peer.send(Stamped.payload(due, peer.mark * SENDER + number, SIZE_BYTES));
                sent.incrementAndGet();
                peer.after(
                        Math.max(0, due + INTERVAL_NANOS - System.nanoTime()),
                        () -> send(peer, due + INTERVAL_NANOS, number + 1));
            }
        }

        @Override
        public void onMessage(Peer peer, byte[] payload) {
            Stamped stamped = Stamped.read(payload);
            int sender = (int) (stamped.number() / SENDER);
            long number = stamped.number() % SENDER;
            long[] due = next[(int) peer.mark];
            if (number != due[sender]++) {
                throw new IllegalStateException("message " + number + " of " + sender + " came out of order");
            }
            meter.received(stamped);
        }

        long stop() {
            stopped = true;
            Await.until(Duration.ofSeconds(5), () -> meter.received() == sent.get() * (MEMBERS - 1));
            return sent.get() * (MEMBERS - 1) - meter.received();
        }
    }
}
