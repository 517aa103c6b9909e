package io.hawser.examples.auth;

import io.hawser.AttributeKey;
import io.hawser.CloseStatus;
import io.hawser.Message;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketSession;
import io.hawser.examples.auth.identity.Passwords;
import io.hawser.examples.auth.identity.Tickets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where one signs in: hears a name and a password, answers with a ticket that {@link AuthPage} takes for a cookie. A WebSocket, because
 * the library's HTTP serves GET alone, and a password has no place in an address. The origin policy holds here too, so that no other
 * site can sign its visitors in as somebody.
 *
 * <p>To check a password is slow by design: that is done on threads of its own, and there are few.
 */
final class LoginHandler implements WebSocketHandler {

    static final int MOST_ATTEMPTS = 3;

    static final CloseStatus TOO_MANY_ATTEMPTS = new CloseStatus(4429, "too many attempts");

    private static final AttributeKey<AtomicInteger> ATTEMPTS = AttributeKey.of("attempts", AtomicInteger.class);

    private final Passwords passwords;
    private final Tickets tickets;
    private final ExecutorService checkers;

    /** {@code checkers} must refuse what it has no room for. */
    LoginHandler(Passwords passwords, Tickets tickets, ExecutorService checkers) {
        this.passwords = passwords;
        this.tickets = tickets;
        this.checkers = checkers;
    }

    @Override
    public void onOpen(WebSocketSession session) {
        session.setAttribute(ATTEMPTS, new AtomicInteger());
    }

    @Override
    public void onText(WebSocketSession session, Message message) {
        ClientMessage said = ClientMessage.parse(message);
        if (!(said instanceof ClientMessage.SignIn signIn)) {
            session.send(ServerMessage.error(Problem.UNKNOWN_TYPE));
            return;
        }
        if (session.attribute(ATTEMPTS).orElseThrow().incrementAndGet() > MOST_ATTEMPTS) {
            session.close(TOO_MANY_ATTEMPTS);
            return;
        }
        try {
            checkers.execute(() -> check(session, signIn));
        } catch (RejectedExecutionException full) {
            session.send(ServerMessage.error(Problem.BUSY));
        }
    }

    private void check(WebSocketSession session, ClientMessage.SignIn signIn) {
        Optional<Passwords.Account> account = passwords.check(signIn.user(), signIn.password());
        if (account.isPresent()) {
            session.send(ServerMessage.ticket(tickets.issue(account.get())));
            session.close();
        } else {
            session.send(ServerMessage.error(Problem.BAD_PASSWORD));
        }
    }
}
