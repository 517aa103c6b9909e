package io.hawser.testing;

import io.hawser.CloseStatus;
import io.hawser.Initiator;
import io.hawser.Message;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketSession;
import java.util.Arrays;
import java.util.List;

/** Tells another handler, and then has a bug in the callback that the path's {@code hook} names, of the path's {@code kind}. */
public final class Throwing implements WebSocketHandler {

    /** Where it is to be served. */
    public static final String PATH = "/throw/{hook}/{kind}";

    /** The callbacks; a text provokes {@code onError} and {@code onWritable}. */
    public static final List<String> HOOKS = List.of("open", "text", "binary", "pong", "writable", "error", "close");

    /** What is thrown: by the program, by an assertion, by the JVM. */
    public static final List<String> KINDS = List.of("exception", "error", "overflow");

    private static final Message OVER_HIGH_WATER = Message.binary(new byte[128 * 1024]);

    private final WebSocketHandler handler;

    /** With a handler that throws nothing. */
    public Throwing(WebSocketHandler handler) {
        this.handler = handler;
    }

    /** The path to a handler with such a bug. */
    public static String path(String hook, String kind) {
        return "/throw/" + hook + "/" + kind;
    }

    private static void maybe(String hook, WebSocketSession session) {
        if (isAt(hook, session)) {
            switch (session.handshake().pathParameter("kind")) {
                case "exception" -> throw new IllegalStateException("a bug in " + hook);
                case "error" -> throw new AssertionError("a bug in " + hook);
                default -> recurse(new long[0]);
            }
        }
    }

    private static boolean isAt(String hook, WebSocketSession session) {
        return session.handshake().pathParameter("hook").equals(hook);
    }

    private static int recurse(long[] depth) {
        return recurse(Arrays.copyOf(depth, 0)) + 1; // no tail call
    }

    @Override
    public void onOpen(WebSocketSession session) {
        handler.onOpen(session);
        maybe("open", session);
    }

    @Override
    public void onText(WebSocketSession session, Message message) {
        handler.onText(session, message);
        maybe("text", session);
        if (isAt("writable", session)) {
            session.send(OVER_HIGH_WATER);
        } else if (isAt("error", session)) {
            throw new IllegalStateException("for onError to be called");
        }
    }

    @Override
    public void onBinary(WebSocketSession session, Message message) {
        handler.onBinary(session, message);
        maybe("binary", session);
    }

    @Override
    public void onPong(WebSocketSession session, Message payload) {
        handler.onPong(session, payload);
        maybe("pong", session);
    }

    @Override
    public void onWritable(WebSocketSession session) {
        handler.onWritable(session);
        maybe("writable", session);
    }

    @Override
    public void onError(WebSocketSession session, Throwable error) {
        handler.onError(session, error);
        maybe("error", session);
    }

    @Override
    public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
        handler.onClose(session, status, initiator);
        maybe("close", session);
    }
}
