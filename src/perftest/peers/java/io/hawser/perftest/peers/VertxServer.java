package io.hawser.perftest.peers;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The paths on Vert.x, one verticle for each event loop, with epoll. */
public final class VertxServer extends VerticleBase {

    private static final Set<ServerWebSocket> EVERYBODY = ConcurrentHashMap.newKeySet();

    private final int port;

    private VertxServer(int port) {
        this.port = port;
    }

    public static void main(String[] arguments) {
        int threads = Integer.parseInt(arguments[1]);
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setEventLoopPoolSize(threads).setPreferNativeTransport(true));
        if (!vertx.isNativeTransportEnabled()) {
            throw new IllegalStateException("no epoll", vertx.unavailableNativeTransportCause());
        }
        int port = Integer.parseInt(arguments[0]);
        vertx.deployVerticle(() -> new VertxServer(port), new DeploymentOptions().setInstances(threads))
                .await();
        Paths.ready();
    }

    @Override
    public Future<?> start() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setAcceptBacklog(Paths.BACKLOG)
                .setMaxWebSocketFrameSize(Paths.MAX_MESSAGE_BYTES)
                .setMaxWebSocketMessageSize(Paths.MAX_MESSAGE_BYTES);
        if (System.getenv("TLS_CERTIFICATE") != null) {
            options.setSsl(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(System.getenv("TLS_CERTIFICATE"))
                            .setKeyPath(System.getenv("TLS_KEY")));
        }
        return vertx.createHttpServer(options)
                .webSocketHandler(VertxServer::serve)
                .listen();
    }

    private static void serve(ServerWebSocket socket) {
        if (socket.path().equals(Paths.BROADCAST)) {
            EVERYBODY.add(socket);
            socket.closeHandler(closed -> EVERYBODY.remove(socket));
            socket.textMessageHandler(text -> EVERYBODY.forEach(each -> each.writeTextMessage(text)));
            socket.binaryMessageHandler(bytes -> EVERYBODY.forEach(each -> each.writeBinaryMessage(bytes)));
        } else {
            socket.textMessageHandler(text -> echo(socket, text));
            socket.binaryMessageHandler(bytes -> echo(socket, bytes));
        }
    }

    private static void echo(ServerWebSocket socket, String text) {
        socket.writeTextMessage(text);
        waitWhereFull(socket);
    }

    private static void echo(ServerWebSocket socket, Buffer bytes) {
        socket.writeBinaryMessage(bytes);
        waitWhereFull(socket);
    }

    private static void waitWhereFull(ServerWebSocket socket) {
        if (socket.writeQueueFull()) {
            socket.pause();
            socket.drainHandler(drained -> socket.resume());
        }
    }
}
