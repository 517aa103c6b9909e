package io.hawser.hostile.runner;

import io.hawser.CloseStatus;
import io.hawser.Initiator;
import io.hawser.Message;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketSession;
import java.util.Arrays;

/** A handler with a bug in the callback that the path's {@code hook} names, of the path's {@code kind}. */
final class Throwing implements WebSocketHandler {

    private static final Message OVER_HIGH_WATER = Message.binary(new byte[128 * 1024]);

    private static void maybe(String hook, WebSocketSession session) {
        if (session.handshake().pathParameter("hook").equals(hook)) {
            switch (session.handshake().pathParameter("kind")) {
                case "exception" -> throw new IllegalStateException("a bug of the program");
                case "error" -> throw new AssertionError("a bug of the program");
                default -> Throwing.recurse(new long[0]);
            }
        }
    }

    private static int recurse(long[] depth) {
        return recurse(Arrays.copyOf(depth, 0)) + 1; // no tail call
    }

    @Override
    public void onOpen(WebSocketSession session) {
        maybe("open", session);
    }

    @Override
    public void onText(WebSocketSession session, Message message) {
        maybe("text", session);
        if (session.handshake().pathParameter("hook").equals("writable")) {
            session.send(OVER_HIGH_WATER);
        } else if (session.handshake().pathParameter("hook").equals("error")) {
            throw new IllegalStateException("for onError to be called");
        }
    }

    @Override
    public void onBinary(WebSocketSession session, Message message) {
        maybe("binary", session);
    }

    @Override
    public void onPong(WebSocketSession session, Message payload) {
        maybe("pong", session);
    }

    @Override
    public void onWritable(WebSocketSession session) {
        maybe("writable", session);
    }

    @Override
    public void onError(WebSocketSession session, Throwable error) {
        maybe("error", session);
    }

    @Override
    public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
        maybe("close", session);
    }
}
