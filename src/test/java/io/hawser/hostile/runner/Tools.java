package io.hawser.hostile.runner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of the system that a scenario needs. What is missing fails, and {@code src/systest/install} has it. */
final class Tools {

    private Tools() {}

    /** Runs a program to its end and returns what it said; throws if it failed. */
    static String run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException(command[0] + " is missing: run src/systest/install", e);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    /** What stands before a command whose wall clock, and no other, shall be off by what {@code clock} says. */
    static List<String> fakingTime(Path clock) throws IOException {
        Path library;
        try (Stream<Path> places = Stream.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib")
                .map(place -> Path.of(place, "faketime", "libfaketimeMT.so.1"))) {
            library = places.filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new IOException("faketime is missing: run src/systest/install"));
        }
        return List.of(
                "env",
                "LD_PRELOAD=" + library,
                "FAKETIME_TIMESTAMP_FILE=" + clock,
                "FAKETIME_NO_CACHE=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1");
    }
}
