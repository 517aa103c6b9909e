package io.hawser.examples.chat;

import io.hawser.Message;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a client says, checked. The library bounds a message's size, Jackson its depth, so whatever comes is cheap to look at.
 */
sealed interface ClientMessage {

    /** A wish to enter a room. Who shows the key of a seat takes it over; without a key nobody can. */
    record Join(String room, String user, String key) implements ClientMessage {}

    /** A text for everybody in a room. */
    record Post(String room, String text) implements ClientMessage {}

    /** A goodbye to a room. */
    record Leave(String room) implements ClientMessage {}

    /** None of the above. */
    record Invalid(Problem problem) implements ClientMessage {}

    /** Refuses what two parsers could read in two ways. */
    JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static ClientMessage parse(Message message) {
        try {
            JsonNode json = JSON.readTree(message.bytesWithoutCopy());
            return json.isObject() ? parse(json) : new Invalid(Problem.BAD_JSON);
        } catch (JacksonException e) {
            return new Invalid(Problem.BAD_JSON);
        }
    }

    private static ClientMessage parse(JsonNode json) {
        String type = string(json, "type");
        if (!type.equals("join") && !type.equals("message") && !type.equals("leave")) {
            return new Invalid(Problem.UNKNOWN_TYPE);
        }
        String room = string(json, "room");
        if (!Names.isName(room)) {
            return new Invalid(Problem.BAD_ROOM);
        }
        return switch (type) {
            case "join" -> join(room, string(json, "user"), json);
            case "message" -> post(room, string(json, "text"));
            default -> new Leave(room);
        };
    }

    private static ClientMessage join(String room, String user, JsonNode json) {
        if (!Names.isName(user)) {
            return new Invalid(Problem.BAD_USER);
        }
        String key = string(json, "key");
        if (json.has("key") && !Names.isKey(key)) {
            return new Invalid(Problem.BAD_KEY);
        }
        return new Join(room, user, key);
    }

    private static ClientMessage post(String room, String text) {
        return Names.isText(text) ? new Post(room, text) : new Invalid(Problem.BAD_TEXT);
    }

    /** A field's string; empty, which no field may be, if it is missing or something else. */
    private static String string(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isString() ? value.stringValue() : "";
    }
}
