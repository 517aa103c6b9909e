package io.hawser.internal.session;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Stands in the log for something thrown whose stack trace says the same over and over, as that of a handler without an end to its
 * recursion does: a thousand lines for a line of the log, and peers may be able to bring that about. What it stands for is its message.
 * What has an ordinary trace is logged as it is.
 */
final class ShortTrace extends Throwable {

    private static final long serialVersionUID = 1;

    /** No program is known whose traces are as long without a recursion; the JVM's own bound is 1,024. */
    static final int LONGEST = 500;

    /** Shows some rounds of a recursion, and what is at its end. */
    static final int KEPT = 100;

    /** Of one caused by another: enough to come to an end where they cause each other. */
    private static final int DEEPEST = 10;

    private ShortTrace(Throwable thrown, @Nullable Throwable cause) {
        super(thrown.toString(), cause, false, true);
    }

    /** What to log: {@code thrown}, or what stands for it and its causes with the innermost {@value #KEPT} frames of each. */
    static @Nullable Throwable of(@Nullable Throwable thrown) {
        return isLong(thrown) ? shorten(thrown, DEEPEST) : thrown;
    }

    private static boolean isLong(@Nullable Throwable thrown) {
        Throwable each = thrown;
        for (int i = 0; i < DEEPEST && each != null; i++) {
            if (each.getStackTrace().length > LONGEST) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }

    private static @Nullable Throwable shorten(@Nullable Throwable thrown, int depth) {
        if (thrown == null || depth == 0) {
            return null;
        }
        Throwable cause = shorten(thrown.getCause(), depth - 1);
        // The usual one keeps its type, by which programs find it in their logs.
        Throwable shorter = thrown.getClass() == StackOverflowError.class && cause == null
                ? new StackOverflowError(thrown.getMessage())
                : new ShortTrace(thrown, cause);
        StackTraceElement[] trace = thrown.getStackTrace();
        shorter.setStackTrace(Arrays.copyOf(trace, Math.min(trace.length, KEPT)));
        return shorter;
    }
}
