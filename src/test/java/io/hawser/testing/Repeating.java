package io.hawser.testing;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Does something again and again until it is closed, or until it fails. */
public final class Repeating implements AutoCloseable {

    /** What is done; it may throw. */
    public interface Action {
        void run() throws Exception;
    }

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    private Repeating() {}

    /** Begins, on a thread of its own. */
    public static Repeating every(Duration period, Action action) {
        Repeating repeating = new Repeating();
        repeating.scheduler.scheduleAtFixedRate(
                () -> {
                    try {
                        action.run();
                    } catch (Exception e) {
                        throw new IllegalStateException(e); // the scheduler calls no more
                    }
                },
                0,
                period.toNanos(),
                TimeUnit.NANOSECONDS);
        return repeating;
    }

    @Override
    public void close() throws InterruptedException {
        scheduler.shutdownNow();
        if (!scheduler.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still busy");
        }
    }
}
