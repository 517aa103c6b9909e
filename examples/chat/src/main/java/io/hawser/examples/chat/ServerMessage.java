package io.hawser.examples.chat;

import io.hawser.Message;
import java.time.Instant;
import java.util.Collection;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the server says. */
final class ServerMessage {

    private ServerMessage() {}

    /** To who joined: under which name, and who is there, that name included. */
    static Message joined(String room, String user, Collection<String> users) {
        ObjectNode json = about("joined", room, user);
        ArrayNode names = json.putArray("users");
        users.forEach(names::add);
        return text(json);
    }

    static Message userJoined(String room, String user) {
        return text(about("user-joined", room, user));
    }

    static Message userLeft(String room, String user) {
        return text(about("user-left", room, user));
    }

    static Message message(String room, String user, String text) {
        return text(about("message", room, user)
                .put("text", text)
                .put("at", Instant.now().toEpochMilli()));
    }

    static Message error(Problem problem) {
        return text(ClientMessage.JSON
                .createObjectNode()
                .put("type", "error")
                .put("code", problem.code())
                .put("text", problem.text()));
    }

    private static ObjectNode about(String type, String room, String user) {
        return ClientMessage.JSON
                .createObjectNode()
                .put("type", type)
                .put("room", room)
                .put("user", user);
    }

    private static Message text(ObjectNode json) {
        return Message.text(ClientMessage.JSON.writeValueAsString(json));
    }
}
