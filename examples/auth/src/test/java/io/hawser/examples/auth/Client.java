package io.hawser.examples.auth;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who is let in: the JDK's own WebSocket client, and what it heard. */
final class Client implements AutoCloseable, WebSocket.Listener {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int PATIENCE_SECONDS = 20;

    private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private final WebSocket socket;

    private Client(int port, String path, String header, String value) {
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        if (!header.isEmpty()) {
            builder.header(header, value);
        }
        socket = builder.buildAsync(URI.create("ws://localhost:" + port + path), this)
                .join();
    }

    static Client withToken(int port, String token) throws InterruptedException {
        Client client = new Client(port, "/live", "Authorization", "Bearer " + token);
        client.hear("welcome");
        return client;
    }

    static Client withCookie(int port, String cookie) throws InterruptedException {
        Client client = new Client(port, "/live/cookie", "Cookie", cookie);
        client.hear("welcome");
        return client;
    }

    static Client atTheDoor(int port) {
        return new Client(port, "/login", "", "");
    }

    /** The ticket for a password. */
    static String ticket(int port, String user, String password) throws InterruptedException {
        try (Client client = atTheDoor(port)) {
            client.signIn(user, password);
            return client.hear("ticket").path("ticket").stringValue();
        }
    }

    /** The cookie for a password, as a browser sends it back: name=value. */
    static String cookie(int port, String user, String password) throws Exception {
        HttpResponse<String> answer = get(port, "/session", "Authorization", "Ticket " + ticket(port, user, password));
        if (answer.statusCode() != 200) {
            throw new AssertionError("status " + answer.statusCode());
        }
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    }

    /** The token for a cookie. */
    static String token(int port, String cookie) throws Exception {
        HttpResponse<String> answer = get(port, "/token", "Cookie", cookie);
        if (answer.statusCode() != 200) {
            throw new AssertionError("status " + answer.statusCode());
        }
        return JSON.readTree(answer.body()).path("token").stringValue();
    }

    static HttpResponse<String> get(int port, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    void signIn(String user, String password) {
        say("{'type':'sign-in','user':'" + user + "','password':'" + password + "'}");
    }

    void refresh(String token) {
        say("{'type':'refresh','token':'" + token + "'}");
    }

    /** Sends a text as it is, but for quotes, which are easier to read in tests as apostrophes. */
    void say(String text) {
        socket.sendText(text.replace('\'', '"'), true).join();
    }

    /** Sends while somebody listens. */
    void trySay(String text) {
        if (!socket.isOutputClosed()) {
            socket.sendText(text.replace('\'', '"'), true)
                    .exceptionally(closed -> socket)
                    .join();
        }
    }

    boolean isClosed() {
        return closed.isDone();
    }

    /** The next message, which must be of this type. */
    JsonNode hear(String type) throws InterruptedException {
        JsonNode message = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing came; expected " + type + "; closed: " + closed.getNow("not"));
        }
        if (!message.path("type").stringValue("").equals(type)) {
            throw new AssertionError("expected " + type + " and not " + message.path("type"));
        }
        return message;
    }

    String hearError() throws InterruptedException {
        return hear("error").path("code").stringValue();
    }

    /** Whether what it says comes back. */
    boolean isAlive(String text) throws InterruptedException {
        say("{'type':'say','text':'" + text + "'}");
        return hear("said").path("text").stringValue().equals(text);
    }

    /** The code and the reason. */
    String closed() {
        return closed.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    int closeCode() {
        return Integer.parseInt(closed().substring(0, 4));
    }

    @Override
    public void close() {
        // Fails where the other side was first.
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .exceptionally(closed -> socket)
                .join();
        closed();
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
        closed.complete(statusCode + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }
}
