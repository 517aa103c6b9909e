package io.hawser.hostile.runner;

import java.io.IOException;
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
        Latencies calm = ordered.measure();
        Await.pass(trial.isSmall() ? time.dividedBy(2) : Duration.ofSeconds(60));

        Latencies disturbed = ordered.measure();
        for (int room = 0; room < rooms; room++) {
            crowd.open(
                            SLOW_IN_ROOM,
                            Crowd.Kind.of("/room/r" + room).from(1, 256).withReceiveBuffer(4096))
                    .forEach(Peer::stopReading);
        }
        Watch watch = new Watch(server, before, good);
        watch.during(time);
        long perRoom = server.ask("broadcast-cancel").get("broadcasts") / rooms;
        Await.until(Duration.ofSeconds(10), () -> ordered.complete(perRoom) == good);

        trial.figure("%d sessions, %d of them never read, %d s", good + slow, slow, time.toSeconds());
        trial.figure("undisturbed %s; beside slow readers %s", calm, disturbed);
        trial.atMost("p99 over undisturbed", BlockingHandlers.ratio(disturbed, calm), 2, " times");
        trial.atMost("memory", watch.memory / MIB, slow + 64, " MiB");
        trial.atMost("from meeting a limit to the end", watch.longestEnding / 1e9, 2, " s");
        trial.figure("limits met %s", watch.limits);
        trial.require(watch.ended == slow, "%d of %d slow readers were closed", watch.ended, slow);
        trial.require(ordered.complete(perRoom) == good, "%d of %d have all", ordered.complete(perRoom), good);
        trial.require(crowd);
        crowd.resetAll();
        trial.backToZero(server, before);
    }

    /** Looks at the server while slow readers fill their queues. */
    private static final class Watch {
        private final ServerProcess server;
        private final Figures before;
        private final long good;
        private final java.util.ArrayDeque<Long> met = new java.util.ArrayDeque<>();
        private long metBefore;
        private boolean collected;
        long memory;
        long longestEnding;
        long ended;
        String limits = "";

        Watch(ServerProcess server, Figures before, long good) throws IOException {
            this.server = server;
            this.before = before;
            this.good = good;
        }

        void during(Duration time) throws IOException {
            long end = System.nanoTime() + time.toNanos();
            long most = server.stats().get("m.openSessions");
            while (System.nanoTime() - end < 0) {
                Await.pass(Duration.ofMillis(100));
                look(server.stats(), most);
            }
        }

        private void look(Figures now, long most) throws IOException {
            long pending = now.get("m.pendingBytes");
            memory = Math.max(memory, pending + now.get("direct") - before.get("direct"));
            if (!collected && pending > 8 * MIB) {
                collected = true; // once, when there is something to see
                Figures clean = server.ask("gc");
                memory = Math.max(
                        memory, clean.get("heap") - before.get("heap") + clean.get("direct") - before.get("direct"));
            }
            long hit = now.get("m.limitsHit.maxPendingBytes");
            for (; metBefore < hit; metBefore++) {
                met.add(System.nanoTime());
            }
            long endedNow = Math.max(ended, most - now.get("m.openSessions"));
            for (; ended < endedNow && !met.isEmpty(); ended++) {
                longestEnding = Math.max(longestEnding, System.nanoTime() - met.remove());
            }
            ended = endedNow;
            limits = now.values().entrySet().stream()
                    .filter(figure -> figure.getKey().startsWith("m.limitsHit."))
                    .toList()
                    .toString();
        }
    }
}
