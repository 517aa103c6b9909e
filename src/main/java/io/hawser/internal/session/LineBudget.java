package io.hawser.internal.session;

import java.util.concurrent.atomic.AtomicLong;

/**
 * So many log lines a second of one kind, for what a peer can make happen at will; and how many were not written. Allocates nothing.
 *
 * <p><b>Threading:</b> any thread.
 */
final class LineBudget {

    static final int LINES_A_SECOND = 10;

    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int COUNT_BITS = 4;
    private static final long COUNT_MASK = (1 << COUNT_BITS) - 1;

    private final String kind;
    private final long begin;
    /** The second since the begin, and in its lowest bits the lines written in it. */
    private final AtomicLong written = new AtomicLong();

    private final AtomicLong suppressed = new AtomicLong();

    LineBudget(String kind, long now) {
        this.kind = kind;
        this.begin = now;
    }

    /** The kind of lines, for a line that tells of those that were not written. */
    String kind() {
        return kind;
    }

    /** Whether a line may be written now; counted either way. */
    boolean take(long now) {
        while (true) {
            long before = written.get();
            long second = Math.max(before >> COUNT_BITS, (now - begin) / SECOND_NANOS); // never back, whoever is late
            long lines;
            if (before >> COUNT_BITS < second) {
                lines = suppressed.get() == 0 ? 0 : 1; // the line that tells of the others is one itself
            } else {
                lines = before & COUNT_MASK;
            }
            if (lines == LINES_A_SECOND) {
                suppressed.incrementAndGet();
                return false;
            }
            if (written.compareAndSet(before, second << COUNT_BITS | lines + 1)) {
                return true;
            }
        }
    }

    /** How many lines were not written since this was asked last. */
    long takeSuppressed() {
        return suppressed.get() == 0 ? 0 : suppressed.getAndSet(0);
    }
}
