package io.hawser.clients;

import io.hawser.CloseStatus;
import io.hawser.Initiator;
import io.hawser.Message;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketSession;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What {@code onClose} was told of the sessions that carry a {@code ?tag=}, as lines such as {@code PEER 4001 bye}. */
final class CloseLog {

    private final Map<String, CompletableFuture<String>> endings = new ConcurrentHashMap<>();

    /** Completes when the tagged session has ended, now or later. */
    CompletableFuture<String> ending(String tag) {
        return endings.computeIfAbsent(tag, unseen -> new CompletableFuture<>());
    }

    /** The handler for a client that wants to know how another session of its own ended: one message says it. */
    WebSocketHandler observer() {
        return new WebSocketHandler() {
            @Override
            public void onOpen(WebSocketSession session) {
                ending(session.handshake().pathParameter("tag")).thenAccept(session::send);
            }
        };
    }

    /** That handler, with its endings noted here. */
    WebSocketHandler noting(WebSocketHandler handler) {
        return new WebSocketHandler() {
            @Override
            public void onText(WebSocketSession session, Message message) {
                handler.onText(session, message);
            }

            @Override
            public void onBinary(WebSocketSession session, Message message) {
                handler.onBinary(session, message);
            }

            @Override
            public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
                String line = initiator + " " + status.code() + " " + status.reason();
                // A second onClose of one session would be a bug of ours: let it be seen.
                session.handshake().query("tag").ifPresent(tag -> {
                    if (!ending(tag).complete(line)) {
                        throw new IllegalStateException("onClose was called twice");
                    }
                });
            }
        };
    }
}
