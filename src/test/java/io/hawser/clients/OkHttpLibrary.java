package io.hawser.clients;

import io.hawser.CloseStatus;
import io.hawser.Message;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** OkHttp's client. It always offers compression, and fails a connection whose answer has a parameter it did not offer. */
final class OkHttpLibrary implements ClientLibrary {

    private final OkHttpClient http;

    OkHttpLibrary(SSLContext trust, X509TrustManager trustManager) {
        http = new OkHttpClient.Builder()
                .sslSocketFactory(trust.getSocketFactory(), trustManager)
                .minWebSocketMessageToCompress(0)
                .build();
    }

    @Override
    public ClientConnection open(URI uri, String... subprotocols) throws Exception {
        Request.Builder request = new Request.Builder().url(uri.toString());
        if (subprotocols.length > 0) {
            request.header("Sec-WebSocket-Protocol", String.join(", ", subprotocols));
        }
        Connection connection = new Connection();
        connection.socket = http.newWebSocket(request.build(), connection.new Events());
        try {
            connection.response = connection.opened.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedHandshakeException refusal) {
                throw refusal;
            }
            throw e;
        }
        return connection;
    }

    @Override
    public String toString() {
        return "OkHttp";
    }

    private static final class Connection extends ClientConnection {

        private final CompletableFuture<Response> opened = new CompletableFuture<>();
        private @Nullable WebSocket socket;
        private @Nullable Response response;

        private WebSocket socket() {
            if (socket == null) {
                throw new IllegalStateException("not open");
            }
            return socket;
        }

        @Override
        void send(Message message) {
            boolean accepted = message.isText()
                    ? socket().send(message.text())
                    : socket().send(ByteString.of(message.bytesWithoutCopy()));
            if (!accepted) {
                throw new IllegalStateException("OkHttp's own queue is full, or the connection is closing");
            }
        }

        @Override
        void close(CloseStatus status) {
            socket().close(status.code(), status.reason());
        }

        @Override
        String subprotocol() {
            return header("Sec-WebSocket-Protocol");
        }

        @Override
        String extensions() {
            return header("Sec-WebSocket-Extensions");
        }

        private String header(String name) {
            String value = response == null ? null : response.header(name);
            return value == null ? "" : value;
        }

        private final class Events extends WebSocketListener {

            @Override
            public void onOpen(WebSocket from, Response answer) {
                opened.complete(answer);
            }

            @Override
            public void onMessage(WebSocket from, String text) {
                Connection.this.onMessage(Message.text(text));
            }

            @Override
            public void onMessage(WebSocket from, ByteString bytes) {
                Connection.this.onMessage(Message.binary(bytes.toByteArray()));
            }

            @Override
            public void onClosing(WebSocket from, int code, String reason) {
                from.close(code, reason); // OkHttp leaves the answer to its user
            }

            @Override
            public void onClosed(WebSocket from, int code, String reason) {
                Connection.this.onClosed(code, reason);
            }

            @Override
            public void onFailure(WebSocket from, Throwable failure, @Nullable Response answer) {
                boolean refused = answer != null && answer.code() != 101;
                opened.completeExceptionally(refused ? new RefusedHandshakeException(answer.code()) : failure);
                Connection.this.onFailure(failure);
            }
        }
    }
}
