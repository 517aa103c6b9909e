package io.hawser.internal.deflate;

import java.util.ArrayDeque;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The deflaters and inflaters of one event loop. For that loop's thread alone: using one of them after its end fails, in another
 * way on each JDK, and a second thread would make that possible.
 *
 * <p>A deflater (263 KB of native memory) is used for the length of a call, so one per level is enough. An inflater (41 KB) is
 * lent from a message's first byte to its last, for frames of other sessions come in between.
 */
public final class DeflatePool implements AutoCloseable {

    /** Sessions of one loop that were seen inside a message at once will not be so again soon: more than this is let go. */
    static final int MAX_IDLE = 16;

    private static final int MAX_LEVEL = 9;

    private final @Nullable Deflater[] deflaters = new @Nullable Deflater[MAX_LEVEL + 1];
    private final ArrayDeque<Inflater> idle = new ArrayDeque<>();
    private final byte[] oneByte = new byte[1];
    private int lent;
    private boolean closed;

    /** The raw deflater of a level; the caller resets it first, and keeps it for no longer than its own call. */
    Deflater deflater(int level) {
        checkOpen();
        Deflater deflater = deflaters[level];
        if (deflater == null) {
            deflater = new Deflater(level, true);
            deflaters[level] = deflater;
        }
        return deflater;
    }

    /** Lends a raw inflater without input or dictionary, to come back by {@link #giveBack}. */
    Inflater lendInflater() {
        checkOpen();
        Inflater inflater = idle.pollLast();
        lent++;
        return inflater == null ? new Inflater(true) : inflater;
    }

    /** Takes a lent inflater back, whatever state it is in; after {@link #close} too. */
    void giveBack(Inflater inflater) {
        lent--;
        if (closed || idle.size() == MAX_IDLE) {
            inflater.end();
        } else {
            inflater.reset();
            idle.addLast(inflater);
        }
    }

    /** Inflaters that are lent. */
    int lent() {
        return lent;
    }

    /** Inflaters that wait. */
    int idle() {
        return idle.size();
    }

    /** Room to see whether more output would come; what is in it is of no interest. */
    byte[] oneByte() {
        return oneByte;
    }

    /** Frees their native memory; of those that are lent, when they come back. Further calls do nothing. */
    @Override
    public void close() {
        closed = true;
        for (int level = 0; level <= MAX_LEVEL; level++) {
            Deflater deflater = deflaters[level];
            if (deflater != null) {
                deflater.end();
                deflaters[level] = null;
            }
        }
        for (Inflater inflater = idle.poll(); inflater != null; inflater = idle.poll()) {
            inflater.end();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the event loop's pool is closed");
        }
    }
}
