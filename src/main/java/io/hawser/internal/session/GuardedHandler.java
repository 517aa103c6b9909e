package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.Initiator;
import io.hawser.Message;
import io.hawser.MessagePart;
import io.hawser.StreamingHandler;
import io.hawser.WebSocketHandler;

/**
 * The program's handler, whose throws, an {@link Error} included, end its session and nothing else: each is logged, counted, told to
 * {@code onError}, and reported to the session. One for all sessions of an endpoint; called where each session's callbacks run.
 */
final class GuardedHandler {

    private final WebSocketHandler handler;

    GuardedHandler(WebSocketHandler handler) {
        this.handler = handler;
    }

    void opened(LiveSession session) {
        try {
            handler.onOpen(session);
        } catch (Throwable t) {
            threw(session, t);
        }
    }

    void message(LiveSession session, Message message) {
        try {
            if (message.isText()) {
                handler.onText(session, message);
            } else {
                handler.onBinary(session, message);
            }
        } catch (Throwable t) {
            threw(session, t);
        }
    }

    /** Whether the handler takes messages in parts. */
    boolean isStreaming() {
        return handler instanceof StreamingHandler;
    }

    void part(LiveSession session, MessagePart part) {
        try {
            ((StreamingHandler) handler).onPart(session, part);
        } catch (Throwable t) {
            threw(session, t);
        }
    }

    void pong(LiveSession session, Message payload) {
        try {
            handler.onPong(session, payload);
        } catch (Throwable t) {
            threw(session, t);
        }
    }

    void writable(LiveSession session) {
        try {
            handler.onWritable(session);
        } catch (Throwable t) {
            threw(session, t);
        }
    }

    /** The connection failed, and ends by itself. */
    void error(LiveSession session, Throwable cause) {
        try {
            handler.onError(session, cause);
        } catch (Throwable t) {
            count(session, t);
        }
    }

    /** The last callback. */
    void closed(LiveSession session, CloseStatus status, Initiator who) {
        try {
            handler.onClose(session, status, who);
        } catch (Throwable t) {
            count(session, t);
            error(session, t);
        } finally {
            session.registry().ended();
        }
    }

    private void threw(LiveSession session, Throwable thrown) {
        try {
            count(session, thrown);
            error(session, thrown);
        } finally { // whatever the log does
            session.conversation().handlerFailed();
        }
    }

    private void count(LiveSession session, Throwable thrown) {
        session.registry().handlerFailed();
        session.registry().log().handlerThrew(session, thrown);
    }
}
