package io.hawser.examples.chat;

import java.util.Locale;

/** Why a client's message was not carried out. The texts are constants: what a client sent is never sent back. */
enum Problem {
    BAD_JSON("A message is one JSON object, as text."),
    UNKNOWN_TYPE("The type of a message is join, message or leave."),
    BAD_ROOM("A room's name has 1 to 32 letters, digits, or inner spaces and -_.'"),
    BAD_USER("A user's name has 1 to 32 letters, digits, or inner spaces and -_.'"),
    BAD_KEY("A key has 16 to 64 letters, digits, - and _."),
    BAD_TEXT("A text has 1 to 2000 characters, and not only spaces."),
    NOT_JOINED("Only who has joined a room can post there."),
    ALREADY_JOINED("This connection is in the room already."),
    NAME_TAKEN("Somebody else has that name in this room."),
    ROOM_FULL("The room is full."),
    TOO_MANY_ROOMS("This connection is in as many rooms as it may.");

    private final String text;

    Problem(String text) {
        this.text = text;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String text() {
        return text;
    }
}
