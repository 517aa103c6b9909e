package io.hawser.hostile.runner;

import io.hawser.Compression;
import io.hawser.Heartbeat;
import io.hawser.HttpLimits;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.ServerLimits;
import io.hawser.SessionState;
import io.hawser.StopReport;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The server under test, in a process of its own. {@link Settings} come as arguments, commands as lines on standard input; each is
 * answered by one line of {@link Figures}. SIGTERM drains it, writes what it had accepted to the file of the setting
 * {@code accepted}, and ends with status 0.
 */
final class HostileServer {

    private static final int FILL_PASSES = 200;

    private final Settings settings;
    private final HostileEndpoints endpoints = new HostileEndpoints();
    private final WebSocketServer server;
    private final Broadcaster broadcaster;
    private final Map<WebSocketSession, Long> closing = new HashMap<>();
    private final LongAdder uncaught = new LongAdder();

    private HostileServer(Settings settings) {
        this.settings = settings;
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            uncaught.increment();
            System.err.println("UNCAUGHT in " + thread.getName());
            thrown.printStackTrace();
        });
        this.server = describe().build().start();
        this.broadcaster = new Broadcaster(server);
    }

    private WebSocketServerBuilder describe() {
        WebSocketServerBuilder builder = WebSocketServer.builder()
                .address(new InetSocketAddress(
                        settings.get("address", "127.0.0.1"), Integer.parseInt(settings.get("port", "0"))))
                .transport(Transport.valueOf(settings.get("transport", "auto").toUpperCase(Locale.ROOT)))
                .limits(settings.applyTo(Limits.defaults(), "limits"))
                .serverLimits(settings.applyTo(ServerLimits.defaults(), "server"))
                .httpLimits(settings.applyTo(HttpLimits.defaults(), "http"));
        String[] heartbeat = settings.get("heartbeat", "30s/10s").split("/");
        builder.heartbeat(
                heartbeat.length < 2
                        ? Heartbeat.off()
                        : Heartbeat.onSilence(Settings.duration(heartbeat[0]), Settings.duration(heartbeat[1])));
        if (settings.has("threads")) {
            builder.ioThreads(Integer.parseInt(settings.get("threads", "")));
        }
        if (settings.has("deflate")) {
            builder.compression(Compression.on());
        }
        if (settings.has("executor")) {
            builder.handlerExecutor(Executors.newCachedThreadPool());
        }
        if (settings.has("tls")) {
            Path directory = Path.of(settings.get("tls", ""));
            builder.tls(Tls.pem(directory.resolve("certificate.pem"), directory.resolve("key.pem")));
        }
        endpoints.addTo(builder);
        return builder;
    }

    /** The answer to a command. */
    private Figures obey(String command) throws IOException {
        String[] words = command.split(" ");
        Map<String, Long> answer = new TreeMap<>();
        switch (words[0]) {
            case "stats" -> ProcessFigures.addTo(answer);
            case "gc" -> answer.putAll(ProcessFigures.collectGarbage());
            case "broadcast" -> broadcaster.start(words);
            case "broadcast-cancel" -> broadcaster.cancel();
            case "fill" -> answer.put("filled", fill(Long.parseLong(words[1]), Integer.parseInt(words[2]), words[3]));
            case "numbered" -> answer.put("accepted", numbered(words));
            case "stop" -> answer.putAll(stop(Settings.duration(words[1])));
            default -> throw new IllegalArgumentException(command);
        }
        answer.put("leaks", Leaks.areThere() ? 1L : 0L);
        answer.put("uncaught", uncaught.sum());
        endpoints.addTo(answer);
        answer.put("closingMillis", longestClosing());
        broadcaster.addTo(answer);
        ProcessFigures.addTo(answer, server.metrics());
        return new Figures(answer);
    }

    /** Sends to every session of a path until that much is pending for it: what the kernels take does not count. */
    private long fill(long pendingBytes, int sizeBytes, String path) {
        List<WebSocketSession> sessions = server.sessions().stream()
                .filter(session -> session.handshake().path().startsWith(path))
                .toList();
        long full = 0;
        int inARow = 0;
        for (int pass = 0; pass < FILL_PASSES && inARow < 3; pass++) {
            Await.pass(Duration.ofMillis(50)); // for the kernels to take what they take
            full = 0;
            for (WebSocketSession session : sessions) {
                long missing = pendingBytes - session.pendingBytes();
                full += missing <= sizeBytes ? 1 : 0;
                for (; missing > 0 && session.trySend(Message.binary(new byte[sizeBytes])); missing -= sizeBytes) {
                    // the next one
                }
            }
            inARow = full == sessions.size() ? inARow + 1 : 0;
        }
        return full;
    }

    /** {@code numbered COUNT SIZE [PREFIX,PREFIX…]}: that many to each session there whose name begins so. */
    private long numbered(String[] words) {
        int count = Integer.parseInt(words[1]);
        int sizeBytes = Integer.parseInt(words[2]);
        List<String> prefixes = List.of((words.length > 3 ? words[3] : "").split(","));
        long accepted = 0;
        for (WebSocketSession session : server.sessions()) {
            AtomicInteger number = session.attribute(HostileEndpoints.ACCEPTED).orElse(null);
            if (number != null && prefixes.stream().anyMatch(session.handshake().pathParameter("name")::startsWith)) {
                for (int i = 0; i < count; i++) {
                    byte[] payload = Stamped.payload(System.nanoTime(), number.get(), sizeBytes);
                    if (session.trySend(Message.binary(payload))) {
                        number.incrementAndGet();
                        accepted++;
                    }
                }
            }
        }
        return accepted;
    }

    /** How long the session that is longest at closing has been seen so. */
    private long longestClosing() {
        long now = System.nanoTime();
        Set<WebSocketSession> seen = new HashSet<>();
        for (WebSocketSession session : server.sessions()) {
            if (session.state() != SessionState.OPEN) {
                seen.add(session);
                closing.putIfAbsent(session, now);
            }
        }
        closing.keySet().retainAll(seen);
        return closing.values().stream()
                .mapToLong(since -> (now - since) / 1_000_000)
                .max()
                .orElse(0);
    }

    private Map<String, Long> stop(Duration deadline) throws IOException {
        broadcaster.cancel();
        if (settings.has("accepted")) {
            writeAccepted(Path.of(settings.get("accepted", "")));
        }
        StopReport report = server.stop(deadline).toCompletableFuture().join();
        Map<String, Long> answer = new TreeMap<>();
        answer.put("closed", (long) report.closed());
        answer.put("forced", (long) report.forced());
        return answer;
    }

    private void writeAccepted(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (WebSocketSession session : server.sessions()) {
            session.attribute(HostileEndpoints.ACCEPTED)
                    .ifPresent(number -> lines.add(session.handshake().pathParameter("name") + " " + number.get()));
        }
        Files.write(file, lines);
    }

    private void drainAndEnd() {
        try {
            System.out.println("drained " + new Figures(stop(Settings.duration(settings.get("drain", "10s")))).line());
            System.out.flush();
        } catch (Throwable t) {
            t.printStackTrace();
            Runtime.getRuntime().halt(70);
        }
        Runtime.getRuntime().halt(0); // the JVM's own answer to SIGTERM is 143
    }

    public static void main(String[] arguments) throws IOException {
        Leaks.watch();
        HostileServer hostile = new HostileServer(Settings.parse(arguments));
        Runtime.getRuntime().addShutdownHook(new Thread(hostile::drainAndEnd, "drain"));
        System.out.println("ready port=" + hostile.server.port());
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println("= " + hostile.obey(line).line());
            if (line.startsWith("stop ")) {
                Runtime.getRuntime().halt(0);
            }
        }
        Runtime.getRuntime().halt(0); // whoever started this is gone
    }
}
