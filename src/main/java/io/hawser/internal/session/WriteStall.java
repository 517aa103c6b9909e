package io.hawser.internal.session;

import java.time.Duration;

/** Sees when a peer takes nothing of what is written to it. Judged by the bytes that the kernel takes, not by whole writes. */
final class WriteStall {

    private final long timeoutNanos;
    private boolean waiting;
    private long since;
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
     * @param progress changes when the kernel takes bytes
     * @param late whether our own loop was stuck: it may not have given the kernel what it would have taken
     * @return whether nothing was taken for too long
     */
    boolean isOver(long progress, long now, boolean late) {
        if (!waiting || late || progress != this.progress) {
            waiting = true;
            since = now;
            this.progress = progress;
            return false;
        }
        return now - since >= timeoutNanos;
    }
}
