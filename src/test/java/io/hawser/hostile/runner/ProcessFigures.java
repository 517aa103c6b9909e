package io.hawser.hostile.runner;

import com.sun.management.UnixOperatingSystemMXBean;
import io.hawser.ServerMetrics;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What this process uses, in bytes, nanoseconds and numbers. */
final class ProcessFigures {

    private ProcessFigures() {}

    /** Adds them to {@code figures}. */
    static void addTo(Map<String, Long> figures) {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        figures.put(
                "heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        figures.put("direct", Math.max(0, PlatformDependent.usedDirectMemory()));
        figures.put("rss", rss());
        figures.put("cpu", system.getProcessCpuTime());
        figures.put("fds", system.getOpenFileDescriptorCount());
        figures.put("threads", (long) ManagementFactory.getThreadMXBean().getThreadCount());
        figures.put("ioThreads", ioThreads());
    }

    /** Every counter of a server, those by code or name with a dot between: {@code m.closedSessions.1006}. */
    static void addTo(Map<String, Long> figures, ServerMetrics metrics) {
        for (RecordComponent component : ServerMetrics.class.getRecordComponents()) {
            String name = "m." + component.getName();
            Object value = read(component, metrics);
            if (value instanceof Map<?, ?> byKey) {
                byKey.forEach((key, count) -> figures.put(name + "." + key, (Long) count));
            } else {
                figures.put(name, ((Number) value).longValue());
            }
        }
    }

    private static Object read(RecordComponent component, ServerMetrics metrics) {
        try {
            return component.getAccessor().invoke(metrics);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, Long> collectGarbage() {
        for (int i = 0; i < 3; i++) {
            System.gc(); // thrice: what references of the JDK's own cleaners keep is let go by the next
        }
        Map<String, Long> figures = new TreeMap<>();
        addTo(figures);
        return figures;
    }

    private static long ioThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("hawser-io"))
                .count();
    }

    private static long rss() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
