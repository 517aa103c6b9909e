package io.hawser.examples.auth;

import io.hawser.Endpoint;
import io.hawser.Limits;
import io.hawser.Rate;
import io.hawser.ServerLimits;
import io.hawser.WebSocketServer;
import io.hawser.examples.auth.identity.AccessTokens;
import io.hawser.examples.auth.identity.Logins;
import io.hawser.examples.auth.identity.Passwords;
import io.hawser.examples.auth.identity.Role;
import io.hawser.examples.auth.identity.SessionCookie;
import io.hawser.examples.auth.identity.SessionVerifier;
import io.hawser.examples.auth.identity.Tickets;
import io.hawser.examples.auth.identity.TokenIssuer;
import io.hawser.examples.auth.identity.TokenVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Scanner;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The server: where one signs in, where one is let in by token or by cookie, and the page. */
public final class AuthServer implements AutoCloseable {

    /** Who makes the tokens, and for whom. */
    static final String ISSUER = "https://issuer.example";

    static final String AUDIENCE = "hawser-example";

    /** What clients speak here; a page that hides its token in the list of subprotocols must name another, which is the answer. */
    static final String SUBPROTOCOL = "hawser.v1";

    private static final Duration GOODBYE = Duration.ofSeconds(10);

    private static final Limits LIVE = Limits.defaults()
            .withMaxMessageBytes(16 * 1024)
            .withMessageRate(Rate.of(20, 100))
            .withMaxRooms(1);

    private static final Limits LOGIN = Limits.defaults()
            .withMaxMessageBytes(1024)
            .withMessageRate(Rate.of(1, 5))
            .withIdleTimeout(Duration.ofSeconds(30));

    private final WebSocketServer server;
    private final ExecutorService checkers;

    private AuthServer(Settings settings, Clock clock) {
        AccessTokens tokens = new AccessTokens(settings.keys().all(), ISSUER, AUDIENCE, clock);
        TokenIssuer issuer =
                new TokenIssuer(settings.keys().first(), ISSUER, AUDIENCE, settings.tokenLifetime(), clock);
        Logins logins = new Logins(
                clock, settings.loginLifetime(), settings.tokenLifetime().plus(AccessTokens.LEEWAY));
        SessionCookie cookie = new SessionCookie(settings.isSecure());
        Tickets tickets = new Tickets(clock);
        TokenVerifier verifier = new TokenVerifier(tokens, logins);
        LiveHandler live = new LiveHandler(verifier, new SignOut(logins), clock);
        checkers = fewThreads();
        server = WebSocketServer.builder()
                .address(settings.address())
                .serverLimits(ServerLimits.defaults().withHandshakeRatePerAddress(Rate.of(20, 200)))
                .endpoint(Endpoint.of("/login", new LoginHandler(settings.passwords(), tickets, checkers))
                        .withLimits(LOGIN))
                .endpoint(Endpoint.of("/live", live)
                        .withSubprotocols(SUBPROTOCOL)
                        .withLimits(LIVE)
                        .withHandshakeHook(verifier))
                .endpoint(Endpoint.of("/live/cookie", live)
                        .withSubprotocols(SUBPROTOCOL)
                        .withLimits(LIVE)
                        .withHandshakeHook(new SessionVerifier(cookie, logins)))
                .http(new AuthPage(tickets, logins, cookie, issuer, clock))
                .build();
    }

    /** Two passwords at a time, a few waiting: who floods us with guesses keeps two threads busy and no more. */
    private static ExecutorService fewThreads() {
        return new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(16));
    }

    /**
     * Starts the server.
     *
     * @param settings see there
     * @param clock what says when something has expired
     * @return a server that serves
     */
    static AuthServer start(Settings settings, Clock clock) {
        AuthServer auth = new AuthServer(settings, clock);
        auth.server.start();
        return auth;
    }

    int port() {
        return server.port();
    }

    /** Tells every client that the server goes away (1001), and waits until they are gone. */
    @Override
    public void close() {
        server.stop(GOODBYE).toCompletableFuture().join();
        checkers.shutdownNow();
    }

    /**
     * Serves until the process is told to end by SIGTERM or SIGINT; or prints the line of a new user.
     *
     * @param args the port; or {@code user NAME ROLE...}, and the password on standard input
     */
    public static void main(String[] args) {
        try {
            if (args.length > 1 && args[0].equals("user")) {
                printUser(args);
                return;
            }
            AuthServer auth = start(Settings.of(args, System.getenv()), Clock.systemUTC());
            Runtime.getRuntime().addShutdownHook(new Thread(auth::close, "goodbye"));
            System.out.println("Open http://localhost:" + auth.port() + "/ in a browser. Ctrl-C ends the server.");
        } catch (IllegalArgumentException | IllegalStateException | IOException | UncheckedIOException e) {
            System.err.println("The server cannot start: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void printUser(String[] args) {
        try (Scanner input = new Scanner(System.in)) {
            String password = input.hasNextLine() ? input.nextLine() : "";
            System.out.println(Passwords.line(
                    args[1], Role.of(Arrays.asList(args).subList(2, args.length)), password, Passwords.ITERATIONS));
        }
    }
}
