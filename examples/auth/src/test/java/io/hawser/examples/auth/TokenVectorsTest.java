package io.hawser.examples.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.hawser.examples.auth.identity.AccessTokens;
import io.hawser.examples.auth.identity.Forge;
import io.hawser.examples.auth.identity.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What has been tried against verifiers of tokens: each is refused, and the token it was made from is taken. */
@Timeout(60)
class TokenVectorsTest {

    private static final SigningKeys OTHER = SigningKeys.ephemeral();
    private static final String INVALID = "sign in again: not valid";
    private static final String EXPIRED = "sign in again: expired";

    @RegisterExtension
    private static final RunningServer SERVER = new RunningServer();

    @Test
    void theTokenThatAllOthersAreMadeFromIsTaken() throws Exception {
        assertTrue(ask(Fixture.token().signed()).isAccepted());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"algorithms", "keys", "claims", "shapes"})
    void aProgramIsRefusedBy401(String name, String token, String reason) throws Exception {
        Upgrade answer = ask(token);
        assertEquals(401, answer.status());
        assertEquals(
                "Bearer realm=\"hawser\", error=\"invalid_token\"",
                answer.header("WWW-Authenticate").orElseThrow());
        assertFalse(!token.isEmpty() && answer.head().contains(token));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"algorithms", "keys", "claims", "shapes"})
    void aBrowserIsToldByTheCloseCode4401(String name, String token, String reason) throws Exception {
        String origin = "Origin: http://localhost:" + SERVER.port();
        Upgrade answer = Upgrade.of(SERVER.port(), "/live", origin, "Authorization: Bearer " + token);
        assertEquals(4401, answer.closeCode());
        assertEquals(reason, answer.closeReason());
    }

    static Stream<Arguments> algorithms() throws Exception {
        byte[] der = Fixture.KEYS.first().toPublicKey().getEncoded();
        byte[] pem = ("-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                        + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] jwk = Fixture.KEYS.first().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
        String signature = Fixture.token().signed().split("\\.")[2];
        return Stream.of(
                bad("alg none", Fixture.token().header("alg", "none").content() + "."),
                bad("alg nOnE", Fixture.token().header("alg", "nOnE").content() + "."),
                bad("alg NONE", Fixture.token().header("alg", "NONE").content() + "."),
                bad("alg None", Fixture.token().header("alg", "None").content() + "."),
                bad(
                        "alg none, with a signature",
                        Fixture.token().header("alg", "none").content() + "." + signature),
                bad("alg none, signed", Fixture.token().header("alg", "nOnE").signed()),
                bad("alg empty", Fixture.token().header("alg", "").content() + "."),
                bad("no alg", Fixture.token().header("alg", null).signed()),
                bad("alg is a number", Fixture.token().header("alg", 256).signed()),
                bad(
                        "HS256 by the public key's PEM",
                        Fixture.token().header("alg", "HS256").authenticatedBy(pem)),
                bad(
                        "HS256 by the public key's DER",
                        Fixture.token().header("alg", "HS256").authenticatedBy(der)),
                bad(
                        "HS256 by the public key's JWK",
                        Fixture.token().header("alg", "HS256").authenticatedBy(jwk)),
                bad("RS256, and an HMAC by the PEM", Fixture.token().authenticatedBy(pem)),
                bad(
                        "RS512 by the right key",
                        Fixture.token().header("alg", "RS512").signedBy(Fixture.KEYS.first(), "SHA512withRSA")),
                bad("RS256, signed as RS512", Fixture.token().signedBy(Fixture.KEYS.first(), "SHA512withRSA")));
    }

    static Stream<Arguments> keys() {
        Map<String, Object> embedded = OTHER.first().toPublicJWK().toJSONObject();
        return Stream.of(
                bad("another key", Fixture.token().signedBy(OTHER.first(), "SHA256withRSA")),
                bad(
                        "another key and its kid",
                        Fixture.token()
                                .header("kid", OTHER.first().getKeyID())
                                .signedBy(OTHER.first(), "SHA256withRSA")),
                bad(
                        "another key and no kid",
                        Fixture.token().header("kid", null).signedBy(OTHER.first(), "SHA256withRSA")),
                bad(
                        "a key of the token's own",
                        Fixture.token()
                                .header("jwk", embedded)
                                .header("kid", null)
                                .signedBy(OTHER.first(), "SHA256withRSA")),
                bad(
                        "keys from elsewhere",
                        Fixture.token()
                                .header("jku", "http://127.0.0.1:9/keys.json")
                                .signedBy(OTHER.first(), "SHA256withRSA")),
                bad(
                        "kid is a path",
                        Fixture.token().header("kid", "../../../../dev/null").authenticatedBy(new byte[1])),
                bad(
                        "kid is a path, signed",
                        Fixture.token().header("kid", "../../etc/passwd").signed()),
                bad(
                        "kid is SQL",
                        Fixture.token()
                                .header("kid", "x' UNION SELECT 'key' --")
                                .signed()),
                bad(
                        "kid is a command",
                        Fixture.token().header("kid", "key; sleep 10").signed()),
                bad(
                        "kid of 4,000 characters",
                        Fixture.token().header("kid", "k".repeat(4000)).signed()),
                bad(
                        "kid is an array",
                        Fixture.token().header("kid", List.of("a")).signed()),
                bad(
                        "a critical header that we do not know",
                        Fixture.token()
                                .header("crit", List.of("urn:x"))
                                .header("urn:x", 1)
                                .signed()),
                bad("an ID token", Fixture.token().header("typ", "JWT").signed()),
                bad("no typ", Fixture.token().header("typ", null).signed()));
    }

    static Stream<Arguments> claims() {
        List<String> thousand = Collections.nCopies(1000, "r");
        Forge wide = Fixture.token();
        IntStream.range(0, 400).forEach(i -> wide.claim("c" + i, 1));
        return Stream.of(
                arguments(
                        "expired",
                        Fixture.token().claim("exp", Forge.now() - 60).signed(),
                        EXPIRED),
                arguments("expired in 1970", Fixture.token().claim("exp", 0).signed(), EXPIRED),
                bad("never expires", Fixture.token().claim("exp", null).signed()),
                bad(
                        "expires in a thousand years",
                        Fixture.token()
                                .claim("exp", Forge.now() + 31_536_000_000L)
                                .signed()),
                arguments(
                        "expires beyond time",
                        Fixture.token().claim("exp", 1e300).signed(),
                        EXPIRED),
                bad("exp is a text", Fixture.token().claim("exp", "tomorrow").signed()),
                bad(
                        "not yet valid",
                        Fixture.token().claim("nbf", Forge.now() + 60).signed()),
                bad(
                        "another audience",
                        Fixture.token().claim("aud", "somebody-else").signed()),
                bad(
                        "other audiences",
                        Fixture.token().claim("aud", List.of("a", "b")).signed()),
                bad("no audience", Fixture.token().claim("aud", null).signed()),
                bad(
                        "an audience that begins like ours",
                        Fixture.token().claim("aud", AuthServer.AUDIENCE + "2").signed()),
                bad(
                        "another issuer",
                        Fixture.token().claim("iss", "https://evil.example").signed()),
                bad(
                        "our issuer, continued",
                        Fixture.token()
                                .claim("iss", AuthServer.ISSUER + ".evil.example")
                                .signed()),
                bad("no issuer", Fixture.token().claim("iss", null).signed()),
                bad("nobody", Fixture.token().claim("sub", null).signed()),
                bad("an empty name", Fixture.token().claim("sub", "").signed()),
                bad(
                        "a name with lines",
                        Fixture.token().claim("sub", "ada\r\nroot").signed()),
                bad(
                        "a name that is markup",
                        Fixture.token().claim("sub", "<b>ada</b>").signed()),
                bad(
                        "a name of 65 characters",
                        Fixture.token().claim("sub", "a".repeat(65)).signed()),
                bad(
                        "a name that is a list",
                        Fixture.token().claim("sub", List.of("ada")).signed()),
                bad("no login", Fixture.token().claim("sid", null).signed()),
                bad("a thousand roles", Fixture.token().claim("roles", thousand).signed()),
                bad(
                        "a thousand audiences",
                        Fixture.token()
                                .claim(
                                        "aud",
                                        Stream.concat(Stream.of(AuthServer.AUDIENCE), thousand.stream())
                                                .toList())
                                .signed()),
                bad("four hundred claims", wide.signed()),
                bad(
                        "roles that are a text",
                        Fixture.token().claim("roles", "admin").signed()),
                bad(
                        "roles that are numbers",
                        Fixture.token().claim("roles", List.of(1, 2)).signed()));
    }

    static Stream<Arguments> shapes() {
        String good = Fixture.token().signed();
        String[] parts = good.split("\\.");
        String admin = Fixture.token().claim("roles", List.of("admin")).signed().split("\\.")[1];
        String deep = Forge.base64("[".repeat(4000).getBytes(StandardCharsets.US_ASCII));
        return Stream.of(
                bad("the signature stripped", parts[0] + "." + parts[1] + "."),
                bad("the signature and its dot stripped", parts[0] + "." + parts[1]),
                bad("a payload with more roles", parts[0] + "." + admin + "." + parts[2]),
                bad(
                        "a signature with another first bit",
                        parts[0] + "." + parts[1] + "." + (parts[2].startsWith("A") ? "g" : "A")
                                + parts[2].substring(1)),
                bad("huge", Fixture.token().claim("pad", "x".repeat(8000)).signed()),
                bad("8 KiB of dots", ".".repeat(AccessTokens.MAX_BYTES)),
                bad("8 KiB and one byte", "a".repeat(AccessTokens.MAX_BYTES + 1)),
                bad("deep claims", parts[0] + "." + deep + "." + parts[2]),
                bad("a deep header", deep + "." + parts[1] + "." + parts[2]),
                bad("five parts, as if encrypted", good + ".AAAA.AAAA"),
                bad("not Base64", "!!!.???.***"),
                bad(
                        "a header that is no object",
                        Forge.base64("null".getBytes(StandardCharsets.US_ASCII)) + ".e30.AAAA"),
                bad("no token", "xyzzy"));
    }

    @Test
    void whatIsJustWithinTheBoundsIsTaken() throws Exception {
        assertTrue(
                ask(Fixture.token().claim("roles", Collections.nCopies(16, "r")).signed())
                        .isAccepted());
        assertTrue(ask(Fixture.token()
                        .claim("aud", List.of("a", AuthServer.AUDIENCE))
                        .signed())
                .isAccepted());
        assertTrue(ask(Fixture.token().claim("sub", "a".repeat(64)).signed()).isAccepted());
        assertTrue(ask(Fixture.token().claim("pad", "x".repeat(5500)).signed()).isAccepted());
        assertTrue(ask(Fixture.token().header("kid", null).signed()).isAccepted());
        assertTrue(ask(Fixture.token().claim("nbf", Forge.now() + 3).signed()).isAccepted(), "within the leeway");
        assertTrue(ask(Fixture.token().claim("exp", Forge.now() - 3).signed()).isAccepted(), "within the leeway");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Authorization: Basic YWRhOmFkYQ==", "Cookie: session=x; tokens=y", "Authorization: Bearer"})
    void whoShowsNothingIsAskedToWithoutAnError(String line) throws Exception {
        Upgrade answer = line.isEmpty() ? Upgrade.of(SERVER.port(), "/live") : Upgrade.of(SERVER.port(), "/live", line);
        assertEquals(401, answer.status());
        assertEquals(
                "Bearer realm=\"hawser\"", answer.header("WWW-Authenticate").orElseThrow());
    }

    @Test
    void whatIsLargerThanAnyHeadMayBeIsTheLibrarysToRefuse() throws Exception {
        String huge = "a".repeat(20_000);
        assertEquals(
                431,
                Upgrade.of(SERVER.port(), "/live", "Authorization: Bearer " + huge)
                        .status());
        assertEquals(414, Upgrade.of(SERVER.port(), "/live?token=" + huge).status());
    }

    private Upgrade ask(String token) throws Exception {
        return Upgrade.of(SERVER.port(), "/live", "Authorization: Bearer " + token);
    }

    private static Arguments bad(String name, String token) {
        return arguments(name, token, INVALID);
    }
}
