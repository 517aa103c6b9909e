package io.hawser.testing;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process holds. */
public final class Memory {

    private static final int COLLECTIONS = 4;

    private Memory() {}

    /** Bytes of heap that are reachable, or nearly so. */
    public static long heapUsed() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    /** Bytes of direct memory that Netty's allocator has taken. */
    public static long directUsed() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    /** Bytes of this process that are in memory and not of the Java heap: what zlib takes is among them. Linux only. */
    public static long nativeUsed() throws IOException {
        long resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
        return resident - Runtime.getRuntime().totalMemory();
    }
}
