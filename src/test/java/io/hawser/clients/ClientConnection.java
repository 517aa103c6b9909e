package io.hawser.clients;

import io.hawser.CloseStatus;
import io.hawser.Message;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One open connection of a {@link ClientLibrary}: what came in is kept for the test to ask for. */
abstract class ClientConnection {

    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<CloseStatus> closed = new CompletableFuture<>();

    /** Sends one message, whole. */
    abstract void send(Message message) throws Exception;

    /** Begins the closing handshake. */
    abstract void close(CloseStatus status) throws Exception;

    /** The subprotocol the server chose; empty if none. */
    abstract String subprotocol();

    /** The server's {@code Sec-WebSocket-Extensions}; empty if there was none. */
    abstract String extensions();

    final void onMessage(Message message) {
        received.add(message);
    }

    final void onClosed(int code, String reason) {
        closed.complete(new CloseStatus(code, reason));
    }

    final void onFailure(Throwable failure) {
        closed.completeExceptionally(failure);
    }

    /** The next message that came in, waiting for it. */
    final Message receive() throws Exception {
        Message message = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            closed.getNow(null); // says why, if the connection failed
            throw new AssertionError("no message came in " + PATIENCE_SECONDS + " s");
        }
        return message;
    }

    /** What the client learned of the end, waiting for it. */
    final CloseStatus awaitClosed() throws Exception {
        return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
