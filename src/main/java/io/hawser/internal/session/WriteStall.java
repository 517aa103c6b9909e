package io.hawser.internal.session;

import java.time.Duration;

/** Sees when a peer takes nothing of what is written to it. Judged by the bytes that the kernel takes, not by whole writes. */
final class WriteStall {

    /** To ask the wire has its price: so often within the timeout. */
    private static final int LOOKS = 16;

    /** What the kernel would have taken while our own loop was stuck is given to it first, and seen to be taken. */
    private static final long GRACE_NANOS = 1_000_000_000;

    private final long timeoutNanos;
    private long since;
    private long nextLook;
    private long progress;

    /** Something waits, from {@code now} on. */
    WriteStall(Duration timeout, Cork cork, long now) {
        this.timeoutNanos = timeout.toNanos();
        this.since = now;
        this.nextLook = now + timeoutNanos / LOOKS;
        this.progress = cork.progress();
    }

    /**
     * Something waits still.
     *
     * @param lateNanos how long our own loop was stuck, which is not the peer's fault; 0 if it was not
     * @return whether nothing was taken for too long
     */
    boolean isOver(Cork cork, long now, long lateNanos) {
        if (lateNanos != 0) {
            since = Math.max(since + lateNanos, now - timeoutNanos + GRACE_NANOS);
        } else if (now - nextLook < 0) {
            return false;
        }
        nextLook = now + timeoutNanos / LOOKS;
        long latest = cork.progress();
        if (latest != progress) {
            since = now;
            progress = latest;
            return false;
        }
        return now - since >= timeoutNanos;
    }
}
