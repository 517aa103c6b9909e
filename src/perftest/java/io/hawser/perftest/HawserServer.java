package io.hawser.perftest;

import io.hawser.Compression;
import io.hawser.Endpoint;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** The server that {@code serve} starts: what the loads need raised is raised, the rest is as a user gets it. */
public final class HawserServer {

    private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
    private static final String EVERYBODY = "everybody";

    private final WebSocketServer server;

    private HawserServer(int port, int threads, Transport transport) {
        WebSocketHandler echo = WebSocketHandler.onMessage(WebSocketSession::send);
        WebSocketServerBuilder builder = WebSocketServer.builder()
                .address(new InetSocketAddress("127.0.0.1", port))
                .ioThreads(threads)
                .transport(transport)
                .limits(Limits.defaults()
                        .withMaxMessageBytes(MAX_MESSAGE_BYTES)
                        .withMaxFragments(MAX_MESSAGE_BYTES / 64)
                        .withMaxPendingBytes(2 * MAX_MESSAGE_BYTES))
                .endpoint("/echo", echo)
                .endpoint(Endpoint.of("/echo-deflate", echo)
                        .withCompression(Compression.on().withThresholdBytes(0))) // as the peers do
                .endpoint("/broadcast", new ToEverybody());
        String certificate = System.getenv("TLS_CERTIFICATE");
        if (certificate != null) {
            builder.tls(Tls.pem(Path.of(certificate), Path.of(System.getenv("TLS_KEY"))));
        }
        server = builder.build();
    }

    /**
     * Serves until SIGTERM. Prints {@code ready} when it listens.
     *
     * @param arguments port and number of event loops; the environment variable TRANSPORT names the transport, TLS_CERTIFICATE and
     *     TLS_KEY the PEM files where there is to be TLS
     */
    public static void main(String[] arguments) {
        String transport = System.getenv().getOrDefault("TRANSPORT", "auto").toUpperCase(Locale.ROOT);
        WebSocketServer server = new HawserServer(
                        Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), Transport.valueOf(transport))
                .server;
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop(Duration.ofSeconds(2)).toCompletableFuture().join();
        }));
        HeapOnRequest.start();
        System.out.println("ready");
    }

    /** Passes every message on to all, its sender included. */
    private final class ToEverybody implements WebSocketHandler {

        @Override
        public void onOpen(WebSocketSession session) {
            session.join(EVERYBODY);
        }

        @Override
        public void onText(WebSocketSession session, Message message) {
            server.room(EVERYBODY).broadcast(message);
        }

        @Override
        public void onBinary(WebSocketSession session, Message message) {
            server.room(EVERYBODY).broadcast(message);
        }
    }
}
