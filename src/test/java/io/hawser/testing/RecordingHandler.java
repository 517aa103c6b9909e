package io.hawser.testing;

import io.hawser.CloseStatus;
import io.hawser.Initiator;
import io.hawser.Message;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Writes down what it is told, as lines: {@code open}, {@code text hello}, {@code binary 3}, {@code pong 0}, {@code writable},
 * {@code error boom}, {@code close 1000 PEER}. Override a method, and call super, to do more.
 */
public class RecordingHandler implements WebSocketHandler {

    private static final int PATIENCE_SECONDS = 10;

    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private final BlockingQueue<WebSocketSession> opened = new LinkedBlockingQueue<>();

    /** The next call, waited for. */
    public String next() throws InterruptedException {
        String call = calls.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("the handler was not called");
        }
        return call;
    }

    /** Skips calls up to the next {@code close}, waited for, and returns it. */
    public String nextClose() throws InterruptedException {
        return nextClose("session");
    }

    /** As {@link #nextClose()}, for a failure that names what was waited for. */
    public String nextClose(String whose) throws InterruptedException {
        while (true) {
            String call = calls.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (call == null) {
                throw new AssertionError("onClose was not called: " + whose);
            }
            if (call.startsWith("close ")) {
                return call;
            }
        }
    }

    /** The calls that came and were not asked for yet. */
    public List<String> rest() {
        List<String> rest = new ArrayList<>();
        calls.drainTo(rest);
        return rest;
    }

    /** The next session to open, waited for. */
    public WebSocketSession session() throws InterruptedException {
        WebSocketSession session = opened.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (session == null) {
            throw new AssertionError("no session opened");
        }
        return session;
    }

    /** Adds a line of the test's own. */
    protected final void note(String call) {
        calls.add(call);
    }

    @Override
    public void onOpen(WebSocketSession session) {
        calls.add("open");
        opened.add(session);
    }

    @Override
    public void onText(WebSocketSession session, Message message) {
        calls.add("text " + message.text());
    }

    @Override
    public void onBinary(WebSocketSession session, Message message) {
        calls.add("binary " + message.sizeBytes());
    }

    @Override
    public void onPong(WebSocketSession session, Message payload) {
        calls.add("pong " + payload.sizeBytes());
    }

    @Override
    public void onWritable(WebSocketSession session) {
        calls.add("writable");
    }

    @Override
    public void onError(WebSocketSession session, Throwable error) {
        calls.add("error " + error.getMessage());
    }

    @Override
    public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
        calls.add("close " + status.code() + " " + initiator);
    }
}
