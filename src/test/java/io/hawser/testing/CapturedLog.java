package io.hawser.testing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that is logged, by whom and at whatever level, from its start to its close. One at a time.
 *
 * <p>Needs {@link CapturingLogProvider}, which the build names to SLF4J.
 */
public final class CapturedLog implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static volatile @Nullable CapturedLog current;

    private final List<String> lines = new CopyOnWriteArrayList<>();

    private CapturedLog() {}

    /** Begins to capture, TRACE included. */
    public static CapturedLog start() {
        CapturedLog log = new CapturedLog();
        current = log;
        return log;
    }

    static @Nullable CapturedLog current() {
        return current;
    }

    void add(String line) {
        lines.add(line);
    }

    /** The lines so far, each {@code LEVEL logger message}, with the stack trace of what was thrown behind it. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** The lines of the log of connections. */
    public List<String> connectionLines() {
        return lines.stream()
                .filter(line -> line.contains(" io.hawser.connection "))
                .toList();
    }

    /** Waits for a line. */
    public String await(Predicate<String> wanted) {
        if (!Await.until(PATIENCE, () -> lines.stream().anyMatch(wanted))) {
            throw new AssertionError("not logged; the log: " + lines);
        }
        return lines.stream().filter(wanted).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        current = null;
    }
}
