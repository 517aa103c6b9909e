package io.hawser.perftest;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

/**
 * Tells how much of the heap is live: for each line {@code heap} on standard input a line {@code heap BYTES} on standard output. Only
 * where the environment has HEAP_ON_STDIN, so that a server that is measured otherwise does not read a terminal.
 */
final class HeapOnRequest {

    private static final int COLLECTIONS = 3; // what one collection finds unreachable, cleaners free before the next

    private HeapOnRequest() {}

    static void start() {
        if (System.getenv("HEAP_ON_STDIN") != null) {
            Thread answering = new Thread(HeapOnRequest::answer, "heap-on-request");
            answering.setDaemon(true);
            answering.start();
        }
    }

    private static void answer() {
        Scanner lines = new Scanner(System.in, StandardCharsets.US_ASCII);
        while (lines.hasNextLine()) {
            if (lines.nextLine().equals("heap")) {
                System.out.println("heap " + liveBytes());
            }
        }
    }

    /** What the last of some full collections left: the use of now would count what has been allocated since. */
    private static long liveBytes() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null) {
                bytes += pool.getCollectionUsage().getUsed();
            }
        }
        return bytes;
    }
}
