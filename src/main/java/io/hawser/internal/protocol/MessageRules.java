package io.hawser.internal.protocol;

/**
 * What an endpoint lets a message be, and how its handler takes one.
 *
 * @param maxMessageBytes after an extension has decoded it
 * @param maxFragments frames of one message (RFC 6455 §10.4)
 */
public record MessageRules(int maxMessageBytes, int maxFragments, Delivery delivery) {

    /** How the listener is given messages. */
    public enum Delivery {
        /** By {@code onText} and {@code onBinary}. */
        WHOLE,
        /** By {@code onPart}. */
        IN_PARTS
    }

    boolean inParts() {
        return delivery == Delivery.IN_PARTS;
    }
}
