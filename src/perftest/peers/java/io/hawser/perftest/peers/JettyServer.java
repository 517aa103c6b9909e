package io.hawser.perftest.peers;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** The paths on Jetty, whose I/O is NIO and whose handlers run on a pool of threads. No TLS here. */
public final class JettyServer {

    private static final Set<Session> EVERYBODY = ConcurrentHashMap.newKeySet();

    private JettyServer() {}

    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, Integer.parseInt(arguments[1]));
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(arguments[0]));
        connector.setAcceptQueueSize(Paths.BACKLOG);
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, JettyServer::paths));
        server.start();
        Paths.ready();
    }

    private static void paths(ServerWebSocketContainer container) {
        container.setMaxTextMessageSize(Paths.MAX_MESSAGE_BYTES);
        container.setMaxBinaryMessageSize(Paths.MAX_MESSAGE_BYTES);
        container.setMaxFrameSize(Paths.MAX_MESSAGE_BYTES);
        container.addMapping(Paths.ECHO, (request, response, callback) -> new Echo());
        container.addMapping(Paths.DEFLATE, (request, response, callback) -> new Echo());
        container.addMapping(Paths.BROADCAST, (request, response, callback) -> new ToEverybody());
    }

    /** Public, as Jetty calls it by method handles. */
    public static class Echo implements Session.Listener {

        protected Session session;

        @Override
        public void onWebSocketOpen(Session session) {
            this.session = session;
            session.demand();
        }

        @Override
        public void onWebSocketError(Throwable cause) {
            // Jetty would log each client that resets.
        }

        @Override
        public void onWebSocketText(String text) {
            session.sendText(text, Callback.from(session::demand, Throwable::printStackTrace));
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            session.sendBinary(
                    payload,
                    Callback.from(
                            () -> {
                                callback.succeed();
                                session.demand();
                            },
                            callback::fail));
        }
    }

    /** Public, as Jetty calls it by method handles. */
    public static final class ToEverybody extends Echo {

        @Override
        public void onWebSocketOpen(Session session) {
            EVERYBODY.add(session);
            super.onWebSocketOpen(session);
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            EVERYBODY.remove(session);
            callback.succeed();
        }

        @Override
        public void onWebSocketText(String text) {
            EVERYBODY.forEach(each -> each.sendText(text, Callback.NOOP));
            session.demand();
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            ByteBuffer copy =
                    ByteBuffer.allocate(payload.remaining()).put(payload).flip();
            EVERYBODY.forEach(each -> each.sendBinary(copy.duplicate(), Callback.NOOP));
            callback.succeed();
            session.demand();
        }
    }
}
