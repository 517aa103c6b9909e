package io.hawser.examples.chat;

import io.hawser.HttpReply;
import io.hawser.HttpResponder;
import io.hawser.RequestHead;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The page: a few files from the class path, read once. */
final class ChatPage implements HttpResponder {

    /** Only what this very server sends may run, style or be connected to: a text that got into the page as markup stays dead. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private final Map<String, HttpReply> files = Map.of(
            "/", file("index.html", "text/html; charset=utf-8"),
            "/app.js", file("app.js", SCRIPT),
            "/connection.js", file("connection.js", SCRIPT),
            "/log.js", file("log.js", SCRIPT),
            "/style.css", file("style.css", "text/css; charset=utf-8"),
            "/icon.svg", file("icon.svg", "image/svg+xml"));

    @Override
    public HttpReply respond(RequestHead request) {
        return files.getOrDefault(request.path(), HttpReply.notFound());
    }

    private static HttpReply file(String name, String type) {
        try (InputStream file = ChatPage.class.getResourceAsStream("/page/" + name)) {
            if (file == null) {
                throw new FileNotFoundException("/page/" + name);
            }
            return HttpReply.ok(type, file.readAllBytes())
                    .withHeader("Content-Security-Policy", POLICY)
                    .withHeader("X-Content-Type-Options", "nosniff")
                    .withHeader("Referrer-Policy", "no-referrer")
                    .withHeader("Cross-Origin-Opener-Policy", "same-origin")
                    .withHeader("Cache-Control", "no-cache");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
