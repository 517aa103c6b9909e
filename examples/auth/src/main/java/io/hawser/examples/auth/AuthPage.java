package io.hawser.examples.auth;

import io.hawser.HttpReply;
import io.hawser.HttpResponder;
import io.hawser.RequestHead;
import io.hawser.examples.auth.identity.Identity;
import io.hawser.examples.auth.identity.Logins;
import io.hawser.examples.auth.identity.SessionCookie;
import io.hawser.examples.auth.identity.Tickets;
import io.hawser.examples.auth.identity.TokenIssuer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The page, a few files from the class path, and two addresses for its scripts: {@code /session} takes a ticket, in a header that
 * no form and no link can send, and sets the cookie; {@code /token} takes the cookie and gives a token.
 */
final class AuthPage implements HttpResponder {

    /** Only what this very server sends may run, style or be connected to: a text that got into the page as markup stays dead. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String TICKET_SCHEME = "Ticket ";

    private final Map<String, HttpReply> files = Map.of(
            "/", file("index.html", "text/html; charset=utf-8"),
            "/app.js", file("app.js", SCRIPT),
            "/connection.js", file("connection.js", SCRIPT),
            "/identity.js", file("identity.js", SCRIPT),
            "/style.css", file("style.css", "text/css; charset=utf-8"),
            "/icon.svg", file("icon.svg", "image/svg+xml"));

    private final Tickets tickets;
    private final Logins logins;
    private final SessionCookie cookie;
    private final TokenIssuer issuer;
    private final Clock clock;

    AuthPage(Tickets tickets, Logins logins, SessionCookie cookie, TokenIssuer issuer, Clock clock) {
        this.tickets = tickets;
        this.logins = logins;
        this.cookie = cookie;
        this.issuer = issuer;
        this.clock = clock;
    }

    @Override
    public HttpReply respond(RequestHead request) {
        return switch (request.path()) {
            case "/session" -> session(request);
            case "/token" -> token(request);
            default -> files.getOrDefault(request.path(), HttpReply.notFound());
        };
    }

    private HttpReply session(RequestHead request) {
        Optional<Logins.Opened> login = request.header("Authorization")
                .filter(shown ->
                        shown.startsWith(TICKET_SCHEME) && request.method().equals("GET"))
                .flatMap(shown -> tickets.redeem(shown.substring(TICKET_SCHEME.length())))
                .map(logins::open);
        if (login.isEmpty()) {
            return refused("Ticket realm=\"hawser\"");
        }
        String user = login.get().identity().name();
        return json(200, ClientMessage.JSON.createObjectNode().put("user", user))
                .withHeader("Set-Cookie", cookie.set(login.get(), clock.instant()));
    }

    private HttpReply token(RequestHead request) {
        Optional<String> shown = cookie.in(request);
        Optional<Identity> identity = shown.flatMap(logins::find);
        if (identity.isEmpty()) {
            HttpReply refused = refused("Cookie realm=\"hawser\", cookie-name=" + cookie.name());
            return shown.isPresent() ? refused.withHeader("Set-Cookie", cookie.clear()) : refused;
        }
        TokenIssuer.Issued token = issuer.issue(identity.get());
        return json(
                200,
                ClientMessage.JSON
                        .createObjectNode()
                        .put("token", token.text())
                        .put("expiresInMillis", token.lifetime().toMillis()));
    }

    private static HttpReply refused(String challenge) {
        return json(401, ClientMessage.JSON.createObjectNode().put("error", "sign in"))
                .withHeader("WWW-Authenticate", challenge);
    }

    private static HttpReply json(int status, ObjectNode json) {
        byte[] body = ClientMessage.JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
        return new HttpReply(status, List.of(Map.entry("Content-Type", "application/json")), body)
                .withHeader("Cache-Control", "no-store")
                .withHeader("X-Content-Type-Options", "nosniff")
                .withHeader("Cross-Origin-Resource-Policy", "same-origin");
    }

    private static HttpReply file(String name, String type) {
        try (InputStream file = AuthPage.class.getResourceAsStream("/page/" + name)) {
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
