package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import io.hawser.testing.Throwing;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** R14: a program whose every callback throws loses those sessions with 1011, and nothing else. */
final class ThrowingCallbacks implements Scenario {

    private static final int GOOD = 50;
    private static final int LOG_LINES_A_SECOND = 10;

    @Override
    public void run(Trial trial) throws Exception {
        int each = trial.isSmall() ? 2_000 : 50_000;
        // The small stack makes an overflow cheap: nearly all its time goes into filling it.
        ServerProcess server = trial.server(List.of(), List.of("-Xss256k", "-XX:MaxJavaStackTraceDepth=64"));
        Figures before = server.stats();
        Crowd crowd = trial.crowd(server);
        EchoLoad load = new EchoLoad(128, Duration.ofMillis(200));
        List<Peer> good = crowd.open(GOOD, Crowd.Kind.of("/echo").withListener(load));
        long start = System.nanoTime();
        int sessions = 0;
        for (String hook : Throwing.HOOKS) {
            for (String kind : Throwing.KINDS) {
                boolean isOverflow = kind.equals("overflow"); // costly: a tenth of the others
                sessions += throwing(trial, crowd, hook, kind, isOverflow ? each / 10 : each);
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long lines = logEvents(server);
        trial.figure("%d sessions in %d s", sessions, Math.round(seconds));
        trial.atMost("log lines a second", lines / Math.ceil(seconds + 1), LOG_LINES_A_SECOND, "");
        trial.atMost("good messages lost", load.stop(), 0, "");
        trial.require(good.stream().allMatch(peer -> peer.open), "a good session was closed");
        Map<String, Long> closes = new TreeMap<>(server.stats().values());
        closes.keySet().removeIf(name -> !name.startsWith("m.closedSessions."));
        trial.figure("closed by code %s", closes);
        crowd.reset(good);
        trial.require(crowd.awaitNone(Duration.ofSeconds(10)), "%d connections stay", crowd.alive());
        trial.backToZero(server, before);
        trial.require(crowd);
    }

    private static int throwing(Trial trial, Crowd crowd, String hook, String kind, int count) {
        Map<Integer, Integer> codes = new ConcurrentHashMap<>();
        Peer.Listener listener = new Peer.Listener() {
            @Override
            public void onOpen(Peer peer) {
                switch (hook) {
                    case "text", "writable", "error" -> peer.sendText("now");
                    case "binary" -> peer.send(new byte[] {1});
                    case "pong" -> peer.pong();
                    case "close" -> peer.close(1000);
                    default -> {}
                }
            }

            @Override
            public void onEnd(Peer peer) {
                codes.merge(peer.closeCode, 1, Integer::sum);
            }
        };
        Crowd.Kind one = Crowd.Kind.of(Throwing.path(hook, kind)).from(1, 256).withListener(listener);
        for (int done = 0; done < count; done += 1_000) {
            List<Peer> batch = crowd.open(Math.min(1_000, count - done), 500, one);
            Await.until(Duration.ofSeconds(10), () -> batch.stream().allMatch(peer -> peer.end != Peer.End.NONE));
        }
        int wanted = hook.equals("close") ? 1000 : 1011;
        trial.require(
                codes.equals(Map.of(wanted, count)), "%s in on%s: Close codes %s, not %d", kind, hook, codes, wanted);
        return count;
    }

    /** Lines that begin with a time: those of a stack trace belong to their event. */
    private static long logEvents(ServerProcess server) throws IOException {
        try (Stream<String> lines = Files.lines(server.log())) {
            return lines.filter(line -> line.matches("\\d\\d:\\d\\d:\\d\\d.*")).count();
        }
    }
}
