package io.hawser;

import java.nio.charset.StandardCharsets;

/**
 * A piece of a message, at most 64 KiB of it, as a {@link StreamingHandler} gets it. Pieces end where the bytes of one read ended, not where the peer's
 * frames do (RFC 6455 §5.4 gives those no meaning); a text's piece holds whole characters.
 *
 * <p><b>Threading:</b> immutable as long as nobody writes to {@link #bytes()}.
 *
 * @since 0.1.0
 */
public final class MessagePart {

    private final boolean text;
    private final byte[] bytes;
    private final boolean last;

    private MessagePart(boolean text, byte[] bytes, boolean last) {
        this.text = text;
        this.bytes = bytes;
        this.last = last;
    }

    /**
     * A piece of text.
     *
     * @param utf8 whole characters; not copied
     * @param last whether the message ends with it
     * @return a part
     */
    public static MessagePart text(byte[] utf8, boolean last) {
        return new MessagePart(true, utf8, last);
    }

    /**
     * A piece of binary data.
     *
     * @param bytes not copied
     * @param last whether the message ends with it
     * @return a part
     */
    public static MessagePart binary(byte[] bytes, boolean last) {
        return new MessagePart(false, bytes, last);
    }

    /**
     * Whether the message is text.
     *
     * @return the same for all parts of one message
     */
    public boolean isText() {
        return text;
    }

    /**
     * The piece's bytes; may be empty.
     *
     * @return the caller's to keep, not copied
     */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * The piece as text.
     *
     * @return decoded from UTF-8
     * @throws IllegalStateException if the message is binary
     */
    public String text() {
        if (!text) {
            throw new IllegalStateException("a binary message has no text");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Whether the message ends with this part.
     *
     * @return true for exactly one part of each message that is received whole
     */
    public boolean isLast() {
        return last;
    }

    /** Kind and size; contents may be secret. */
    @Override
    public String toString() {
        return (text ? "text" : "binary") + " part of " + bytes.length + " bytes" + (last ? ", the last" : "");
    }
}
