package io.hawser.examples.chat;

import java.text.Normalizer;

/** What may be a name, a key, a text. */
final class Names {

    private static final int LONGEST_NAME = 32;
    private static final int LONGEST_TEXT = 2000;

    private Names() {}

    /**
     * Whether a room or a user may be called so: nothing invisible, nothing that turns the direction of writing, and no second
     * spelling of the same letters, for names are what people recognize each other by.
     */
    static boolean isName(String name) {
        return !name.isEmpty()
                && name.codePointCount(0, name.length()) <= LONGEST_NAME
                && name.equals(name.strip())
                && name.codePoints().allMatch(Names::isNameCharacter)
                && Normalizer.isNormalized(name, Normalizer.Form.NFC);
    }

    /** Whether a key is long enough to be hard to guess, and short. */
    static boolean isKey(String key) {
        return key.length() >= 16
                && key.length() <= 64
                && key.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'));
    }

    /** Whether something is said: lines and tabs are fine, other controls and halves of characters are not. */
    static boolean isText(String text) {
        return !text.isBlank()
                && text.codePointCount(0, text.length()) <= LONGEST_TEXT
                && text.codePoints().allMatch(Names::isTextCharacter);
    }

    private static boolean isNameCharacter(int c) {
        int type = Character.getType(c);
        return Character.isLetterOrDigit(c)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || " -_.'".indexOf(c) >= 0;
    }

    private static boolean isTextCharacter(int c) {
        int type = Character.getType(c);
        return c == '\n' || c == '\t' || type != Character.CONTROL && type != Character.SURROGATE;
    }
}
