package io.hawser.examples.auth;

import io.hawser.Message;
import io.hawser.examples.auth.identity.Role;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a client says, checked. The library bounds a message's size, Jackson its depth, so whatever comes is cheap to look at.
 */
sealed interface ClientMessage {

    /** Who may say it; empty for everybody who was let in. */
    default Optional<Role> needs() {
        return Optional.empty();
    }

    /** A text for everybody. */
    record Say(String text) implements ClientMessage {
        @Override
        public Optional<Role> needs() {
            return Optional.of(Role.WRITER);
        }
    }

    /** A text for everybody, with authority. */
    record Announce(String text) implements ClientMessage {
        @Override
        public Optional<Role> needs() {
            return Optional.of(Role.ADMIN);
        }
    }

    /** Ends every login and every connection of a user. */
    record SignOutUser(String user) implements ClientMessage {
        @Override
        public Optional<Role> needs() {
            return Optional.of(Role.ADMIN);
        }
    }

    /** Ends one's own login, and all of its connections. */
    record Leave() implements ClientMessage {}

    /** A newer token of the same user. */
    record Refresh(String token) implements ClientMessage {
        @Override
        public String toString() {
            return "Refresh"; // a record's own would show the token
        }
    }

    /** A name and a password, where one signs in. */
    record SignIn(String user, String password) implements ClientMessage {
        @Override
        public String toString() {
            return "SignIn"; // a record's own would show the password
        }
    }

    /** None of the above. */
    record Invalid(Problem problem) implements ClientMessage {}

    int LONGEST_TEXT = 2000;

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
        return switch (string(json, "type")) {
            case "say" -> isText(string(json, "text")) ? new Say(string(json, "text")) : new Invalid(Problem.BAD_TEXT);
            case "announce" ->
                isText(string(json, "text")) ? new Announce(string(json, "text")) : new Invalid(Problem.BAD_TEXT);
            case "sign-out-user" -> new SignOutUser(string(json, "user"));
            case "sign-out" -> new Leave();
            case "refresh" -> new Refresh(string(json, "token"));
            case "sign-in" -> new SignIn(string(json, "user"), string(json, "password"));
            default -> new Invalid(Problem.UNKNOWN_TYPE);
        };
    }

    /** A field's string; empty if it is missing or something else. */
    private static String string(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isString() ? value.stringValue() : "";
    }

    private static boolean isText(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST_TEXT
                && text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }
}
