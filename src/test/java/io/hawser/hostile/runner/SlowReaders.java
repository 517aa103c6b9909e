package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.time.Duration;

/**
 * R4: who does not read costs his cap and no more, and nobody else a message. 1,000 messages of 1 KiB a second go to rooms of 50 in
 * turn, a tenth of whose members never read: 50,000 deliveries a second, about half of what two cores can make, send and check.
 */
final class SlowReaders implements Scenario {

    private static final int ROOM_SIZE = 50;
    private static final int SLOW_IN_ROOM = 5;
    private static final int RATE = 1_000;
    private static final int SIZE_BYTES = 1_024;
    private static final double MIB = 1024 * 1024;

    @Override
    public void run(Trial trial) throws Exception {
        int rooms = trial.isSmall() ? 4 : 100;
        int good = rooms * (ROOM_SIZE - SLOW_IN_ROOM);
        int slow = rooms * SLOW_IN_ROOM;
        Duration time = trial.time(trial.isSmall() ? Duration.ofSeconds(20) : Duration.ofMinutes(5));
        // Neither a stall nor silence shall end them first: the cap shall.
        ServerProcess server = trial.server("heartbeat=off", "limits.writeStallTimeout=20m");
        Figures before = server.ask("gc");
        Crowd crowd = trial.crowd(server);
        Ordered ordered = new Ordered();
        for (int room = 0; room < rooms; room++) {
            crowd.open(
                    ROOM_SIZE - SLOW_IN_ROOM,
                    Crowd.Kind.of("/room/r" + room).from(1, 256).withListener(ordered));
        }
        server.ask("broadcast r " + rooms + " 100000000 " + SIZE_BYTES + " " + RATE);
        Await.pass(Duration.ofSeconds(8)); // the compiler's
        Watch watch = new Watch(trial, server, before);
        Windows calm = Windows.measure( // watched as it will be later: that costs something too
                trial.isSmall() ? time.dividedBy(2) : Duration.ofSeconds(60), ordered::measure, watch::look);

        Unread unread = new Unread(crowd);
        for (int room = 0; room < rooms; room++) {
            for (int i = 0; i < SLOW_IN_ROOM; i++) {
                unread.another("/room/r" + room);
            }
        }
        Windows disturbed = Windows.measure(time, ordered::measure, watch::look);
        unread.stopped = true;
        long perRoom = server.ask("broadcast-cancel").get("broadcasts") / rooms;
        Await.until(Duration.ofSeconds(10), () -> ordered.complete(perRoom) == good);

        trial.figure("%d sessions, %d of them never read, %d s", good + slow, slow, time.toSeconds());
        trial.figure("undisturbed %s; beside slow readers %s", calm, disturbed);
        trial.atMost("p99 over undisturbed", disturbed.over(calm, trial.floorMillis()), 2, " times");
        trial.atMost("memory", watch.memory / MIB, slow + 64, " MiB");
        trial.atMost("from meeting a limit to the end", watch.longestEnding / 1e3, 2, " s");
        trial.figure("limits met %s", watch.limits);
        trial.figure("%d closed, each followed by another", watch.closed);
        trial.require(watch.closed >= slow / 2, "only %d slow readers were closed", watch.closed);
        trial.require(ordered.complete(perRoom) == good, "%d of %d have all", ordered.complete(perRoom), good);
        trial.require(crowd);
        crowd.resetAll();
        trial.backToZero(server, before);
    }

    /** Sessions that do not read; who is closed is followed by another. */
    private static final class Unread {
        private final Crowd crowd;
        volatile boolean stopped;

        Unread(Crowd crowd) {
            this.crowd = crowd;
        }

        void another(String path) {
            if (!stopped) {
                crowd.connect(Crowd.Kind.of(path)
                        .from(1, 256)
                        .withReceiveBuffer(4096)
                        .withListener(new Peer.Listener() {
                            @Override
                            public void onOpen(Peer peer) {
                                peer.stopReading();
                            }

                            @Override
                            public void onEnd(Peer peer) {
                                crowd.later(1_000, () -> another(path));
                            }
                        }));
            }
        }
    }

    /** Looks at the server while slow readers fill their queues. */
    private static final class Watch {
        private final Trial trial;
        private final ServerProcess server;
        private final Figures before;
        private boolean collected;
        long memory;
        long longestEnding;
        long closed;
        String limits = "";

        Watch(Trial trial, ServerProcess server, Figures before) {
            this.trial = trial;
            this.server = server;
            this.before = before;
        }

        void look() {
            Figures now = trial.ask(server, "stats");
            long pending = now.get("m.pendingBytes");
            memory = Math.max(memory, pending + now.get("direct") - before.get("direct"));
            if (!collected && pending > 8 * MIB) {
                collected = true; // once, when there is something to see
                Figures clean = trial.ask(server, "gc");
                long heap = clean.get("heap") - before.get("heap");
                memory = Math.max(memory, heap + clean.get("direct") - before.get("direct"));
            }
            longestEnding = Math.max(longestEnding, now.get("closingMillis"));
            closed = now.get("m.closedSessions.1008");
            limits = now.values().entrySet().stream()
                    .filter(figure -> figure.getKey().startsWith("m.limitsHit."))
                    .toList()
                    .toString();
        }
    }
}
