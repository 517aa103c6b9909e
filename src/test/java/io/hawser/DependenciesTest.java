package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a program gets with Hawser, nothing else asked for: eleven jars. */
class DependenciesTest {

    @Test
    void aProgramGetsElevenJars() throws IOException {
        assertThat(resolved().filter(line -> !line.contains("(optional)")).map(DependenciesTest::artifact))
                .containsExactlyInAnyOrder(
                        "io.netty:netty-buffer",
                        "io.netty:netty-codec-base",
                        "io.netty:netty-codec-compression",
                        "io.netty:netty-codec-http",
                        "io.netty:netty-common",
                        "io.netty:netty-handler",
                        "io.netty:netty-resolver",
                        "io.netty:netty-transport",
                        "io.netty:netty-transport-native-unix-common",
                        "org.jspecify:jspecify",
                        "org.slf4j:slf4j-api");
    }

    @Test
    void theFastTransportsAndTheProxyProtocolAreOptional() throws IOException {
        assertThat(resolved().filter(line -> line.contains("(optional)")).map(DependenciesTest::artifact))
                .containsExactlyInAnyOrder(
                        "io.netty:netty-codec-haproxy",
                        "io.netty:netty-transport-classes-epoll",
                        "io.netty:netty-transport-classes-io_uring",
                        "io.netty:netty-transport-classes-kqueue");
    }

    /** The lines that Maven's dependency plugin wrote: {@code group:artifact:jar:version:scope}. */
    static Stream<String> resolved() throws IOException {
        try (InputStream list = DependenciesTest.class.getResourceAsStream("/runtime-dependencies.txt")) {
            assertThat(list).as("written by `mvn generate-test-resources`").isNotNull();
            List<String> lines = new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.stream().map(String::strip).filter(line -> line.contains(":jar:"));
        }
    }

    private static String artifact(String line) {
        String[] parts = line.split(":");
        return parts[0] + ":" + parts[1];
    }
}
