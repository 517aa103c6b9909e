package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README says is so. */
@Timeout(60)
class ReadmeTest {

    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private static final String README = read("README.md");

    @Test
    void theTenLinesAreTenAtMostAndTheSameInTheReadmeTheExampleAndThePackagesJavadoc() {
        String lines = tenLines();
        assertThat(lines.lines()).hasSizeLessThanOrEqualTo(10);
        assertThat(withoutIndent(read("examples/echo/src/main/java/io/hawser/examples/echo/Echo.java")))
                .contains(withoutIndent(lines).replace(".port(8080)", ".port(port)"));
        assertThat(withoutIndent(
                        read("src/main/java/io/hawser/package-info.java").replaceAll("(?m)^ \\* ?", "")))
                .contains(withoutIndent(lines));
    }

    @Test
    void theTenLinesEchoAndTellTheRoom(@TempDir Path directory) throws Exception {
        Process process = run(tenLines().replace(".port(8080)", ".port(0)"), directory);
        try {
            BufferedReader output = process.inputReader();
            Matcher said = Pattern.compile("ws://localhost:([0-9]+)/echo").matcher(String.valueOf(output.readLine()));
            assertThat(said.find()).isTrue();
            String address = "ws://localhost:" + said.group(1);

            Client echo = new Client(address + "/echo");
            echo.socket.sendText("héllo", true).join();
            assertThat(echo.hear()).isEqualTo("héllo");

            Client news = new Client(address + "/news");
            process.outputWriter().write("first line\n");
            process.outputWriter().flush();
            assertThat(news.hear()).isEqualTo("first line");
        } finally {
            process.destroyForcibly();
        }
    }

    static Stream<Record> defaults() {
        return Stream.of(
                Limits.defaults(),
                ServerLimits.defaults(),
                HttpLimits.defaults(),
                Heartbeat.defaults(),
                Compression.off());
    }

    @ParameterizedTest
    @MethodSource("defaults")
    void theTablesOfDefaultsSayWhatTheCodeDoes(Record settings) throws Exception {
        String name = settings.getClass().getSimpleName();
        String table = README.substring(README.indexOf("| `" + name + "` |"));
        List<String> rows =
                table.lines().skip(2).takeWhile(row -> row.startsWith("|")).toList();
        RecordComponent[] components = settings.getClass().getRecordComponents();
        assertThat(rows).hasSameSizeAs(components);
        for (int i = 0; i < components.length; i++) {
            String[] cells = rows.get(i).split("\\|");
            assertThat(cells[1]).startsWith(" `" + components[i].getName() + "`");
            assertThat(cells[2].strip())
                    .as(components[i].getName())
                    .isEqualTo(said(components[i], components[i].getAccessor().invoke(settings)));
        }
    }

    @Test
    void everyFileAndHeadingThatIsLinkedToIsThere() {
        Matcher links = Pattern.compile("\\]\\(([^)]+)\\)").matcher(README);
        int count = 0;
        for (; links.find(); count++) {
            String target = links.group(1);
            if (target.startsWith("#")) {
                assertThat(README.toLowerCase(Locale.ROOT))
                        .contains("## " + target.substring(1).replace('-', ' '));
            } else {
                assertThat(Path.of(target)).exists();
            }
        }
        assertThat(count).isPositive();
    }

    @Test
    void everyTypeThatTheReadmeNamesIsThere() {
        for (String name : List.of("WebSocketUpgradeHandler", "HttpResponder", "CloseStatus", "Tls", "Transport")) {
            assertThat(README).contains(name);
            String folder = name.equals("WebSocketUpgradeHandler") ? "netty/" : "";
            assertThat(Path.of("src/main/java/io/hawser/" + folder + name + ".java"))
                    .exists();
        }
        Matcher classes = Pattern.compile("\\{@code (internal\\.[a-z]+)(\\.[A-Z]\\w+)?\\}")
                .matcher(read("src/main/java/io/hawser/package-info.java"));
        while (classes.find()) {
            String type = classes.group(2) == null
                    ? "/package-info"
                    : classes.group(2).replace('.', '/');
            assertThat(Path.of("src/main/java/io/hawser/" + classes.group(1).replace('.', '/') + type + ".java"))
                    .exists();
        }
    }

    private static String said(RecordComponent component, Object value) {
        if (value instanceof Duration duration) {
            return duration.isZero() ? "off" : duration.toSeconds() + " s";
        }
        if (value instanceof Boolean yes) {
            return component.getName().equals("enabled") ? (yes ? "on" : "off") : (yes ? "yes" : "no");
        }
        if (value instanceof Integer number
                && number != 0
                && component.getName().endsWith("Bytes")) {
            return number < 1024 ? number + " B" : number < 1 << 20 ? number / 1024 + " KiB" : (number >> 20) + " MiB";
        }
        if (value instanceof Rate rate) {
            return rate.isUnlimited() ? "unlimited" : rate.perSecond() + " a second, bursts of " + rate.burst();
        }
        if (value instanceof Number number && number.longValue() == 0) {
            return component.getName().endsWith("Bytes") ? "25 % of memory" : "off";
        }
        return value instanceof Integer number ? String.format(Locale.ROOT, "%,d", number) : value.toString();
    }

    private static Process run(String lines, Path directory) throws IOException {
        Path source = directory.resolve("TenLines.java");
        Files.writeString(
                source,
                "import io.hawser.*;\nimport java.util.Scanner;\n"
                        + "class TenLines { public static void main(String[] args) {\n" + lines + "}}\n");
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-encoding",
                        "UTF-8",
                        "-cp",
                        CLASS_PATH,
                        "-d",
                        directory.toString(),
                        source.toString());
        assertThat(failed).as("the compiler's exit code").isZero();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = directory + System.getProperty("path.separator") + CLASS_PATH;
        return new ProcessBuilder(java, "-cp", classPath, "TenLines")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String tenLines() {
        Matcher block = Pattern.compile("## Ten lines\n+```java\n(.*?)```", Pattern.DOTALL)
                .matcher(README);
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private static String withoutIndent(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Client implements WebSocket.Listener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final WebSocket socket;

        Client(String address) {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create(address), this)
                    .join();
        }

        String hear() throws InterruptedException {
            return heard.poll(10, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            heard.add(data.toString());
            webSocket.request(1);
            return null;
        }
    }
}
