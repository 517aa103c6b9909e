package io.hawser.examples.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page, as a browser gets it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatPageTest {

    private final HttpClient http = HttpClient.newHttpClient();
    private ChatServer chat;

    @BeforeAll
    void start() {
        chat = ChatServer.start(0);
    }

    @AfterAll
    void stop() {
        chat.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/app.js, text/javascript; charset=utf-8",
        "/connection.js, text/javascript; charset=utf-8",
        "/log.js, text/javascript; charset=utf-8",
        "/style.css, text/css; charset=utf-8",
        "/icon.svg, image/svg+xml"
    })
    void everyFileComesWithItsTypeAndUnderTheStrictPolicy(String path, String type) throws Exception {
        HttpResponse<String> response = get(path);
        assertEquals(200, response.statusCode());
        assertEquals(type, response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
                "nosniff",
                response.headers().firstValue("X-Content-Type-Options").orElseThrow());
        String policy = response.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"));
        assertFalse(policy.contains("unsafe"));
    }

    @Test
    void whatThePageAndItsScriptNameIsServed() throws Exception {
        String names = get("/").body() + get("/app.js").body();
        Matcher references = Pattern.compile("(?:src=|href=|from )\"([^\"]+)\"").matcher(names);
        int count = 0;
        for (; references.find(); count++) {
            assertEquals(
                    200,
                    get(URI.create("/").resolve(references.group(1)).toString()).statusCode());
        }
        assertTrue(count >= 6, "only " + count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/index.html/..", "/page/app.js", "/app.js/"})
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
    void thePageNeedsNothingFromElsewhereAndNoInlineCode() throws Exception {
        String page = file("index.html");
        assertFalse((page + scripts() + file("style.css")).contains("//cdn"));
        assertFalse(Pattern.compile("https?:").matcher(page + file("style.css")).find());
        assertFalse(Pattern.compile("<style|\\sstyle=|\\son[a-z]+=|<script(?![^>]*\\ssrc=)")
                .matcher(page)
                .find());
    }

    @Test
    void everyElementThatTheScriptAsksForIsOnThePage() throws Exception {
        String page = file("index.html");
        Matcher ids =
                Pattern.compile("(?:\\$|getElementById)\\(\"([a-z-]+)\"\\)").matcher(scripts());
        assertTrue(ids.find());
        do {
            assertTrue(page.contains("id=\"" + ids.group(1) + "\""), ids.group(1));
        } while (ids.find());
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://localhost:" + chat.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String scripts() throws IOException {
        return file("app.js") + file("connection.js") + file("log.js");
    }

    private static String file(String name) throws IOException {
        try (var file = ChatPage.class.getResourceAsStream("/page/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
