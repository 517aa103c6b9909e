package io.hawser.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The file descriptors of this process, sockets among them. Linux only. */
public final class OpenFiles {

    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private OpenFiles() {}

    /** How many are open. */
    public static long count() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    /** Waits until no more are open. */
    public static void awaitAtMost(long count) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (count() > count) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(count() + " files are open, and were to be " + count);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }
}
