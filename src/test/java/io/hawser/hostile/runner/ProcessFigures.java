package io.hawser.hostile.runner;

import com.sun.management.UnixOperatingSystemMXBean;
import io.hawser.ServerMetrics;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What this process uses, in bytes, nanoseconds and numbers. */
final class ProcessFigures {

    /** Kept open: a process out of files could not open it. */
    private static final RandomAccessFile STATUS = openStatus();

    private ProcessFigures() {}

    /** Adds them to {@code figures}. */
    static void addTo(Map<String, Long> figures) {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        figures.put(
                "heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        figures.put("direct", Math.max(0, PlatformDependent.usedDirectMemory()));
        figures.put("wall", System.currentTimeMillis());
        figures.put("rss", rss());
        figures.put("cpu", system.getProcessCpuTime());
        figures.put("fds", openFiles(system));
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

    /** Asks for no stack traces: for those all threads would have to stop, while latencies are measured. */
    private static long ioThreads() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("hawser-io"))
                .count();
    }

    private static long rss() {
        try {
            STATUS.seek(0);
            for (String line = STATUS.readLine(); line != null; line = STATUS.readLine()) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RandomAccessFile openStatus() {
        try {
            return new RandomAccessFile("/proc/self/status", "r");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counting them takes one; -1 where there is none left. */
    private static long openFiles(UnixOperatingSystemMXBean system) {
        try {
            return system.getOpenFileDescriptorCount();
        } catch (InternalError e) {
            return -1;
        }
    }
}
