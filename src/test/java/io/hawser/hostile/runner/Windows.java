package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Latencies by windows of a few seconds: the median of the windows' p99 is not moved by the few in which the machine was busy with
 * something else, and is as good as the p99 of all where it was not.
 */
final class Windows {

    private static final Duration WINDOW = Duration.ofSeconds(2);

    private final List<Latencies> windows = new ArrayList<>();

    /** Measures for a while, doing {@code meanwhile} some times a second. */
    static Windows measure(Duration time, Supplier<Latencies> measure, Runnable meanwhile) {
        Windows measured = new Windows();
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            measured.windows.add(measure.get());
            long windowEnd = System.nanoTime() + WINDOW.toNanos();
            while (System.nanoTime() - windowEnd < 0) {
                meanwhile.run();
                Await.pass(Duration.ofMillis(100));
            }
        }
        measure.get(); // what comes later is not ours
        return measured;
    }

    private double median(double share) {
        double[] sorted = windows.stream()
                .filter(window -> window.count() > 0)
                .mapToDouble(window -> window.millis(share))
                .sorted()
                .toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    /** How much later these are. Below {@code floorMillis} a ratio tells of the machine, not of the server. */
    double over(Windows calm, double floorMillis) {
        return median(0.99) / Math.max(floorMillis, calm.median(0.99));
    }

    double p99() {
        return median(0.99);
    }

    @Override
    public String toString() {
        double max = windows.stream().mapToDouble(Latencies::maxMillis).max().orElse(0);
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p99 %.1f ms (medians of %d windows), max %.0f ms",
                median(0.5),
                median(0.99),
                windows.size(),
                max);
    }
}
