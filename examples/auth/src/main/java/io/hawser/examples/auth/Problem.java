package io.hawser.examples.auth;

import java.util.Locale;

/** Why a client's message was not carried out. The texts are constants: what a client sent is never sent back. */
enum Problem {
    BAD_JSON("A message is one JSON object, as text."),
    UNKNOWN_TYPE("There is no such type of message here."),
    BAD_TEXT("A text has 1 to 2000 characters, and not only spaces."),
    BAD_TOKEN("That token is not valid; this connection lasts as long as the one before."),
    BAD_PASSWORD("Name or password is wrong."),
    BUSY("Too many sign in at this moment. Try again.");

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
