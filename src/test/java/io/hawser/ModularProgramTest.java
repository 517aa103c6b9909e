package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Programs on the module path, compiled and run as processes of their own: the tests themselves are on the class path. */
class ModularProgramTest {

    private static final String MODULE = """
            module program {
                requires io.hawser;
                requires java.net.http;
            }
            """;

    private static final String ECHO = """
            package program;

            import io.hawser.*;
            import java.net.URI;
            import java.net.http.*;
            import java.util.concurrent.*;

            public class Main {
                public static void main(String[] args) throws Exception {
                    CompletableFuture<String> echoed = new CompletableFuture<>();
                    try (WebSocketServer server = WebSocketServer.builder()
                            .port(0)
                            .endpoint("/echo", WebSocketHandler.onMessage(WebSocketSession::send))
                            .build()
                            .start()) {
                        WebSocket client = HttpClient.newHttpClient().newWebSocketBuilder()
                                .buildAsync(URI.create("ws://localhost:" + server.port() + "/echo"), new WebSocket.Listener() {
                                    @Override
                                    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                                        echoed.complete(text.toString());
                                        return null;
                                    }
                                })
                                .get(30, TimeUnit.SECONDS);
                        client.sendText("hello", true);
                        System.out.println(WebSocketServer.class.getModule() + " over " + server.transport() + ": "
                                + echoed.get(30, TimeUnit.SECONDS));
                        client.abort();
                    }
                }
            }
            """;

    private static final String PROXIED_ECHO = ECHO.replace(
            ".port(0)",
            ".port(0).trustedProxies(TrustedProxies.of(TrustedProxies.Source.PROXY_PROTOCOL, \"10.0.0.0/8\"))");

    private static final String EPOLL = "io.netty.transport.classes.epoll,io.netty.transport.epoll.linux.x86_64";

    @TempDir
    Path folder;

    @Test
    void aModularProgramServesWithTheElevenJarsAlone() throws Exception {
        assertThat(compile(ECHO)).isEmpty();

        assertThat(run()).contains("module io.hawser over NIO: hello");
    }

    @Test
    void whoWantsTheProxyProtocolIsToldWhichJarHasIt() throws Exception {
        assertThat(compile(PROXIED_ECHO)).isEmpty();

        assertThat(run()).contains("IllegalArgumentException: the PROXY protocol needs io.netty:netty-codec-haproxy");
    }

    @Test
    void anOptionalJarOnTheModulePathIsThereOnceItsModuleIsAdded() throws Exception {
        assertThat(compile(PROXIED_ECHO)).isEmpty();

        String path = modulePath(jar -> jar.startsWith("netty-"));
        assertThat(run(path))
                .contains("the PROXY protocol needs io.netty:netty-codec-haproxy")
                .contains("--add-modules io.netty.codec.haproxy");
        assertThat(run(path, "--add-modules", "io.netty.codec.haproxy")).contains("module io.hawser over NIO: hello");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void aNativeTransportIsTwoModules() throws Exception {
        assertThat(compile(ECHO)).isEmpty();

        String path = modulePath(jar -> jar.startsWith("netty-"));
        assertThat(run(path, "--add-modules", EPOLL)).contains("module io.hawser over EPOLL: hello");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void whoWantsANativeTransportIsToldOfItsModules() throws Exception {
        assertThat(compile(ECHO.replace(".port(0)", ".port(0).transport(Transport.EPOLL)")))
                .isEmpty();

        String path = modulePath(jar -> jar.startsWith("netty-"));
        assertThat(run(path))
                .contains("transport EPOLL needs io.netty:netty-transport-native-epoll")
                .contains("--add-modules io.netty.transport.classes.epoll and the native jar's module");
        assertThat(run(path, "--add-modules", EPOLL)).contains("module io.hawser over EPOLL: hello");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void whereItDoesNotWorkNioServesAndTheLogSaysSoOnce() throws Exception {
        assertThat(compile(ECHO.replace("try (", "WebSocketServer.builder().port(0).build().start().close();\ntry (")))
                .isEmpty();

        String path = modulePath(jar -> jar.startsWith("netty-") || jar.startsWith("slf4j-simple"));
        assertThat(run(path, "-Dio.netty.transport.noNative=true", "--add-modules", EPOLL))
                .containsOnlyOnce("transport NIO: epoll is there, and does not work here: ")
                .contains("module io.hawser over NIO: hello");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void ofTwoThatDoNotWorkTheLogGivesTheCauseOfTheOneForThisSystem() throws Exception {
        assertThat(compile(ECHO)).isEmpty();

        String path = modulePath(jar -> jar.startsWith("netty-") || jar.startsWith("slf4j-simple"));
        String both = "io.netty.transport.classes.epoll,io.netty.transport.classes.kqueue"; // and no native part
        assertThat(run(path, "--add-modules", both))
                .contains("netty_transport_native_epoll")
                .doesNotContain("netty_transport_native_kqueue")
                .contains("module io.hawser over NIO: hello");
    }

    @Test
    void aModularProgramCannotReachTheInternals() throws Exception {
        String errors = compile("package program; class Main { io.hawser.internal.server.NettyServer server; }");

        assertThat(errors).contains("package io.hawser.internal.server is not visible");
    }

    /** Compiles the program and says what the compiler said. */
    private String compile(String main) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("src/program"));
        Files.writeString(sources.resolveSibling("module-info.java"), MODULE);
        Files.writeString(sources.resolve("Main.java"), main);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-p", modulePath(), "-d", folder.resolve("classes").toString());
            compiler.getTask(
                            errors,
                            files,
                            null,
                            options,
                            null,
                            files.getJavaFileObjects(
                                    sources.resolveSibling("module-info.java"), sources.resolve("Main.java")))
                    .call();
        }
        return errors.toString();
    }

    private String run() throws Exception {
        return run(modulePath());
    }

    private String run(String path, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(
                List.of("-p", path + File.pathSeparator + folder.resolve("classes"), "-m", "program/program.Main"));
        Path output = folder.resolve("output.txt");
        Process program = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            program.destroyForcibly();
        }
        return Files.readString(output);
    }

    /** This build's classes and the jars that come with them, without the optional ones. */
    private static String modulePath() throws IOException {
        return modulePath(jar -> false);
    }

    /** This build's classes and the jars that come with them, and those others of the tests' class path. */
    private static String modulePath(Predicate<String> others) throws IOException {
        List<String> artifacts = DependenciesTest.resolved()
                .filter(line -> !line.contains("(optional)"))
                .map(line -> line.split(":"))
                .map(parts -> parts[1] + "-" + parts[3] + ".jar")
                .toList();
        Predicate<String> wanted = others.or(artifacts::contains);
        Stream<String> jars = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> wanted.test(Path.of(jar).getFileName().toString()));
        return Stream.concat(Stream.of(Path.of("target", "classes").toString()), jars)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
