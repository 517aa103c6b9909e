package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.Initiator;
import io.hawser.Message;
import io.hawser.MessagePart;
import io.hawser.StreamingHandler;
import io.hawser.WebSocketHandler;

/**
 * The program's handler, whose throws, an {@link Error} included, end its session and nothing else: each is logged, counted, told to
 * {@code onError}, and reported to the session. Called where the session's callbacks run.
 */
final class GuardedHandler {

    private final LiveSession session;
    private final WebSocketHandler handler;

    GuardedHandler(LiveSession session, WebSocketHandler handler) {
        this.session = session;
        this.handler = handler;
    }

    void opened() {
        try {
            handler.onOpen(session);
        } catch (Throwable t) {
            threw(t);
        }
    }

    void message(Message message) {
        try {
            if (message.isText()) {
                handler.onText(session, message);
            } else {
                handler.onBinary(session, message);
            }
        } catch (Throwable t) {
            threw(t);
        }
    }

    /** Whether the handler takes messages in parts. */
    boolean isStreaming() {
        return handler instanceof StreamingHandler;
    }

    void part(MessagePart part) {
        try {
            ((StreamingHandler) handler).onPart(session, part);
        } catch (Throwable t) {
            threw(t);
        }
    }

    void pong(Message payload) {
        try {
            handler.onPong(session, payload);
        } catch (Throwable t) {
            threw(t);
        }
    }

    void writable() {
        try {
            handler.onWritable(session);
        } catch (Throwable t) {
            threw(t);
        }
    }

    /** The connection failed, and ends by itself. */
    void error(Throwable cause) {
        try {
            handler.onError(session, cause);
        } catch (Throwable t) {
            count(t);
        }
    }

    /** The last callback. */
    void closed(CloseStatus status, Initiator who) {
        try {
            handler.onClose(session, status, who);
        } catch (Throwable t) {
            count(t);
            error(t);
        } finally {
            session.registry().ended();
        }
    }

    private void threw(Throwable thrown) {
        try {
            count(thrown);
            error(thrown);
        } finally { // whatever the log does
            session.conversation().handlerFailed();
        }
    }

    private void count(Throwable thrown) {
        session.registry().handlerFailed();
        session.registry().log().handlerThrew(session, thrown);
    }
}
