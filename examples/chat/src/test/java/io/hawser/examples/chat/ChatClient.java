package io.hawser.examples.chat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody in the chat: the JDK's own WebSocket client, and what it heard. */
final class ChatClient implements AutoCloseable, WebSocket.Listener {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int PATIENCE_SECONDS = 10;

    private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private final WebSocket socket;

    ChatClient(int port) {
        socket = HTTP.newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + port + "/chat"), this)
                .join();
    }

    /** A client that has joined a room, and has been told so. */
    static ChatClient in(String room, String user, int port) throws InterruptedException {
        ChatClient client = new ChatClient(port);
        client.join(room, user);
        client.hear("joined");
        return client;
    }

    void join(String room, String user) {
        say("{'type':'join','room':'" + room + "','user':'" + user + "'}");
    }

    void post(String room, String text) {
        say("{'type':'message','room':'" + room + "','text':'" + text + "'}");
    }

    void leave(String room) {
        say("{'type':'leave','room':'" + room + "'}");
    }

    /** Sends a text as it is, but for quotes, which are easier to read in tests as apostrophes. */
    void say(String text) {
        socket.sendText(text.replace('\'', '"'), true).join();
    }

    void sayBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    }

    /** The next message, which must be of this type. */
    JsonNode hear(String type) throws InterruptedException {
        JsonNode message = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing came; expected " + type);
        }
        if (!message.path("type").stringValue("").equals(type)) {
            throw new AssertionError("expected " + type + " and not " + message);
        }
        return message;
    }

    String hearError() throws InterruptedException {
        return hear("error").path("code").stringValue();
    }

    int closeCode() {
        return closeCode.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        // Fails where the other side was first.
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .exceptionally(closed -> socket)
                .join();
        closeCode();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            heard.add(JSON.readTree(partial.toString()));
            partial.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closeCode.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closeCode.completeExceptionally(error);
    }
}
