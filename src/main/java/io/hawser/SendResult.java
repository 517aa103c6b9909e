package io.hawser;

import java.util.Objects;

/**
 * What became of one tracked send.
 *
 * @param outcome whether the bytes left this process
 * @param reason constant text for people, empty for {@link Outcome#WRITTEN}
 * @since 0.1.0
 */
public record SendResult(Outcome outcome, String reason) {

    /** Whether the bytes left this process. */
    public enum Outcome {
        /** Every byte was handed to the kernel. Whether the peer got them only the peer can say. */
        WRITTEN,
        /** Not one byte was handed over. */
        NOT_WRITTEN,
        /** The connection ended with the message handed over in part, or perhaps so. */
        UNKNOWN
    }

    /** The result of a send that went well. */
    public static final SendResult WRITTEN = new SendResult(Outcome.WRITTEN, "");

    /**
     * Checks for nulls.
     *
     * @param outcome what became of the bytes
     * @param reason why, if they did not leave
     */
    public SendResult {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(reason, "reason");
    }
}
