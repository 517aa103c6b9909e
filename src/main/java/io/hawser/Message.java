package io.hawser;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket message: text or binary, and its bytes on the heap (RFC 6455 §5.6).
 *
 * <p><b>Threading:</b> immutable; may be kept, shared and sent any number of times, from any thread.
 *
 * <p><b>Ownership:</b> nothing to release. The methods named {@code …WithoutCopy} share their array with the caller, who must not
 * write to it any more.
 *
 * @since 0.1.0
 */
public final class Message {

    private final byte[] payload;
    private final boolean text;
    private final boolean compressible;
    private @Nullable String
            decoded; // decoded at most once per racing reader; a String is safe to publish without a lock

    private Message(byte[] payload, boolean text, boolean compressible, @Nullable String decoded) {
        this.payload = payload;
        this.text = text;
        this.compressible = compressible;
        this.decoded = decoded;
    }

    /**
     * A text message.
     *
     * @param text what to send
     * @return a message of its UTF-8 bytes
     * @throws IllegalArgumentException if {@code text} has an unpaired surrogate, which UTF-8 cannot say
     */
    public static Message text(String text) {
        Objects.requireNonNull(text, "text");
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        // The JDK replaces an unpaired surrogate by '?', silently: one that is there makes a '?' more than the text
        // has.
        if (hasUnpairedSurrogate(text, utf8.length)) {
            throw new IllegalArgumentException("text has an unpaired surrogate (RFC 6455 §5.6)");
        }
        return new Message(
                utf8, true, true, null); // not the text: a message that waits is to take its bytes and no more
    }

    /**
     * A text message of bytes that are UTF-8 already.
     *
     * @param utf8 the bytes from its position to its limit; copied, its position is left alone
     * @return a text message
     * @throws IllegalArgumentException if the bytes are not UTF-8
     */
    public static Message text(ByteBuffer utf8) {
        try {
            String decoded = decodeStrictly(utf8.duplicate());
            return new Message(copyOf(utf8), true, true, decoded);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("text is not UTF-8 (RFC 6455 §5.6)", e);
        }
    }

    /**
     * A binary message.
     *
     * @param bytes what to send; copied
     * @return a binary message
     */
    public static Message binary(byte[] bytes) {
        return new Message(bytes.clone(), false, true, null);
    }

    /**
     * A binary message.
     *
     * @param bytes what to send, from its position to its limit; copied, its position is left alone
     * @return a binary message
     */
    public static Message binary(ByteBuffer bytes) {
        return new Message(copyOf(bytes), false, true, null);
    }

    /**
     * A binary message that shares its bytes with the caller.
     *
     * @param bytes what to send; must not be written to from now on, or receivers get torn data
     * @return a binary message around that very array
     */
    public static Message binaryWithoutCopy(byte[] bytes) {
        return new Message(Objects.requireNonNull(bytes, "bytes"), false, true, null);
    }

    /**
     * A text message that shares its bytes with the caller and trusts them to be UTF-8. Peers end the session with 1007 if they
     * are not.
     *
     * @param utf8 valid UTF-8; must not be written to from now on
     * @return a text message around that very array
     */
    public static Message textWithoutCopyOrCheck(byte[] utf8) {
        return new Message(Objects.requireNonNull(utf8, "utf8"), true, true, null);
    }

    /**
     * Whether this is text.
     *
     * @return true for text, false for binary
     */
    public boolean isText() {
        return text;
    }

    /**
     * Size of the payload.
     *
     * @return the number of payload bytes; of UTF-8 bytes for text
     */
    public int sizeBytes() {
        return payload.length;
    }

    /**
     * The text. Decoded when first asked for.
     *
     * @return the payload as a string
     * @throws IllegalStateException if this message is binary
     */
    public String text() {
        if (!text) {
            throw new IllegalStateException("a binary message has no text");
        }
        String value = decoded;
        if (value == null) {
            value = new String(payload, StandardCharsets.UTF_8);
            decoded = value;
        }
        return value;
    }

    /**
     * The payload, copied.
     *
     * @return a new array
     */
    public byte[] bytes() {
        return payload.clone();
    }

    /**
     * The payload as a read-only view.
     *
     * @return a new buffer over the payload, its position at 0
     */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(payload).asReadOnlyBuffer();
    }

    /**
     * The payload itself, for decoders that want an array and for the library's own writers.
     *
     * @return the array of this message; must not be written to
     */
    public byte[] bytesWithoutCopy() {
        return payload;
    }

    /**
     * This message, never to be compressed: for content that holds a secret beside what an attacker chose (RFC 7692 §8), or that
     * is compressed already.
     *
     * @return a message that shares this one's bytes
     */
    public Message uncompressed() {
        return compressible ? new Message(payload, text, false, decoded) : this;
    }

    /**
     * Whether permessage-deflate may be applied, where it was negotiated.
     *
     * @return false after {@link #uncompressed()}
     */
    public boolean isCompressible() {
        return compressible;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Message that && text == that.text && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(payload) + Boolean.hashCode(text);
    }

    /** Type and size only: what a peer sent does not belong into logs. */
    @Override
    public String toString() {
        return (text ? "text" : "binary") + " message of " + payload.length + " bytes";
    }

    private static boolean hasUnpairedSurrogate(String text, int utf8Length) {
        if (utf8Length == text.length()) {
            // One byte a char: all ASCII, or some '?' put in place of a surrogate.
            return text.chars().anyMatch(c -> Character.isSurrogate((char) c));
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                if (++i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return true;
                }
            } else if (Character.isLowSurrogate(c)) {
                return true;
            }
        }
        return false;
    }

    private static String decodeStrictly(ByteBuffer utf8) throws CharacterCodingException {
        CharBuffer chars = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(utf8);
        return chars.toString();
    }

    private static byte[] copyOf(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }
}
