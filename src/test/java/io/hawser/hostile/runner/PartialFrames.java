package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** R11: thousands of messages that begin and do not end, with little direct memory: only their senders suffer. */
final class PartialFrames implements Scenario {

    private static final int OFFENDERS = 5_000;
    private static final int GOOD = 200;
    private static final int DECLARED = 64 * 1024;
    private static final int SENT = 60_000;
    private static final double MIB = 1024 * 1024;

    @Override
    public void run(Trial trial) throws Exception {
        ServerProcess server = trial.server(List.of(), List.of("-XX:MaxDirectMemorySize=64m"));
        Figures before = server.stats();
        Crowd crowd = trial.crowd(server);
        EchoLoad load = new EchoLoad(1_024, Duration.ofMillis(500));
        List<Peer> good = crowd.open(GOOD, Crowd.Kind.of("/echo").from(300, 100).withListener(load));
        storm(trial, server, crowd, good); // the pool grows to what the storm needs
        Await.pass(Duration.ofSeconds(5));
        Windows calm = Windows.measure(Duration.ofSeconds(10), load::measure, () -> {});
        Figures quiet = server.ask("gc");

        Latencies stormy = load.measure();
        long most = storm(trial, server, crowd, good);
        Await.pass(Duration.ofSeconds(5));
        Windows recovered = Windows.measure(Duration.ofSeconds(10), load::measure, () -> {});
        Figures after = server.ask("gc");

        trial.figure(
                "%d partial frames of %d bytes; good ones undisturbed %s, meanwhile %s", OFFENDERS, SENT, calm, stormy);
        trial.atMost("p99 5 s after over undisturbed", recovered.over(calm, trial.floorMillis()), 2, " times");
        trial.figure("received and held at most %.1f MiB", most / MIB);
        double change = 100.0 * (after.get("direct") - quiet.get("direct")) / quiet.get("direct");
        trial.atMost("direct memory's change", Math.abs(change), 5, " %");
        trial.atMost("good messages lost", load.stop(), 0, "");
        trial.require(good.stream().allMatch(peer -> peer.open), "a good session was closed");
        Map<String, Long> closed = new TreeMap<>(after.values());
        closed.keySet().removeIf(name -> !name.startsWith("m.closedSessions.") && !name.startsWith("m.limitsHit."));
        trial.figure("closed %s", closed);
        crowd.reset(good);
        trial.backToZero(server, before);
        trial.require(crowd);
    }

    private static long storm(Trial trial, ServerProcess server, Crowd crowd, List<Peer> good) {
        byte[] head = PeerFrames.header(0x82, DECLARED);
        byte[] part = new byte[SENT];
        Peer.Listener offender = new Peer.Listener() {
            @Override
            public void onOpen(Peer peer) {
                peer.raw(head);
                peer.raw(part);
            }
        };
        List<Peer> offenders =
                crowd.open(OFFENDERS, 500, Crowd.Kind.of("/echo").from(1, 256).withListener(offender));
        long[] most = {0};
        Await.until(Duration.ofSeconds(5), () -> {
            most[0] = Math.max(most[0], trial.ask(server, "stats").get("m.receivedBytes"));
            return false;
        });
        trial.require(good.stream().allMatch(peer -> peer.open), "a good session was closed in the storm");
        boolean rightCodes = offenders.stream()
                .allMatch(peer -> peer.closeCode == 0 || peer.closeCode == 1008 || peer.closeCode == 1009);
        trial.require(rightCodes, "an offender got another code than 1008 and 1009");
        crowd.reset(offenders);
        Await.until(Duration.ofSeconds(10), () -> crowd.alive() == GOOD);
        return most[0];
    }
}
