package io.hawser.examples.chat;

import io.hawser.CloseStatus;
import io.hawser.Initiator;
import io.hawser.Message;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketSession;
import java.util.Optional;

/** Carries out what clients say. A mistake is answered, and costs nobody the connection. */
final class ChatHandler implements WebSocketHandler {

    private final ChatRooms rooms;

    ChatHandler(ChatRooms rooms) {
        this.rooms = rooms;
    }

    @Override
    public void onOpen(WebSocketSession session) {
        rooms.enter(session);
    }

    @Override
    public void onText(WebSocketSession session, Message message) {
        carryOut(session, ClientMessage.parse(message))
                .ifPresent(problem -> session.send(ServerMessage.error(problem)));
    }

    @Override
    public void onBinary(WebSocketSession session, Message message) {
        session.send(ServerMessage.error(Problem.BAD_JSON));
    }

    @Override
    public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
        rooms.leaveAll(session);
    }

    private Optional<Problem> carryOut(WebSocketSession session, ClientMessage message) {
        if (message instanceof ClientMessage.Post post) {
            return rooms.post(session, post);
        }
        if (message instanceof ClientMessage.Join join) {
            return rooms.join(session, join);
        }
        if (message instanceof ClientMessage.Leave leave) {
            return rooms.leave(session, leave.room());
        }
        return Optional.of(((ClientMessage.Invalid) message).problem());
    }
}
