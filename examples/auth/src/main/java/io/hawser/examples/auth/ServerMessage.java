package io.hawser.examples.auth;

import io.hawser.Message;
import io.hawser.examples.auth.identity.Identity;
import io.hawser.examples.auth.identity.Role;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** What the server says. */
final class ServerMessage {

    private ServerMessage() {}

    /** To who was let in: as whom, what they may do, and for how long. */
    static Message welcome(Identity identity, Instant now) {
        return text(about("welcome", identity, now));
    }

    /** To who has shown a newer token. */
    static Message refreshed(Identity identity, Instant now) {
        return text(about("refreshed", identity, now));
    }

    static Message said(String user, String text) {
        return text(json("said").put("user", user).put("text", text));
    }

    static Message announced(String user, String text) {
        return text(json("announced").put("user", user).put("text", text));
    }

    /** To who has shown the right password. */
    static Message ticket(String ticket) {
        return text(json("ticket").put("ticket", ticket));
    }

    static Message error(Problem problem) {
        return text(json("error").put("code", problem.code()).put("text", problem.text()));
    }

    /** A span, not an instant: the clocks of browsers are often wrong. */
    private static ObjectNode about(String type, Identity identity, Instant now) {
        ObjectNode json = json(type)
                .put("user", identity.name())
                .put(
                        "expiresInMillis",
                        Duration.between(now, identity.expiresAt()).toMillis());
        Role.texts(identity.roles()).forEach(json.putArray("roles")::add);
        return json;
    }

    private static ObjectNode json(String type) {
        return ClientMessage.JSON.createObjectNode().put("type", type);
    }

    private static Message text(ObjectNode json) {
        return Message.text(ClientMessage.JSON.writeValueAsString(json));
    }
}
