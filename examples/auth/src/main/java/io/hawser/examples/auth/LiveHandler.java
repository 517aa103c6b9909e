package io.hawser.examples.auth;

import io.hawser.CloseStatus;
import io.hawser.Message;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketSession;
import io.hawser.examples.auth.identity.Identity;
import io.hawser.examples.auth.identity.Refused;
import io.hawser.examples.auth.identity.Role;
import io.hawser.examples.auth.identity.TokenVerifier;
import java.time.Clock;

/** Serves who was let in. A mistake is answered; what somebody may not do ends the connection. */
final class LiveHandler implements WebSocketHandler {

    /** Somebody tried what they may not: a page that offers it is wrong, or this is no page of ours. */
    static final int NOT_PERMITTED = 4003;

    private static final String ROOM = "live";

    private final TokenVerifier verifier;
    private final SignOut signOut;
    private final Clock clock;

    LiveHandler(TokenVerifier verifier, SignOut signOut, Clock clock) {
        this.verifier = verifier;
        this.signOut = signOut;
        this.clock = clock;
    }

    @Override
    public void onOpen(WebSocketSession session) {
        Identity identity = identity(session);
        if (!signOut.isOver(session, identity)) {
            session.send(ServerMessage.welcome(identity, clock.instant()));
            session.join(ROOM);
        }
    }

    @Override
    public void onText(WebSocketSession session, Message message) {
        ClientMessage said = ClientMessage.parse(message);
        Role needed = said.needs().orElse(null);
        if (needed != null && !identity(session).roles().contains(needed)) {
            session.close(new CloseStatus(NOT_PERMITTED, "that needs the role " + needed.text()));
            return;
        }
        carryOut(session, said);
    }

    @Override
    public void onBinary(WebSocketSession session, Message message) {
        session.send(ServerMessage.error(Problem.BAD_JSON));
    }

    private void carryOut(WebSocketSession session, ClientMessage message) {
        Identity identity = identity(session);
        if (message instanceof ClientMessage.Say say) {
            session.server().room(ROOM).broadcast(ServerMessage.said(identity.name(), say.text()));
        } else if (message instanceof ClientMessage.Announce announce) {
            session.server().room(ROOM).broadcast(ServerMessage.announced(identity.name(), announce.text()));
        } else if (message instanceof ClientMessage.SignOutUser other) {
            signOut.user(session.server(), other.user());
        } else if (message instanceof ClientMessage.Leave) {
            signOut.login(session.server(), identity);
        } else if (message instanceof ClientMessage.Refresh refresh) {
            refresh(session, identity, refresh.token());
        } else {
            session.send(ServerMessage.error(
                    message instanceof ClientMessage.Invalid invalid ? invalid.problem() : Problem.UNKNOWN_TYPE));
        }
    }

    /** Puts the end of the session off to that of a newer token. Its roles count from now on. */
    private void refresh(WebSocketSession session, Identity before, String token) {
        Identity fresh;
        try {
            fresh = verifier.verify(token);
        } catch (Refused refused) {
            session.send(ServerMessage.error(Problem.BAD_TOKEN));
            return;
        }
        if (!fresh.name().equals(before.name())) {
            session.close(new CloseStatus(NOT_PERMITTED, "that token is somebody else's"));
            return;
        }
        session.setAttribute(Identity.KEY, fresh);
        if (!signOut.isOver(session, fresh)) {
            session.setExpiry(fresh.expiresAt());
            session.send(ServerMessage.refreshed(fresh, clock.instant()));
        }
    }

    private static Identity identity(WebSocketSession session) {
        return session.attribute(Identity.KEY).orElseThrow(); // no hook of ours lets anybody in without
    }
}
