package io.hawser.examples.chat;

import io.hawser.Endpoint;
import io.hawser.Limits;
import io.hawser.Room;
import io.hawser.WebSocketServer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;

/** The chat: a page for browsers and the WebSocket endpoint it talks to, on one port. */
public final class ChatServer implements AutoCloseable {

    private static final Limits LIMITS =
            Limits.defaults().withMaxMessageBytes(16 * 1024).withMaxRooms(8);
    private static final Duration GOODBYE = Duration.ofSeconds(10);

    private final WebSocketServer server;

    private ChatServer(int port) {
        ChatHandler handler = new ChatHandler(new ChatRooms(this::room, LIMITS.maxRooms()));
        server = WebSocketServer.builder()
                .port(port)
                .endpoint(Endpoint.of("/chat", handler).withLimits(LIMITS))
                .http(new ChatPage())
                .build();
    }

    /**
     * Starts the chat.
     *
     * @param port where to listen, 0 to pick a free port
     * @return a chat that serves
     */
    public static ChatServer start(int port) {
        ChatServer chat = new ChatServer(port);
        chat.server.start();
        return chat;
    }

    /**
     * The port in use.
     *
     * @return a TCP port
     */
    public int port() {
        return server.port();
    }

    /** Tells every client that the server goes away (1001), and waits until they are gone. */
    @Override
    public void close() {
        server.stop(GOODBYE).toCompletableFuture().join();
    }

    private Room room(String name) {
        return server.room(name);
    }

    /**
     * Serves until the process is told to end by SIGTERM or SIGINT.
     *
     * @param args the port; if there is none, the environment's PORT, and 8080 without that
     */
    public static void main(String[] args) {
        try {
            ChatServer chat = start(port(args, System.getenv()));
            Runtime.getRuntime().addShutdownHook(new Thread(chat::close, "goodbye"));
            System.out.println(
                    "Open http://localhost:" + chat.port() + "/ in a browser, or in two. Ctrl-C ends the chat.");
        } catch (IllegalArgumentException | UncheckedIOException e) {
            System.err.println("The chat cannot start: " + e.getMessage());
            System.exit(1);
        }
    }

    static int port(String[] args, Map<String, String> environment) {
        String port = args.length > 0 ? args[0] : environment.getOrDefault("PORT", "8080");
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new IllegalArgumentException("a port is a number of 0 to 65535");
        }
        return Integer.parseInt(port);
    }
}
