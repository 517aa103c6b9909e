package io.hawser.internal.deflate;

import io.hawser.internal.protocol.MessageBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Deflates one session's messages (RFC 7692 §7.2.1), with its event loop's deflater.
 *
 * <p>The deflater is reset for each message and given the end of the session's plaintext as a dictionary: nearly the ratio of a
 * deflater of one's own (263 KB) for 4 KB a session, and the window is the same whether a message was deflated for this session
 * or once for a whole room.
 *
 * <p>Java's deflater knows no window but 32 KiB. Smaller ones are kept by segments: the deflater is reset before distances could
 * exceed the window, and its dictionary and its input together are no longer than the window.
 */
final class MessageDeflater {

    /** How much plaintext a session keeps: beyond this the ratio hardly gains. */
    static final int DICTIONARY_BYTES = 4_096;

    // §7.2.1: "Remove 4 octets (that are 0x00 0x00 0xff 0xff) from the tail end."
    private static final int TAIL_BYTES = 4;

    // §7.2.3.6: an empty message is the one byte of an empty stored block's header.
    private static final byte[] EMPTY_MESSAGE = {0};

    private static final byte[] NO_INPUT = {};

    // The least room that zlib is offered at once.
    private static final int FLUSH_BYTES = 64;

    private final DeflatePool pool;
    private final int level;
    private final int windowBits;
    private final @Nullable PlaintextWindow sent;

    MessageDeflater(DeflateAgreement agreement, int level, DeflatePool pool) {
        this.pool = pool;
        this.level = level;
        windowBits = agreement.serverMaxWindowBits();
        sent = agreement.serverNoContextTakeover()
                ? null
                : new PlaintextWindow(Math.min(DICTIONARY_BYTES, maxDictionaryBytes()));
    }

    /** Deflates a message that may refer back to those before it. */
    void encode(byte[] payload, MessageBuffer out) {
        deflate(payload, sent, out);
        sent(payload);
    }

    /** Deflates a message that refers to no other. */
    void encodeShared(byte[] payload, MessageBuffer out) {
        deflate(payload, null, out);
    }

    /** Adds what a peer's inflater will have in its window from now on. */
    void sent(byte[] payload) {
        if (sent != null) {
            sent.append(payload, payload.length);
        }
    }

    /** Equal for deflaters whose messages can be shared. */
    Object sharingKey() {
        // Small enough for Integer's cache: looked up for each member of a room.
        return (windowBits - 8) << 4 | level;
    }

    private void deflate(byte[] payload, @Nullable PlaintextWindow window, MessageBuffer out) {
        if (payload.length == 0) {
            out.append(EMPTY_MESSAGE, 0, EMPTY_MESSAGE.length);
            return;
        }
        Deflater deflater = pool.deflater(level);
        byte[] before = window == null ? NO_INPUT : window.array();
        int beforeEnd = window == null ? 0 : window.size();
        int at = 0;
        while (at < payload.length) {
            int dictionary = Math.min(beforeEnd, maxDictionaryBytes());
            int segment = Math.min(payload.length - at, maxInputBytes(dictionary));
            deflater.reset();
            if (dictionary != 0) {
                deflater.setDictionary(before, beforeEnd - dictionary, dictionary);
            }
            deflater.setInput(payload, at, segment);
            flush(deflater, out);
            at += segment;
            before = payload;
            beforeEnd = at;
        }
        deflater.setInput(NO_INPUT);
        out.advance(-TAIL_BYTES);
    }

    private static void flush(Deflater deflater, MessageBuffer out) {
        int room;
        int count;
        do {
            out.reserve(FLUSH_BYTES);
            room = out.array().length - out.size();
            count = deflater.deflate(out.array(), out.size(), room, Deflater.SYNC_FLUSH);
            out.advance(count);
        } while (count == room);
    }

    private int maxDictionaryBytes() {
        return 1 << (windowBits - 1);
    }

    private int maxInputBytes(int dictionaryBytes) {
        return windowBits == DeflateAgreement.MAX_WINDOW_BITS ? Integer.MAX_VALUE : (1 << windowBits) - dictionaryBytes;
    }
}
