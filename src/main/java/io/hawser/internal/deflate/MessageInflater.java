package io.hawser.internal.deflate;

import io.hawser.internal.protocol.MessageBuffer;
import io.hawser.internal.protocol.ProtocolViolation;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates one session's messages (RFC 7692 §7.2.2), with an inflater that is lent for a message at a time.
 *
 * <p>Where the client's messages refer to earlier ones, the session keeps their plaintext and not an inflater: 32 KiB of heap at
 * most, and only as much as was sent, against 41 KB of native memory from the first byte on. The plaintext is needed anyway, for a
 * block with BFINAL ends zlib's stream but not the window (§7.2.3.4). The price is a copy of 32 KiB a message: under 1 µs.
 */
final class MessageInflater {

    // §7.2.2: "Append 4 octets of 0x00 0x00 0xff 0xff to the tail end of the payload of the message."
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    // An empty stored block with BFINAL: it ends the stream if, and only if, it comes where a block may begin.
    private static final byte[] LAST_BLOCK = {1, 0, 0, (byte) 0xFF, (byte) 0xFF};

    /** Each costs a copy of the window for two bytes of input; as many as a message may have fragments. */
    static final int MAX_FINAL_BLOCKS = 1_024;

    private final DeflatePool pool;
    private final int windowBytes;
    private final @Nullable PlaintextWindow earlier;
    private @Nullable Inflater lent;
    private int finalBlocks;

    MessageInflater(DeflateAgreement agreement, DeflatePool pool) {
        this.pool = pool;
        int answered = agreement.clientMaxWindowBits();
        windowBytes = 1 << (answered == 0 ? DeflateAgreement.MAX_WINDOW_BITS : answered);
        earlier = agreement.clientNoContextTakeover() ? null : new PlaintextWindow(windowBytes);
    }

    void decode(byte[] input, int offset, int length, MessageBuffer out) {
        if (length == 0) {
            return;
        }
        Inflater inflater = lent;
        if (inflater == null) {
            inflater = pool.lendInflater();
            lent = inflater;
            restoreWindow(inflater, out);
        }
        try {
            inflate(inflater, input, offset, length, out);
        } catch (DataFormatException e) {
            throw malformed();
        }
    }

    /** A message without a byte is taken as empty though it lacks the 0x00 of §7.2.3.6: Firefox sends it so. */
    void decodeEnd(MessageBuffer out) {
        Inflater inflater = lent;
        // Where the stream ended by BFINAL at the very last byte there is nothing left to complete.
        if (inflater != null && !inflater.finished()) {
            decode(TAIL, 0, TAIL.length, out);
            int size = out.size();
            decode(LAST_BLOCK, 0, LAST_BLOCK.length, out);
            if (!inflater.finished() || out.size() != size) {
                throw malformed();
            }
        }
        if (earlier != null) {
            earlier.append(out.array(), out.size());
        }
        release();
    }

    /** Gives the inflater back if a message is under way. */
    void release() {
        Inflater inflater = lent;
        if (inflater != null) {
            lent = null;
            finalBlocks = 0;
            pool.giveBack(inflater);
        }
    }

    private void inflate(Inflater inflater, byte[] input, int offset, int length, MessageBuffer out)
            throws DataFormatException {
        inflater.setInput(input, offset, length);
        boolean more = true;
        while (more) {
            if (inflater.finished()) {
                int rest = inflater.getRemaining();
                if (rest == 0) {
                    return;
                }
                goOnAfterFinalBlock(inflater, out);
                inflater.setInput(input, offset + length - rest, rest);
            }
            more = inflateInto(out, inflater) || inflater.finished();
        }
    }

    /** Fills the room there is; true if it was filled, so that more output may be pending though all input was consumed. */
    private boolean inflateInto(MessageBuffer out, Inflater inflater) throws DataFormatException {
        if (out.remaining() == 0) {
            if (hasMore(inflater)) {
                throw out.tooBig();
            }
            return false;
        }
        out.reserve(1);
        int room = Math.min(out.array().length - out.size(), out.remaining());
        int count = inflater.inflate(out.array(), out.size(), room);
        out.advance(count);
        return count == room;
    }

    /** Whether the input holds another byte. An error that zlib sees behind that byte in the same call comes too late. */
    private boolean hasMore(Inflater inflater) throws DataFormatException {
        long before = inflater.getBytesWritten();
        try {
            inflater.inflate(pool.oneByte(), 0, 1);
        } catch (DataFormatException e) {
            if (inflater.getBytesWritten() == before) {
                throw e;
            }
        }
        return inflater.getBytesWritten() != before;
    }

    /** §7.2.3.4: blocks with BFINAL are legal, and others may follow them, which may refer back over them. */
    private void goOnAfterFinalBlock(Inflater inflater, MessageBuffer out) {
        if (++finalBlocks > MAX_FINAL_BLOCKS) {
            throw new ProtocolViolation(
                    1008, "message of more than " + MAX_FINAL_BLOCKS + " final blocks (RFC 7692 §7.2.3.4)");
        }
        inflater.reset();
        restoreWindow(inflater, out);
    }

    /** Gives a new stream the plaintext before it: this message's so far, and before that the earlier ones'. */
    private void restoreWindow(Inflater inflater, MessageBuffer out) {
        int own = Math.min(out.size(), windowBytes);
        if (earlier != null && own < windowBytes) {
            int count = Math.min(earlier.size(), windowBytes - own);
            inflater.setDictionary(earlier.array(), earlier.size() - count, count);
        }
        if (own != 0) {
            inflater.setDictionary(out.array(), out.size() - own, own);
        }
    }

    private static ProtocolViolation malformed() {
        return new ProtocolViolation(1007, "compressed message is malformed (RFC 7692 §7.2.2)");
    }
}
