package io.hawser.examples.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page, as a browser gets it. */
class AuthPageTest {

    @RegisterExtension
    private static final RunningServer SERVER = new RunningServer();

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/app.js, text/javascript; charset=utf-8",
        "/connection.js, text/javascript; charset=utf-8",
        "/identity.js, text/javascript; charset=utf-8",
        "/style.css, text/css; charset=utf-8",
        "/icon.svg, image/svg+xml"
    })
    void everyFileComesWithItsTypeAndUnderTheStrictPolicy(String path, String type) throws Exception {
        HttpResponse<String> response = get(path);
        assertEquals(200, response.statusCode());
        assertEquals(type, response.headers().firstValue("Content-Type").orElseThrow());
        String policy = response.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"));
        assertFalse(policy.contains("unsafe"));
    }

    @Test
    void whatThePageAndItsScriptsNameIsServed() throws Exception {
        Matcher references = Pattern.compile("(?:src=|href=|from )\"([^\"]+)\"")
                .matcher(get("/").body() + get("/app.js").body());
        int count = 0;
        for (; references.find(); count++) {
            URI path = URI.create("/").resolve(references.group(1));
            assertEquals(200, get(path.toString()).statusCode());
        }
        assertTrue(count >= 5, "only " + count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/demo-users.txt", "/page/app.js", "/session/", "/token/x"})
    void otherPathsAreNotFound(String path) throws Exception {
        assertEquals(404, get(path).statusCode());
    }

    /** What would make markup of a text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "DOMParser",
                "createContextualFragment",
                "eval(",
                "Function(",
                "setHTML"
            })
    void noScriptMakesMarkupOfText(String call) throws Exception {
        assertFalse(scripts().contains(call));
    }

    @Test
    void noScriptKeepsATokenWhereAnotherScriptCouldFindIt() throws Exception {
        for (String store :
                new String[] {"localStorage", "sessionStorage", "document.cookie", "indexedDB", "console."}) {
            assertFalse(scripts().contains(store), store);
        }
    }

    @Test
    void thePageNeedsNothingFromElsewhereAndNoInlineCode() throws Exception {
        String page = file("index.html");
        assertFalse(Pattern.compile("https?:").matcher(page + file("style.css")).find());
        assertFalse(Pattern.compile("<style|\\sstyle=|\\son[a-z]+=|<script(?![^>]*\\ssrc=)")
                .matcher(page)
                .find());
    }

    @Test
    void everyElementThatTheScriptAsksForIsOnThePage() throws Exception {
        Matcher ids = Pattern.compile("\\$\\(\"([a-z-]+)\"\\)").matcher(scripts());
        assertTrue(ids.find());
        do {
            assertTrue(file("index.html").contains("id=\"" + ids.group(1) + "\""), ids.group(1));
        } while (ids.find());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return Client.get(SERVER.port(), path);
    }

    private static String scripts() throws IOException {
        return file("app.js") + file("connection.js") + file("identity.js");
    }

    private static String file(String name) throws IOException {
        try (var file = AuthPage.class.getResourceAsStream("/page/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
