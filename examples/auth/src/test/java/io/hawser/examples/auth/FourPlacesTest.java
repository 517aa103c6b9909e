package io.hawser.examples.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a token may stand. */
@Timeout(60)
class FourPlacesTest {

    private static final String GOOD = Fixture.token().signed();

    @RegisterExtension
    private static final RunningServer SERVER = new RunningServer();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/live           | Authorization: Bearer TOKEN",
                "/live           | authorization: bearer TOKEN",
                "/live?token=TOKEN       | X-Nothing: 1",
                "/live?a=b&token=TOKEN&c | X-Nothing: 1",
                "/live           | Cookie: token=TOKEN",
                "/live           | Cookie: a=b; token=TOKEN; c=d",
                "/live           | Sec-WebSocket-Protocol: hawser.v1, bearer.TOKEN",
                "/live           | Sec-WebSocket-Protocol: bearer.TOKEN, hawser.v1"
            })
    void aGoodTokenIsTakenFromEachOfFourPlacesAndABadOneFromNone(String path, String line) throws Exception {
        Upgrade answer = ask(path, line, GOOD);
        assertTrue(answer.isAccepted(), answer.head());
        assertEquals(401, ask(path, line, GOOD.substring(0, GOOD.length() - 4)).status());
    }

    @Test
    void theAnswerNeverRepeatsTheToken() throws Exception {
        Upgrade answer = ask("/live", "Sec-WebSocket-Protocol: bearer.TOKEN, hawser.v1", GOOD);
        assertEquals(Optional.of("hawser.v1"), answer.header("Sec-WebSocket-Protocol"));
        Upgrade alone = ask("/live", "Sec-WebSocket-Protocol: bearer.TOKEN", GOOD);
        assertEquals(Optional.empty(), alone.header("Sec-WebSocket-Protocol"));
        for (String part : GOOD.split("\\.")) {
            assertFalse(answer.head().contains(part) || alone.head().contains(part));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/live?token=TOKEN             | Authorization: Bearer TOKEN",
                "/live?token=TOKEN&token=TOKEN | X-Nothing: 1",
                "/live?token=TOKEN             | Sec-WebSocket-Protocol: hawser.v1, bearer.TOKEN",
                "/live | Sec-WebSocket-Protocol: hawser.v1, bearer.TOKEN, bearer.OTHER"
            })
    void twoTokensAreOneTooMany(String path, String line) throws Exception {
        Upgrade answer = ask(path, line, GOOD);
        assertEquals(400, answer.status());
        assertEquals(
                "Bearer realm=\"hawser\", error=\"invalid_request\"",
                answer.header("WWW-Authenticate").orElseThrow());
        assertEquals(
                4400,
                ask(path, line + "\nOrigin: http://localhost:" + SERVER.port(), GOOD)
                        .closeCode());
    }

    @Test
    void aCookieWhichComesByItselfDoesNotContradictWhatIsShown() throws Exception {
        assertTrue(ask("/live", "Authorization: Bearer TOKEN\nCookie: token=old", GOOD)
                .isAccepted());
        assertEquals(
                401,
                ask("/live", "Authorization: Bearer old\nCookie: token=TOKEN", GOOD)
                        .status());
    }

    @Test
    void aPageOfAnotherOriginIsRefusedWhateverItsBrowserSends() throws Exception {
        assertEquals(
                403,
                ask("/live", "Cookie: token=TOKEN\nOrigin: https://evil.example", GOOD)
                        .status());
    }

    private Upgrade ask(String path, String lines, String token) throws Exception {
        List<String> headers = new ArrayList<>();
        lines.replace("TOKEN", token).lines().forEach(headers::add);
        return Upgrade.of(SERVER.port(), path.replace("TOKEN", token), headers.toArray(String[]::new));
    }
}
