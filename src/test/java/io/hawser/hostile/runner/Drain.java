package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * R8: SIGTERM with messages queued for every session. Nobody new comes in; who reads gets all that was accepted, once and in order,
 * and then Close 1001; who does not is reset at the deadline and counted.
 */
final class Drain implements Scenario {

    private static final int SLOW = 100;
    private static final int STUCK = 10;
    private static final int QUEUED = 4;
    private static final int MORE_FOR_FAST_AND_SLOW = 36;
    private static final int FAST = 100;
    private static final int SIZE_BYTES = 8 * 1024;
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @Override
    public void run(Trial trial) throws Exception {
        int sessions = trial.isSmall() ? 500 : 10_000;
        Path accepted = trial.directory().resolve("accepted");
        ServerProcess server = trial.server(
                "accepted=" + accepted, "drain=" + DEADLINE.toSeconds() + "s", "limits.writeStallTimeout=30s");
        Crowd crowd = trial.crowd(server);
        Received received = new Received();
        Map<String, Peer> peers = new HashMap<>();
        List<Peer> stuck = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            boolean isSlow = i >= FAST && i < FAST + SLOW;
            boolean isStuck = i >= FAST + SLOW && i < FAST + SLOW + STUCK;
            String name = (i < FAST ? "fast" : isSlow ? "slow" : isStuck ? "stuck" : "other") + i;
            Crowd.Kind kind = Crowd.Kind.of("/numbered/" + name).from(1, 256).withListener(received);
            Peer peer = crowd.connect(isSlow || isStuck ? kind.withReceiveBuffer(4096) : kind);
            peers.put(name, peer);
            if (isStuck) {
                stuck.add(peer);
            }
        }
        trial.require(
                Await.until(Duration.ofSeconds(60), () -> crowd.open() == sessions),
                "%d of %d opened",
                crowd.open(),
                sessions);
        peers.forEach((name, peer) -> {
            if (name.startsWith("slow")) {
                peer.readSlowly(20); // 4 KiB each time: 200 KiB a second
            }
        });
        stuck.forEach(Peer::stopReading);
        server.ask("fill 262144 16384 /numbered/stuck");
        server.ask("numbered " + QUEUED + " " + SIZE_BYTES);
        long queued = server.ask("numbered " + MORE_FOR_FAST_AND_SLOW + " " + SIZE_BYTES + " fast,slow")
                .get("m.pendingBytes");

        long start = System.nanoTime();
        Prober prober = new Prober(server.address());
        Thread probing = new Thread(prober, "prober");
        probing.start();
        Figures drained = server.terminate(DEADLINE.plusSeconds(20));
        int status = server.exitStatus(Duration.ofSeconds(5));
        double seconds = (System.nanoTime() - start) / 1e9;
        probing.interrupt();
        probing.join();
        Await.until(
                Duration.ofSeconds(5),
                () -> peers.entrySet().stream()
                        .allMatch(peer -> peer.getKey().startsWith("stuck") || peer.getValue().end != Peer.End.NONE));

        trial.figure("%d sessions, %d KiB pending at SIGTERM", sessions, queued / 1024);
        judge(trial, Files.readAllLines(accepted), peers);
        trial.require(status == 0, "exit status %d", status);
        trial.atMost("ended after", seconds, DEADLINE.toSeconds() + 2, " s");
        trial.require(
                drained.get("forced") == STUCK && drained.get("closed") == sessions - STUCK,
                "the report says %d closed, %d forced",
                drained.get("closed"),
                drained.get("forced"));
        trial.figure("report: %d closed, %d forced", drained.get("closed"), drained.get("forced"));
        trial.require(prober.accepted == 0, "%d new connections got a session while it drained", prober.accepted);
        trial.figure("%d attempts to connect meanwhile, %d refused", prober.tried, prober.refused);
        stuck.forEach(Peer::startReading);
        Await.until(Duration.ofSeconds(5), () -> stuck.stream().allMatch(peer -> peer.end != Peer.End.NONE));
        long reset = stuck.stream().filter(peer -> peer.end == Peer.End.RESET).count();
        trial.require(reset == STUCK, "%d of %d stuck ones were reset", reset, STUCK);
        trial.require(drained.get("leaks") == 0 && drained.get("uncaught") == 0, "leaks or uncaught exceptions");
        trial.require(crowd);
        trial.requireCleanLog();
    }

    private static void judge(Trial trial, List<String> accepted, Map<String, Peer> peers) {
        long messages = 0;
        long incomplete = 0;
        long withoutClose = 0;
        for (String line : accepted) {
            String[] words = line.split(" ");
            Peer peer = peers.get(words[0]);
            if (!words[0].startsWith("stuck")) {
                messages += Long.parseLong(words[1]);
                incomplete += peer.messages == Long.parseLong(words[1]) ? 0 : 1;
                withoutClose += peer.closeCode == 1001 && peer.end == Peer.End.FIN ? 0 : 1;
            }
        }
        trial.figure("%d messages accepted before", messages);
        trial.atMost("readers without all of them", incomplete, 0, "");
        trial.atMost("readers without Close 1001 and FIN", withoutClose, 0, "");
        trial.require(accepted.size() == peers.size(), "the server knew %d sessions", accepted.size());
    }

    /** Wants numbers from 0 on without a gap or a repetition. */
    private static final class Received implements Peer.Listener {
        @Override
        public void onMessage(Peer peer, byte[] payload) {
            if (Stamped.read(payload).number() != peer.messages - 1) {
                throw new IllegalStateException(
                        "message " + Stamped.read(payload).number() + " after " + (peer.messages - 1));
            }
        }
    }

    /** Tries to come in again and again. */
    private static final class Prober implements Runnable {
        private final InetSocketAddress address;
        volatile int tried;
        volatile int refused;
        volatile int accepted;

        Prober(InetSocketAddress address) {
            this.address = address;
        }

        @Override
        public void run() {
            Await.pass(Duration.ofMillis(300)); // the signal's way
            while (!Thread.interrupted()) {
                tried++;
                try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                    socket.setSoTimeout(2_000);
                    socket.getOutputStream().write(Peer.request("/idle", "").getBytes());
                    byte[] answer = socket.getInputStream().readNBytes(12);
                    accepted += new String(answer).endsWith("101") ? 1 : 0;
                    refused += new String(answer).endsWith("101") ? 0 : 1;
                } catch (IOException e) {
                    refused++;
                }
                java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
            }
        }
    }
}
