package io.hawser.examples.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From a password to a cookie, from a cookie to a token, and the end of it all. */
@Timeout(60)
class LoginTest {

    @RegisterExtension
    private static final RunningServer SERVER = new RunningServer();

    private final int port = SERVER.port();

    @Test
    void aPasswordBecomesATicketTheTicketACookieTheCookieAConnection() throws Exception {
        String cookie = Client.cookie(port, "bob", Fixture.BOB);
        try (Client bob = Client.withCookie(port, cookie)) {
            assertTrue(bob.isAlive("by cookie"));
        }
    }

    @Test
    void theCookieBecomesATokenWithTheSameRoles() throws Exception {
        String token = Client.token(port, Client.cookie(port, "eve", Fixture.EVE));
        try (Client eve = Client.withToken(port, token)) {
            eve.say("{'type':'say','text':'I may not'}");
            assertEquals(4003, eve.closeCode());
        }
    }

    @Test
    void theCookieIsForThisSiteAndNotForScripts() throws Exception {
        HttpResponse<String> answer =
                Client.get(port, "/session", "Authorization", "Ticket " + Client.ticket(port, "ada", Fixture.ADA));
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        assertTrue(
                cookie.matches("session=[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}; Path=/; Max-Age=[0-9]+; HttpOnly;"
                        + " SameSite=Strict"),
                cookie);
        assertFalse(answer.body().contains(cookie.substring(8, 74)));
        assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElseThrow());
    }

    @Test
    void behindHttpsTheCookieIsSecureAndBoundToTheHost() throws Exception {
        Settings settings = Fixture.settings().withSecureCookies();
        try (AuthServer secure = AuthServer.start(settings, Clock.systemUTC())) {
            String ticket = Client.ticket(secure.port(), "ada", Fixture.ADA);
            HttpResponse<String> answer = Client.get(secure.port(), "/session", "Authorization", "Ticket " + ticket);
            String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
            assertTrue(cookie.startsWith("__Host-session=") && cookie.endsWith("; Secure"), cookie);
            assertTrue(cookie.contains("; Path=/;") && !cookie.contains("Domain"));
            try (Client ada = Client.withCookie(secure.port(), cookie.split(";")[0])) {
                assertTrue(ada.isAlive("over there"));
            }
        }
    }

    @Test
    void aTicketIsGoodOnce() throws Exception {
        String ticket = "Ticket " + Client.ticket(port, "ada", Fixture.ADA);
        assertEquals(200, Client.get(port, "/session", "Authorization", ticket).statusCode());
        HttpResponse<String> again = Client.get(port, "/session", "Authorization", ticket);
        assertEquals(401, again.statusCode());
        assertTrue(again.headers().firstValue("Set-Cookie").isEmpty());
        assertEquals(401, Client.get(port, "/session").statusCode());
    }

    @Test
    void aWrongPasswordAndAWrongNameGetTheSameAnswerAndTheFourthAttemptNone() throws Exception {
        try (Client guesser = Client.atTheDoor(port)) {
            for (List<String> guess : List.of(List.of("ada", "guess"), List.of("nobody", "guess"), List.of("", ""))) {
                guesser.signIn(guess.get(0), guess.get(1));
                assertEquals("bad-password", guesser.hearError());
            }
            guesser.signIn("ada", Fixture.ADA);
            assertEquals("4429 too many attempts", guesser.closed());
        }
    }

    @Test
    void theDoorTakesNothingButNamesAndPasswords() throws Exception {
        try (Client guesser = Client.atTheDoor(port)) {
            guesser.say("{'type':'say','text':'hello'}");
            assertEquals("unknown-type", guesser.hearError());
        }
        assertEquals(
                403, Upgrade.of(port, "/login", "Origin: https://evil.example").status());
    }

    @Test
    void whoHasNoGoodCookieIsRefusedAndLosesIt() throws Exception {
        String origin = "Origin: http://localhost:" + port;
        String fake = "Cookie: session=" + "a".repeat(22) + "." + "b".repeat(43);
        assertEquals(401, Upgrade.of(port, "/live/cookie").status());
        assertEquals("sign in", Upgrade.of(port, "/live/cookie", origin).closeReason());
        Upgrade answer = Upgrade.of(port, "/live/cookie", fake);
        assertEquals(401, answer.status());
        assertTrue(answer.header("WWW-Authenticate").orElseThrow().startsWith("Cookie "));
        Upgrade browser = Upgrade.of(port, "/live/cookie", fake, origin);
        assertEquals(4401, browser.closeCode());
        for (Upgrade refused : List.of(answer, browser)) {
            assertTrue(refused.header("Set-Cookie").orElseThrow().startsWith("session=; Path=/; Max-Age=0;"));
        }
        HttpResponse<String> token = Client.get(port, "/token", "Cookie", "session=x");
        assertEquals(401, token.statusCode());
        assertTrue(token.headers().firstValue("Set-Cookie").orElseThrow().contains("Max-Age=0"));
        assertEquals(401, Client.get(port, "/token").statusCode());
    }

    @Test
    void aCookieIsOfNoUseToAPageOfAnotherOrigin() throws Exception {
        String cookie = Client.cookie(port, "ada", Fixture.ADA);
        assertEquals(
                403,
                Upgrade.of(port, "/live/cookie", "Cookie: " + cookie, "Origin: https://evil.example")
                        .status());
    }

    @Test
    void signingOutEndsAllConnectionsOfThatLoginAndOfNoOther() throws Exception {
        String cookie = Client.cookie(port, "ada", Fixture.ADA);
        String token = Client.token(port, cookie);
        String elsewhere = Client.cookie(port, "ada", Fixture.ADA);
        try (Client leaving = Client.withCookie(port, cookie);
                Client byCookie = Client.withCookie(port, cookie);
                Client byToken = Client.withToken(port, token);
                Client other = Client.withCookie(port, elsewhere)) {
            leaving.say("{'type':'sign-out'}");
            for (Client client : List.of(leaving, byCookie, byToken)) {
                assertEquals("4401 sign in again: signed out", client.closed());
            }
            assertTrue(other.isAlive("another login"));
        }
        assertEquals(401, Upgrade.of(port, "/live/cookie", "Cookie: " + cookie).status());
        assertEquals(
                401, Upgrade.of(port, "/live", "Authorization: Bearer " + token).status());
        assertEquals(401, Client.get(port, "/token", "Cookie", cookie).statusCode());
        assertEquals(
                "sign in again: signed out",
                Upgrade.of(port, "/live?token=" + token, "Origin: http://localhost:" + port)
                        .closeReason());
    }

    @Test
    void anAdministratorSignsSomebodyOutOfEverything() throws Exception {
        String first = Client.cookie(port, "bob", Fixture.BOB);
        String second = Client.cookie(port, "bob", Fixture.BOB);
        try (Client ada = Client.withCookie(port, Client.cookie(port, "ada", Fixture.ADA));
                Client byCookie = Client.withCookie(port, first);
                Client byToken = Client.withToken(port, Client.token(port, second));
                Client foreign = Client.withToken(port, Fixture.token("bob").signed())) {
            ada.say("{'type':'sign-out-user','user':'bob'}");
            for (Client client : List.of(byCookie, byToken, foreign)) {
                assertEquals(4401, client.closeCode());
            }
            assertTrue(ada.isAlive("herself"));
        }
        for (String cookie : List.of(first, second)) {
            assertEquals(401, Client.get(port, "/token", "Cookie", cookie).statusCode());
        }
    }

    @Test
    void aTokenOfALoginThatHasEndedRefreshesNothing() throws Exception {
        String ended = Client.cookie(port, "ada", Fixture.ADA);
        String token = Client.token(port, ended);
        try (Client leaving = Client.withCookie(port, ended)) {
            leaving.say("{'type':'sign-out'}");
            leaving.closed();
        }
        try (Client other = Client.withCookie(port, Client.cookie(port, "ada", Fixture.ADA))) {
            other.refresh(token);
            assertEquals("bad-token", other.hearError());
        }
    }
}
