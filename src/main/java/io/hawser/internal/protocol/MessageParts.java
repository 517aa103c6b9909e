package io.hawser.internal.protocol;

import io.hawser.MessagePart;
import java.util.Arrays;

/**
 * Takes a message in parts from the buffer that it gathers in: what one read brought, at most {@value MAX_PART_BYTES} bytes at once, and
 * of a text whole characters.
 */
final class MessageParts {

    /** Largest part. */
    static final int MAX_PART_BYTES = 64 * 1024;

    /** What an extension may refer back to stays in the buffer (RFC 7692 §7.1.2: a window of at most 32 KiB). */
    private static final int HISTORY_BYTES = 32 * 1024;

    private final MessageBuffer buffer;
    private int given; // bytes that are in the buffer as history only

    MessageParts(MessageBuffer buffer) {
        this.buffer = buffer;
    }

    /** A message begins, or is forgotten. */
    void reset() {
        given = 0;
    }

    /** Bytes that wait in the buffer to be given. */
    int waiting() {
        return buffer.size() - given;
    }

    /** The next part of binary data, of all that waits, or as much as may be. */
    MessagePart nextBinary(boolean transformed) {
        return MessagePart.binary(take(Math.min(waiting(), MAX_PART_BYTES), transformed), false);
    }

    /** The next part of a text, checked as far as it has come; {@code complete} says whether it ends with a whole character. */
    MessagePart nextText(boolean transformed, boolean complete) {
        return MessagePart.text(take(wholeCharacters(complete), transformed), false);
    }

    /** What is left, at most a part. */
    byte[] last() {
        byte[] bytes = take(waiting(), false);
        buffer.clear(0);
        reset();
        return bytes;
    }

    /** Whether there is more than the beginning of a character. */
    boolean hasCharacter(boolean complete) {
        return waiting() != 0 && wholeCharacters(complete) != 0;
    }

    private int wholeCharacters(boolean complete) {
        byte[] bytes = buffer.array();
        int end = Math.min(buffer.size(), given + MAX_PART_BYTES);
        if (end < buffer.size()) {
            while (isContinuation(bytes[end])) {
                end--;
            }
        } else if (!complete) {
            do {
                end--;
            } while (isContinuation(bytes[end]));
        }
        return end - given;
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xC0) == 0x80;
    }

    private byte[] take(int count, boolean keepHistory) {
        byte[] bytes = buffer.array();
        boolean exact = given == 0 && count == bytes.length && !keepHistory;
        byte[] part = exact ? bytes : Arrays.copyOfRange(bytes, given, given + count);
        given += count;
        int history = keepHistory ? Math.min(given, HISTORY_BYTES) : 0;
        buffer.forgetFirst(given - history);
        given = history;
        return part;
    }
}
