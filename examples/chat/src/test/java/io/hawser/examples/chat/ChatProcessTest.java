package io.hawser.examples.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The chat as a process of its own. */
@Timeout(60)
class ChatProcessTest {

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM")
    void sigtermSaysGoodbyeToEveryClientAndEndsTheProcess() throws Exception {
        Process process = start("0");
        try {
            int port = portSaidBy(process);
            try (ChatClient ada = ChatClient.in("lobby", "ada", port);
                    ChatClient bob = new ChatClient(port)) {
                process.destroy();
                assertEquals(1001, ada.closeCode());
                assertEquals(1001, bob.closeCode());
            }
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            assertEquals(128 + 15, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aPortThatIsTakenIsSaidAndEndsTheProcess() throws Exception {
        try (ChatServer first = ChatServer.start(0)) {
            Process second = start(String.valueOf(first.port()));
            try {
                assertTrue(second.waitFor(20, TimeUnit.SECONDS));
                assertEquals(1, second.exitValue());
            } finally {
                second.destroyForcibly();
            }
        }
    }

    @Test
    void thePortIsTheArgumentOrTheEnvironmentsOr8080() {
        assertEquals(9000, ChatServer.port(new String[] {"9000"}, Map.of("PORT", "9001")));
        assertEquals(9001, ChatServer.port(new String[0], Map.of("PORT", "9001")));
        assertEquals(8080, ChatServer.port(new String[0], Map.of()));
        for (String wrong : List.of("", "http", "-1", "65536", "999999999999")) {
            assertThrows(IllegalArgumentException.class, () -> ChatServer.port(new String[] {wrong}, Map.of()));
        }
    }

    private static Process start(String port) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(java, "-cp", classPath, ChatServer.class.getName(), port)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static int portSaidBy(Process process) throws Exception {
        BufferedReader output = process.inputReader();
        Matcher said = Pattern.compile("http://localhost:([0-9]+)/").matcher(output.readLine());
        assertTrue(said.find());
        return Integer.parseInt(said.group(1));
    }
}
