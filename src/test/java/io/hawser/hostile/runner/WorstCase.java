package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.time.Duration;
import java.util.List;

/** What a peer can make the server hold at worst: a message that does not end, a full queue, compression in use. */
final class WorstCase implements Scenario {

    private static final int PEERS = 100;
    private static final double KIB = 1024;
    private static final int MESSAGE = 64 * 1024;

    @Override
    public void run(Trial trial) throws Exception {
        ServerProcess server = trial.server(
                "heartbeat=off",
                "deflate=yes",
                "limits.writeStallTimeout=10m",
                "server.maxPendingBytes=1000000000",
                "server.maxReceivedBytes=1000000000");
        Crowd crowd = trial.crowd(server);
        Figures before = server.ask("gc");
        List<Peer> peers = crowd.open(
                PEERS,
                Crowd.Kind.of("/numbered/x")
                        .withHeaders("Sec-WebSocket-Extensions: permessage-deflate\r\n")
                        .withReceiveBuffer(4096));
        peers.forEach(Peer::stopReading);
        byte[] part = new byte[MESSAGE - 1];
        peers.forEach(peer -> {
            peer.raw(PeerFrames.header(0x82, MESSAGE));
            peer.raw(part);
        });
        Await.pass(Duration.ofSeconds(2));
        Figures inbound = server.ask("gc");
        trial.require(inbound.get("m.openSessions") == PEERS, "%d sessions are open", inbound.get("m.openSessions"));
        long filled = server.ask("fill 1040000 16384 /numbered/x").get("filled");
        Figures full = server.ask("gc");
        trial.require(filled == PEERS, "only %d queues were filled", filled);
        trial.require(full.get("m.openSessions") == PEERS, "%d sessions are open", full.get("m.openSessions"));
        trial.figure(
                "heap %d and %d, direct %d and %d KiB",
                (inbound.get("heap") - before.get("heap")) / 1024 / PEERS,
                (full.get("heap") - before.get("heap")) / 1024 / PEERS,
                (inbound.get("direct") - before.get("direct")) / 1024 / PEERS,
                (full.get("direct") - before.get("direct")) / 1024 / PEERS);
        trial.atMost("a message of 64 KiB that does not end holds", held(inbound, before), 64 + 2 + 44 + 6, " KiB");
        trial.atMost(
                "with a full queue of 1 MiB, a session holds", held(full, before), 64 + 2 + 44 + 6 + 1024 + 64, " KiB");
        crowd.resetAll();
        trial.backToZero(server, before);
    }

    private static double held(Figures now, Figures before) {
        return (now.get("heap") + now.get("direct") - before.get("heap") - before.get("direct")) / KIB / PEERS;
    }
}
