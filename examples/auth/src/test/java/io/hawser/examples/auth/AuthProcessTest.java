package io.hawser.examples.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hawser.examples.auth.identity.SigningKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process of its own, with the users of the demonstration. */
@Timeout(60)
class AuthProcessTest {

    private static final String ADA = "engine-1843";

    @TempDir
    private Path directory;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM")
    void sigtermSaysGoodbyeToEveryClientAndEndsTheProcess() throws Exception {
        Process process = start("0");
        try {
            int port = portSaidBy(process);
            String cookie = Client.cookie(port, "ada", ADA);
            try (Client byCookie = Client.withCookie(port, cookie);
                    Client byToken = Client.withToken(port, Client.token(port, cookie))) {
                process.destroy();
                assertEquals(1001, byCookie.closeCode());
                assertEquals(1001, byToken.closeCode());
            }
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            assertEquals(128 + 15, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }

    /** Everything that is said at the most talkative level while secrets go in and out. */
    @Test
    void noSecretOfWhoIsLetInOrSentAwayIsLogged() throws Exception {
        String guess = "a-password-that-was-guessed";
        Set<String> secrets = new LinkedHashSet<>(List.of(ADA, guess));
        String said = logOf(port -> {
            String ticket = Client.ticket(port, "ada", ADA);
            String cookie = Client.get(port, "/session", "Authorization", "Ticket " + ticket)
                    .headers()
                    .firstValue("Set-Cookie")
                    .orElseThrow()
                    .split(";")[0];
            String token = Client.token(port, cookie);
            secrets.addAll(secretsOf(ticket, cookie, token));
            try (Client byCookie = Client.withCookie(port, cookie);
                    Client byToken = Client.withToken(port, token);
                    Client guesser = Client.atTheDoor(port)) {
                guesser.signIn("ada", guess);
                guesser.hearError();
                guesser.say("{'type':'sign-in','password':'" + guess);
                guesser.hearError();
                byToken.refresh(token);
                byToken.hear("refreshed");
                byToken.refresh(token + "x");
                byToken.hearError();
                byCookie.say("{'type':'sign-out'}");
                byToken.closed();
            }
            Client.get(port, "/token", "Cookie", cookie);
            Client.get(port, "/session", "Authorization", "Ticket " + ticket);
            Upgrade.of(port, "/live?token=" + token);
        });
        assertTrue(said.contains("signed out"), "the log is at its most talkative");
        assertHasNone(said, secrets);
    }

    /** A process for a few requests, or the library would write no more lines of a kind than ten in a second. */
    @Test
    void noSecretOfARequestThatIsWrongInAnyWayIsLogged() throws Exception {
        String token = Fixture.token().signed();
        String cookie = "session=" + "a".repeat(22) + "." + "b".repeat(43);
        List<String> requests = badRequestsWith(token, cookie);
        for (int from = 0; from < requests.size(); from += 8) {
            List<String> few = requests.subList(from, Math.min(from + 8, requests.size()));
            String said = logOf(port -> {
                for (String bad : few) {
                    String[] lines = bad.split("\n");
                    Upgrade.of(
                            port,
                            lines[0],
                            List.of(lines).subList(1, lines.length).toArray(String[]::new));
                }
            });
            long refused = said.lines()
                    .filter(line -> line.contains("io.hawser.connection - refused "))
                    .count();
            assertEquals(few.size(), refused, said);
            assertHasNone(said, secretsOf(token, cookie));
        }
    }

    private static List<String> secretsOf(String... texts) {
        return Stream.of(texts)
                .flatMap(text -> Stream.of(text.split("\\.")).skip(1))
                .toList();
    }

    private static void assertHasNone(String said, Collection<String> secrets) {
        assertFalse(secrets.isEmpty());
        for (String secret : secrets) {
            assertFalse(said.contains(secret), "a secret was logged: " + secret);
        }
    }

    private interface Traffic {
        void send(int port) throws Exception;
    }

    private String logOf(Traffic traffic) throws Exception {
        Path log = Files.createTempFile(directory, "log", "");
        Process process = start("0", log, "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace");
        try {
            traffic.send(portSaidBy(process));
        } finally {
            process.destroy();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        }
        return Files.readString(log);
    }

    private static List<String> badRequestsWith(String token, String cookie) {
        String tampered = token.substring(0, token.length() - 5) + "AAAAA";
        List<String> requests = new ArrayList<>();
        for (String shown : List.of(token, tampered)) {
            requests.add("/live?token=" + shown + "\nAuthorization: Bearer " + shown);
            requests.add("/live?token=" + shown + "\nOrigin: http://evil.example");
            requests.add("/live?token=" + shown + "\nOrigin: null");
            requests.add("/live?token=" + shown + "\nSec-WebSocket-Key: short");
            requests.add("/live?token=" + shown + "%GG");
            requests.add("/live?token=" + shown + "\nTransfer-Encoding: chunked");
            requests.add("/nowhere?token=" + shown);
            requests.add("/live\nCookie: token=" + shown + "x");
            requests.add("/live\nCookie: token=" + shown + "\u0001");
            requests.add("/live\nAuthorization: Bearer " + shown + "\u0000");
            requests.add("/live\nAuthorization : Bearer " + shown);
            requests.add("/live\n Bearer " + shown);
            requests.add("/live\nSec-WebSocket-Protocol: hawser.v1, bearer." + shown + "x");
            requests.add("/live\nSec-WebSocket-Protocol: hawser.v1, bearer." + shown + ", (");
            requests.add("/live\nSec-WebSocket-Extensions: bearer." + shown + "; =");
            requests.add("/live\nAuthorization: Bearer " + shown.repeat(40));
            requests.add("/live?token=" + shown.repeat(20));
        }
        requests.add("/live/cookie\nCookie: " + cookie);
        requests.add("/live/cookie\nCookie: " + cookie + "\nOrigin: http://evil.example");
        return requests;
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its files have no such permissions")
    void aTokenOutlivesARestartWhereTheKeyDoes() throws Exception {
        Path keys = directory.resolve("keys.json");
        Settings first = Settings.of(new String[] {"0"}, Map.of("AUTH_KEYS", keys.toString()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)));
        String token;
        try (AuthServer server = AuthServer.start(first, Clock.systemUTC())) {
            token = Client.token(server.port(), Client.cookie(server.port(), "ada", ADA));
        }
        Settings second = Settings.of(new String[] {"0"}, Map.of("AUTH_KEYS", keys.toString()));
        try (AuthServer server = AuthServer.start(second, Clock.systemUTC());
                Client ada = Client.withToken(server.port(), token)) {
            assertTrue(ada.isAlive("back"));
        }
        Settings other = Settings.of(new String[] {"0"}, Map.of());
        try (AuthServer server = AuthServer.start(other, Clock.systemUTC())) {
            assertEquals(401, Upgrade.of(server.port(), "/live?token=" + token).status());
        }
    }

    @Test
    void withTheDemonstrationsPasswordsThisMachineAloneIsServed() throws Exception {
        Settings demonstration = Settings.of(new String[] {"0"}, Map.of());
        assertEquals(InetAddress.getLoopbackAddress(), demonstration.address().getAddress());
        Path users = Files.writeString(directory.resolve("users"), "# nobody\n");
        Settings own = Settings.of(new String[] {"0"}, Map.of("AUTH_USERS", users.toString()));
        assertTrue(own.address().getAddress().isAnyLocalAddress());
    }

    @Test
    void thePortIsTheArgumentOrTheEnvironmentsOr8080() throws Exception {
        assertEquals(9000, port(new String[] {"9000"}, Map.of("PORT", "9001")));
        assertEquals(9001, port(new String[0], Map.of("PORT", "9001")));
        assertEquals(8080, port(new String[0], Map.of()));
        for (String wrong : List.of("", "http", "-1", "65536")) {
            assertThrows(IllegalArgumentException.class, () -> Settings.of(new String[] {wrong}, Map.of()));
        }
    }

    @Test
    void aPortThatIsTakenAndAKeyFileThatIsNoneAreSaidAndEndTheProcess() throws Exception {
        try (AuthServer first = Fixture.start()) {
            assertEquals(1, exitOf(start(String.valueOf(first.port()))));
        }
        Path keys = Files.writeString(directory.resolve("keys"), "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}");
        assertThrows(IllegalArgumentException.class, () -> SigningKeys.in(keys));
    }

    @Test
    void aNewUsersLineIsPrintedForAPasswordThatIsTyped() throws Exception {
        Process printing = command(List.of("user", "grace", "writer")).start();
        printing.outputWriter().write("compiler-1952\n");
        printing.outputWriter().flush();
        String line = printing.inputReader().readLine();
        assertTrue(line.startsWith("grace writer 600000 "), line);
        Path users = Files.writeString(directory.resolve("users"), line + "\n");
        Settings settings = Settings.of(new String[] {"0"}, Map.of("AUTH_USERS", users.toString()));
        assertTrue(settings.passwords().check("grace", "compiler-1952").isPresent());
    }

    private static int port(String[] args, Map<String, String> environment) throws IOException {
        return Settings.of(args, environment).address().getPort();
    }

    private static int exitOf(Process process) throws Exception {
        try {
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(String port) throws IOException {
        return command(List.of(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Process start(String port, Path log, String option) throws IOException {
        ProcessBuilder builder = command(List.of(port));
        builder.command().add(1, option);
        return builder.redirectError(log.toFile()).start();
    }

    private static ProcessBuilder command(List<String> arguments) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(java, "-cp", classPath, AuthServer.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    private static int portSaidBy(Process process) throws IOException {
        Matcher said = Pattern.compile("http://localhost:([0-9]+)/")
                .matcher(String.valueOf(process.inputReader().readLine()));
        assertTrue(said.find());
        return Integer.parseInt(said.group(1));
    }
}
