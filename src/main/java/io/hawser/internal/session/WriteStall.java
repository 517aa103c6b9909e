package io.hawser.internal.session;

import java.time.Duration;

/** Sees when a peer takes nothing of what is written to it. Judged by the bytes that the kernel takes, not by whole writes. */
final class WriteStall {

    /** To ask the wire has its price: so often within the timeout. */
    private static final int LOOKS = 16;

    private final long timeoutNanos;
    private boolean waiting;
    private long since;
    private long nextLook;
    private long progress;

    WriteStall(Duration timeout) {
        this.timeoutNanos = timeout.toNanos();
    }

    /** Nothing is written that the kernel does not have. */
    void idle() {
        waiting = false;
    }

    /**
     * Something waits.
     *
     * @param late whether our own loop was stuck: it may not have given the kernel what it would have taken
     * @return whether nothing was taken for too long
     */
    boolean isOver(Cork cork, long now, boolean late) {
        if (waiting && !late && now - nextLook < 0) {
            return false;
        }
        nextLook = now + timeoutNanos / LOOKS;
        long latest = cork.progress();
        if (!waiting || late || latest != progress) {
            waiting = true;
            since = now;
            progress = latest;
            return false;
        }
        return now - since >= timeoutNanos;
    }
}
