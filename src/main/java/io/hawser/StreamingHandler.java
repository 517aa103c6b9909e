package io.hawser;

/**
 * A handler that gets messages in parts as they arrive, so that one may be larger than memory. An endpoint whose handler is of this
 * kind never calls {@code onText} and {@code onBinary}.
 *
 * <p>{@link Limits#maxMessageBytes()} still bounds a message as a whole, and {@link Limits#messageTimeout()} its time: both are to
 * be set to what is expected. Memory holds what was read and not yet delivered, at most {@link Limits#maxQueuedBytes()} and a few parts
 * more. A message that breaks off, with its session, has no last part.
 *
 * <p>Demand ({@link WebSocketSession#request}) counts parts.
 *
 * @since 0.1.0
 */
public interface StreamingHandler extends WebSocketHandler {

    /**
     * A part of a message came. Parts of one message follow each other; the one that {@linkplain MessagePart#isLast() ends} it may be
     * empty.
     *
     * @param session its session
     * @param part text is checked UTF-8 up to here (RFC 6455 §8.1)
     */
    void onPart(WebSocketSession session, MessagePart part);
}
