package io.hawser.examples.auth;

import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.examples.auth.identity.Identity;
import io.hawser.examples.auth.identity.Logins;
import io.hawser.examples.auth.identity.Refused.Reason;
import java.util.function.Predicate;

/**
 * Ends logins together with the connections that came from them, by cookie or by token.
 *
 * <p>A connection may be in the midst of its handshake, let in but not yet among the sessions. So the login is ended first, the
 * sessions are looked up after that, and a session that opens looks whether its login has ended: one of the two sees the other.
 */
final class SignOut {

    private final Logins logins;

    SignOut(Logins logins) {
        this.logins = logins;
    }

    /** Ends one login. */
    void login(WebSocketServer server, Identity identity) {
        logins.revoke(identity.login());
        close(server, identity.name(), other -> other.login().equals(identity.login()));
    }

    /** Ends everything of a user, on this server. */
    void user(WebSocketServer server, String user) {
        logins.revokeIf(identity -> identity.name().equals(user));
        close(server, user, identity -> true);
    }

    /** Whether this session's login has ended meanwhile; then so does the session. */
    boolean isOver(WebSocketSession session, Identity identity) {
        boolean isOver = logins.isRevoked(identity.login());
        if (isOver) {
            session.close(Reason.REVOKED.closeStatus());
        }
        return isOver;
    }

    private void close(WebSocketServer server, String user, Predicate<Identity> isOver) {
        for (WebSocketSession session : server.sessionsOf(user)) {
            session.attribute(Identity.KEY).filter(isOver).ifPresent(identity -> {
                logins.revoke(identity.login()); // it may be of a login that this process has not seen
                session.close(Reason.REVOKED.closeStatus());
            });
        }
    }
}
