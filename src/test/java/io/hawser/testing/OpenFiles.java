package io.hawser.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The file descriptors of this process, sockets among them. Linux only. */
public final class OpenFiles {

    private OpenFiles() {}

    /** How many are open. */
    public static long count() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    /** Waits until no more are open. */
    public static void awaitAtMost(long count) {
        Await.until(count + " open files", () -> count() <= count);
    }
}
