package io.hawser.examples.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hawser.examples.auth.identity.Forge;
import io.hawser.examples.auth.identity.Role;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What happens to who was let in: what they may do, and for how long. */
@Timeout(60)
class LiveTest {

    @RegisterExtension
    private static final RunningServer SERVER = new RunningServer();

    private final int port = SERVER.port();

    @Test
    void whoIsLetInIsToldAsWhomWithWhichRolesAndForHowLong() throws Exception {
        try (Client ada =
                Client.withToken(port, Fixture.token("ada", Role.WRITER).signed())) {
            ada.refresh(Fixture.token("ada", Role.ADMIN, Role.WRITER).signed());
            JsonNode refreshed = ada.hear("refreshed");
            assertEquals("ada", refreshed.path("user").stringValue());
            assertEquals("[\"admin\",\"writer\"]", refreshed.path("roles").toString());
            long millis = refreshed.path("expiresInMillis").longValue();
            assertTrue(millis > 50_000 && millis <= 65_000, "a minute and the leeway, not " + millis);
        }
    }

    @Test
    void everybodyHearsWhatAWriterSays() throws Exception {
        try (Client bob =
                        Client.withToken(port, Fixture.token("bob", Role.WRITER).signed());
                Client eve = Client.withToken(port, Fixture.token("eve").signed())) {
            bob.say("{'type':'say','text':'<i>hello</i>'}");
            JsonNode said = eve.hear("said");
            assertEquals("bob", said.path("user").stringValue());
            assertEquals("<i>hello</i>", said.path("text").stringValue());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "       | {'type':'say','text':'x'}               | 4003 that needs the role writer",
                "       | {'type':'announce','text':'x'}          | 4003 that needs the role admin",
                "writer | {'type':'announce','text':'x'}          | 4003 that needs the role admin",
                "writer | {'type':'sign-out-user','user':'ada'}   | 4003 that needs the role admin",
                "admin  | {'type':'say','text':'x'}               | 4003 that needs the role writer",
                "Admin  | {'type':'announce','text':'x'}          | 4003 that needs the role admin"
            })
    void aCommandThatIsNotPermittedClosesWith4003AndNobodyHearsOfIt(String role, String command, String closed)
            throws Exception {
        String token = Fixture.token("eve")
                .claim("roles", role == null ? null : List.of(role))
                .signed();
        try (Client ada = Client.withToken(
                        port, Fixture.token("ada", Role.WRITER, Role.ADMIN).signed());
                Client eve = Client.withToken(port, token)) {
            eve.say(command);
            assertEquals(closed, eve.closed());
            assertTrue(ada.isAlive("still here"), "the next that Ada hears is herself");
        }
    }

    @Test
    void aCommandWhoseTextIsBadIsNotWorthAClose() throws Exception {
        try (Client eve = Client.withToken(port, Fixture.token("eve").signed())) {
            eve.say("{'type':'say','text':' '}");
            assertEquals("bad-text", eve.hearError());
            eve.say("{'type':'dance'}");
            assertEquals("unknown-type", eve.hearError());
            eve.say("{'type':'sign-in','user':'eve','password':'" + Fixture.EVE + "'}");
            assertEquals("unknown-type", eve.hearError());
            eve.say("[");
            assertEquals("bad-json", eve.hearError());
        }
    }

    @Test
    void rolesAreThoseOfTheLastToken() throws Exception {
        try (Client bob =
                Client.withToken(port, Fixture.token("bob", Role.WRITER).signed())) {
            assertTrue(bob.isAlive("before"));
            bob.refresh(Fixture.token("bob").signed());
            bob.hear("refreshed");
            bob.say("{'type':'say','text':'after'}");
            assertEquals(4003, bob.closeCode());
        }
    }

    @Test
    void aSessionEndsWithItsTokenAndARefreshedOneDoesNot() throws Exception {
        // Within the leeway: what is left of it is what these sessions have left.
        String ending =
                Fixture.token("ada", Role.WRITER).claim("exp", Forge.now() - 3).signed();
        try (Client witness = Client.withToken(port, ending);
                Client refreshed = Client.withToken(port, ending)) {
            refreshed.refresh(Fixture.token("ada", Role.WRITER).signed());
            refreshed.hear("refreshed");
            assertEquals(1008, witness.closeCode());
            assertTrue(refreshed.isAlive("still here"));
        }
    }

    @Test
    void aRefreshCanBringTheEndNearer() throws Exception {
        try (Client ada = Client.withToken(port, Fixture.token("ada").signed())) {
            ada.refresh(Fixture.token("ada").claim("exp", Forge.now() - 3).signed());
            ada.hear("refreshed");
            assertEquals(1008, ada.closeCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "EXPIRED", "NONE"})
    void aBadTokenRefreshesNothingAndEndsNothing(String token) throws Exception {
        String shown = switch (token) {
            case "EXPIRED" ->
                Fixture.token("ada").claim("exp", Forge.now() - 60).signed();
            case "NONE" -> Fixture.token("ada").header("alg", "none").content() + ".";
            default -> token;
        };
        try (Client ada =
                Client.withToken(port, Fixture.token("ada", Role.WRITER).signed())) {
            ada.refresh(shown);
            assertEquals("bad-token", ada.hearError());
            assertTrue(ada.isAlive("still here"));
        }
    }

    @Test
    void somebodyElsesTokenClosesWith4003() throws Exception {
        try (Client bob = Client.withToken(port, Fixture.token("bob").signed())) {
            bob.refresh(Fixture.token("ada", Role.ADMIN).signed());
            assertEquals("4003 that token is somebody else's", bob.closed());
        }
    }

    @Test
    void whoTalksTooFastIsClosedAndNotHeard() throws Exception {
        try (Client bob = Client.withToken(port, Fixture.token("bob").signed())) {
            int sent = 0;
            while (sent++ < 10_000 && !bob.isClosed()) {
                bob.trySay("{'type':'dance'}");
            }
            assertEquals(1008, bob.closeCode());
        }
    }
}
