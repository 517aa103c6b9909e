package io.hawser.hostile.runner;

import io.hawser.AttributeKey;
import io.hawser.CloseStatus;
import io.hawser.Compression;
import io.hawser.Endpoint;
import io.hawser.Initiator;
import io.hawser.Message;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.testing.Throwing;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** What the server under test does with its sessions. */
final class HostileEndpoints {

    /** How many numbered messages a session was given. */
    static final AttributeKey<AtomicInteger> ACCEPTED = AttributeKey.of("accepted", AtomicInteger.class);

    private final LongAdder opens = new LongAdder();
    private final LongAdder closes = new LongAdder();
    private final LongAdder closedTwice = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final Set<String> once = ConcurrentHashMap.newKeySet();

    void addTo(WebSocketServerBuilder server) {
        server.endpoint("/idle", counted(new WebSocketHandler() {}))
                .endpoint("/echo", counted(WebSocketHandler.onMessage(WebSocketSession::send)))
                .endpoint(Endpoint.of("/deflate", counted(WebSocketHandler.onMessage(WebSocketSession::send)))
                        .withCompression(Compression.on()))
                .endpoint("/room/{room}", counted(WebSocketHandler.onOpen(HostileEndpoints::joinRoom)))
                .endpoint("/chat/{room}", counted(new Chat()))
                .endpoint("/once", new Once())
                .endpoint(Throwing.PATH, counted(new Throwing(new WebSocketHandler() {})))
                .endpoint("/block", counted(new Blocking()))
                .endpoint(
                        "/numbered/{name}",
                        counted(WebSocketHandler.onOpen(
                                session -> session.setAttribute(ACCEPTED, new AtomicInteger()))));
    }

    void addTo(Map<String, Long> figures) {
        figures.put("opens", opens.sum());
        figures.put("closes", closes.sum());
        figures.put("closedTwice", closedTwice.sum());
        figures.put("errors", errors.sum());
    }

    private static void joinRoom(WebSocketSession session) {
        session.join(session.handshake().pathParameter("room"));
    }

    private WebSocketHandler counted(WebSocketHandler handler) {
        return new Counted(handler);
    }

    /**
     * {@code block MILLIS} holds the thread that long, as a call to a slow database does. Everything is echoed, and nothing taken
     * while the peer does not take what it was sent: a flood's echo would be more than the session may have pending.
     */
    private static final class Blocking implements WebSocketHandler {
        @Override
        public void onText(WebSocketSession session, Message message) {
            if (message.text().startsWith("block ")) {
                long until = System.nanoTime() + Long.parseLong(message.text().substring(6)) * 1_000_000;
                while (System.nanoTime() - until < 0) {
                    LockSupport.parkNanos(until - System.nanoTime());
                }
            }
            echo(session, message);
        }

        @Override
        public void onBinary(WebSocketSession session, Message message) {
            echo(session, message);
        }

        private static void echo(WebSocketSession session, Message message) {
            session.send(message);
            if (!session.isWritable()) {
                session.pause();
            }
        }

        @Override
        public void onWritable(WebSocketSession session) {
            session.resume();
        }
    }

    private static final class Chat implements WebSocketHandler {
        @Override
        public void onOpen(WebSocketSession session) {
            joinRoom(session);
        }

        @Override
        public void onText(WebSocketSession session, Message message) {
            broadcast(session, message);
        }

        @Override
        public void onBinary(WebSocketSession session, Message message) {
            broadcast(session, message);
        }

        private static void broadcast(WebSocketSession session, Message message) {
            session.server().room(session.handshake().pathParameter("room")).broadcast(message, session);
        }
    }

    /** Says so if a session's end is told twice, or without its beginning. */
    private final class Once implements WebSocketHandler {
        @Override
        public void onOpen(WebSocketSession session) {
            opens.increment();
            once.add(session.id());
        }

        @Override
        public void onBinary(WebSocketSession session, Message message) {
            session.send(message);
        }

        @Override
        public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
            closes.increment();
            if (!once.remove(session.id())) {
                closedTwice.increment();
            }
        }
    }

    private final class Counted implements WebSocketHandler {
        private final WebSocketHandler handler;

        Counted(WebSocketHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onOpen(WebSocketSession session) {
            opens.increment();
            handler.onOpen(session);
        }

        @Override
        public void onText(WebSocketSession session, Message message) {
            handler.onText(session, message);
        }

        @Override
        public void onBinary(WebSocketSession session, Message message) {
            handler.onBinary(session, message);
        }

        @Override
        public void onPong(WebSocketSession session, Message payload) {
            handler.onPong(session, payload);
        }

        @Override
        public void onWritable(WebSocketSession session) {
            handler.onWritable(session);
        }

        @Override
        public void onError(WebSocketSession session, Throwable error) {
            errors.increment();
            handler.onError(session, error);
        }

        @Override
        public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
            closes.increment();
            handler.onClose(session, status, initiator);
        }
    }
}
