package io.hawser.examples.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The echo as a process, with the JDK's own WebSocket client. */
@Timeout(60)
class EchoTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Process process;
    private int port;

    @BeforeEach
    void start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        process = new ProcessBuilder(java, "-cp", classPath, Echo.class.getName(), "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader();
        Matcher said = Pattern.compile("ws://localhost:([0-9]+)/echo").matcher(output.readLine());
        assertTrue(said.find());
        port = Integer.parseInt(said.group(1));
    }

    @AfterEach
    void kill() {
        process.destroyForcibly();
    }

    @Test
    void everyMessageComesBack() throws Exception {
        Client client = new Client("/echo");
        for (int i = 0; i < 100; i++) {
            client.socket.sendText("message " + i, true).join();
            assertEquals("message " + i, client.hear());
        }
    }

    @Test
    void whatIsTypedOnTheConsoleGoesToTheNewsAndNowhereElse() throws Exception {
        Client news = new Client("/news");
        Client echo = new Client("/echo");
        type("first");
        assertEquals("first", news.hear());
        type("second");
        assertEquals("second", news.hear());
        assertEquals("only this", echo.echo("only this"));
    }

    @Test
    void itGoesOnServingWhenTheConsoleIsClosed() throws Exception {
        process.getOutputStream().close();
        Client client = new Client("/echo");
        assertEquals("still here", client.echo("still here"));
        assertTrue(process.isAlive());
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM")
    void sigtermSaysGoodbyeToEveryClientAndEndsTheProcess() throws Exception {
        Client client = new Client("/echo");
        client.echo("hello");
        process.destroy();
        assertEquals(1001, client.closeCode.get(10, TimeUnit.SECONDS));
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(128 + 15, process.exitValue());
    }

    private void type(String line) throws IOException {
        process.outputWriter().write(line + "\n");
        process.outputWriter().flush();
    }

    private final class Client implements WebSocket.Listener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
        private final WebSocket socket;

        Client(String path) {
            socket = HTTP.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://localhost:" + port + path), this)
                    .join();
        }

        String echo(String text) throws InterruptedException {
            socket.sendText(text, true).join();
            return hear();
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

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closeCode.complete(statusCode);
            return null;
        }
    }
}
