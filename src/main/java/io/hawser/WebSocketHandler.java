package io.hawser;

import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What a program does with sessions. Override what is of interest; one handler serves all sessions of its endpoint.
 *
 * <p>Calls for one session: {@code onOpen (onText | onBinary | onPong | onWritable | onError)* onClose}.
 *
 * <p><b>Threading:</b> calls for one session never overlap and come in wire order, on its event loop, or on the handler executor
 * where one is set. On an event loop they must not block. Different sessions are served at the same time.
 *
 * <p><b>Failure:</b> a throw of any callback, an {@link Error} too, reaches {@link #onError} and ends that session with 1011, and no
 * other. What waits to be delivered is discarded, and counted; {@link #onClose} follows. What {@code onError} and {@code onClose}
 * throw is logged and counted.
 *
 * @since 0.1.0
 */
public interface WebSocketHandler {

    /**
     * A session begins. No message is delivered before this returns.
     *
     * @param session the new session, open for sending
     */
    default void onOpen(WebSocketSession session) {}

    /**
     * A text message came.
     *
     * @param session its session
     * @param message valid UTF-8 (RFC 6455 §8.1); may be kept and sent on
     */
    default void onText(WebSocketSession session, Message message) {}

    /**
     * A binary message came.
     *
     * @param session its session
     * @param message may be kept and sent on
     */
    default void onBinary(WebSocketSession session, Message message) {}

    /**
     * A pong came: the answer to a ping of this program's, or an unsolicited one (RFC 6455 §5.5.3). Pings are answered by the
     * library, and the pongs to its heartbeat are not reported. Keeps its place among messages, and needs no demand itself.
     *
     * @param session its session
     * @param payload binary, at most 125 bytes
     */
    default void onPong(WebSocketSession session, Message payload) {}

    /**
     * The session, which was not writable, has become so.
     *
     * @param session a session with at most {@link Limits#lowWaterBytes()} pending
     */
    default void onWritable(WebSocketSession session) {}

    /**
     * A callback threw, or the connection failed. The session is about to be closed; {@link #onClose} follows. Does nothing by
     * itself: the library has logged it.
     *
     * @param session its session
     * @param error what was thrown
     */
    default void onError(WebSocketSession session, Throwable error) {}

    /**
     * The session ended. Called exactly once for each session whose {@code onOpen} was called, however it ended. When this is
     * called the session has left its rooms and registries. Messages that wait for their turn on an executor come before it, unless
     * the session is {@linkplain WebSocketSession#pause() paused}, or was cut off: then they are discarded, and counted.
     *
     * @param session a closed session
     * @param status what the first Close frame said; {@link CloseStatus#ABNORMAL} if there was none
     * @param initiator who ended it
     */
    default void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {}

    /**
     * A handler of beginnings alone, such as {@code session -> session.join("news")}, for endpoints that only tell.
     *
     * @param action called with every new session
     * @return a handler that ignores what peers send
     */
    static WebSocketHandler onOpen(Consumer<? super WebSocketSession> action) {
        Objects.requireNonNull(action, "action");
        return new WebSocketHandler() {
            @Override
            public void onOpen(WebSocketSession session) {
                action.accept(session);
            }
        };
    }

    /**
     * A handler of messages alone, text and binary.
     *
     * @param action called with every message
     * @return a handler
     */
    static WebSocketHandler onMessage(BiConsumer<? super WebSocketSession, ? super Message> action) {
        Objects.requireNonNull(action, "action");
        return new WebSocketHandler() {
            @Override
            public void onText(WebSocketSession session, Message message) {
                action.accept(session, message);
            }

            @Override
            public void onBinary(WebSocketSession session, Message message) {
                action.accept(session, message);
            }
        };
    }
}
