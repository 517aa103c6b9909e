package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run of a scenario: the processes it uses, what was measured, and what of that is not as it has to be. */
final class Trial implements AutoCloseable {

    private static final Duration SETTLING = Duration.ofSeconds(30);
    private static final List<String> GAUGES =
            List.of("m.openSessions", "m.connections", "m.rooms", "m.pendingBytes", "m.receivedBytes");

    private final String name;
    private final Options options;
    private final Path directory;
    private final List<String> figures = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    Trial(String name, Options options) throws IOException {
        this.name = name;
        this.options = options;
        this.directory = Path.of("target", "hostile", name).toAbsolutePath();
        Files.createDirectories(directory);
        Files.deleteIfExists(log());
    }

    private Path log() {
        return directory.resolve("server.log");
    }

    Options options() {
        return options;
    }

    Path directory() {
        return directory;
    }

    /** Undisturbed latencies below it are taken as this much: tier P runs beside whatever else there is to test. */
    double floorMillis() {
        return isSmall() ? 20 : 2;
    }

    boolean isSmall() {
        return options.tier() == Options.Tier.P;
    }

    /** The scenario's own time, unless the command line sets another. */
    Duration time(Duration own) {
        Duration asked = options.time();
        return asked == null ? own : asked;
    }

    ServerProcess server(String... settings) throws IOException {
        return server(List.of(), List.of(), settings);
    }

    ServerProcess server(List<String> wrapper, List<String> flags, String... settings) throws IOException {
        return server("127.0.0.1", new ServerProcess.Launch(wrapper, flags, List.of(settings)));
    }

    ServerProcess server(String host, ServerProcess.Launch launch) throws IOException {
        return server(host, launch, null);
    }

    ServerProcess server(String host, ServerProcess.Launch launch, @Nullable SslContext tls) throws IOException {
        ServerProcess server = ServerProcess.start(options, launch, log(), host);
        open.push(server);
        try (Crowd first = new Crowd(server.address(), tls)) {
            first.reset(first.open(4, Crowd.Kind.of("/idle"))); // loads what a session needs, on each event loop
            first.awaitNone(Duration.ofSeconds(5));
        }
        return server;
    }

    Crowd crowd(ServerProcess server) {
        return crowd(server.address(), null);
    }

    Crowd crowd(InetSocketAddress server, @Nullable SslContext tls) {
        Crowd crowd = new Crowd(server, tls);
        open.push(crowd);
        return crowd;
    }

    /** Something to be closed after the run, last first. */
    <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    /** Something that was measured, for the result's line. */
    void figure(String format, Object... arguments) {
        figures.add(String.format(Locale.ROOT, format, arguments));
    }

    /** Something that has to be so; the text says what is, and what was wanted. */
    void require(boolean holds, String format, Object... arguments) {
        if (!holds) {
            failures.add(String.format(Locale.ROOT, format, arguments));
        }
    }

    /** A figure that may not be above its goal. */
    void atMost(String what, double measured, double goal, String unit) {
        figure("%s %s%s (goal ≤ %s)", what, brief(measured), unit, brief(goal));
        require(measured <= goal, "%s is %s%s, above %s", what, brief(measured), unit, brief(goal));
    }

    private static String brief(double value) {
        return value == Math.rint(value) || value >= 1000
                ? String.valueOf(Math.round(value))
                : String.format(Locale.ROOT, "%.3g", value);
    }

    void require(Crowd crowd) {
        require(
                crowd.complaints().isEmpty(),
                "clients complain: %s",
                crowd.complaints().stream().limit(3).toList());
    }

    /** For a lambda: {@link ServerProcess#ask}. */
    Figures ask(ServerProcess server, String command) {
        try {
            return server.ask(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When all clients are gone, nothing of them is left: no session, room, byte, buffer, file or thread. */
    void backToZero(ServerProcess server, Figures before) throws IOException {
        Figures[] now = {server.stats()};
        Await.until(SETTLING, () -> {
            now[0] = ask(server, "stats");
            return GAUGES.stream().allMatch(gauge -> now[0].get(gauge) == 0)
                    && now[0].get("opens")
                            == now[0].get("closes") // an executor may come to it after the session is gone
                    && now[0].get("leaks") == 0
                    && now[0].get("fds") <= before.get("fds") + 8;
        });
        for (String gauge : GAUGES) {
            require(now[0].get(gauge) == 0, "%s is %d at the end", gauge, now[0].get(gauge));
        }
        require(now[0].get("leaks") == 0, "buffers are in use at the end");
        require(
                now[0].get("fds") <= before.get("fds") + 8,
                "%d files are open at the end, %d were before",
                now[0].get("fds"),
                before.get("fds"));
        require(
                now[0].get("opens") == now[0].get("closes"),
                "onOpen was called %d times, onClose %d times",
                now[0].get("opens"),
                now[0].get("closes"));
        require(now[0].get("closedTwice") == 0, "onClose was called twice, %d times", now[0].get("closedTwice"));
        require(now[0].get("uncaught") == 0, "%d uncaught exceptions", now[0].get("uncaught"));
        require(
                now[0].get("ioThreads") >= before.get("ioThreads"), // one starts with its first connection
                "%d event loops at the end, %d before",
                now[0].get("ioThreads"),
                before.get("ioThreads"));
        requireCleanLog();
    }

    /** The server's log tells of no leak, no lack of memory, nothing uncaught. */
    void requireCleanLog() throws IOException {
        try (Stream<String> lines = Files.lines(log())) {
            List<String> bad = lines.filter(line -> line.contains("LEAK")
                            || line.contains("OutOfMemoryError")
                            || line.contains("OutOfDirectMemoryError")
                            || line.contains("UNCAUGHT")
                            || line.contains("exceptionCaught() event was fired"))
                    .limit(3)
                    .toList();
            require(bad.isEmpty(), "the log says %s", bad);
        }
    }

    /** The line that says how it went. */
    String verdict() {
        String measured = String.join("; ", figures);
        return failures.isEmpty()
                ? name + ": passed " + measured
                : name + ": FAILED " + String.join("; ", failures) + " [" + measured + "]";
    }

    boolean hasPassed() {
        return failures.isEmpty();
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
