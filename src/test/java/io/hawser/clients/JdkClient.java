package io.hawser.clients;

import io.hawser.CloseStatus;
import io.hawser.Message;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** {@link java.net.http.WebSocket}, the JDK's own client. It knows no extension. */
final class JdkClient implements ClientLibrary {

    private static final long PATIENCE_SECONDS = 20;

    private final HttpClient http;

    JdkClient(SSLContext trust) {
        http = HttpClient.newBuilder().sslContext(trust).build();
    }

    @Override
    public ClientConnection open(URI uri, String... subprotocols) throws Exception {
        Connection connection = new Connection();
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (subprotocols.length > 0) {
            builder.subprotocols(subprotocols[0], Arrays.copyOfRange(subprotocols, 1, subprotocols.length));
        }
        try {
            connection.socket = builder.buildAsync(uri, connection.new Events()).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refusal) {
                throw new RefusedHandshakeException(refusal.getResponse().statusCode());
            }
            throw e;
        }
        return connection;
    }

    @Override
    public String toString() {
        return "java.net.http";
    }

    private static final class Connection extends ClientConnection {

        private @Nullable WebSocket socket;

        private WebSocket socket() {
            if (socket == null) {
                throw new IllegalStateException("not open");
            }
            return socket;
        }

        @Override
        void send(Message message) throws Exception {
            // One at a time, says its contract.
            (message.isText()
                            ? socket().sendText(message.text(), true)
                            : socket().sendBinary(message.asByteBuffer(), true))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        void close(CloseStatus status) throws Exception {
            socket().sendClose(status.code(), status.reason()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        String subprotocol() {
            return socket().getSubprotocol();
        }

        @Override
        String extensions() {
            return "";
        }

        /** Puts the parts together in which this client hands out messages. */
        private final class Events implements WebSocket.Listener {

            private final StringBuilder text = new StringBuilder();
            private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

            @Override
            public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
                text.append(part);
                if (last) {
                    onMessage(Message.text(text.toString()));
                    text.setLength(0);
                }
                from.request(1);
                return null;
            }

            @Override
            public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
                byte[] bytes = new byte[part.remaining()];
                part.get(bytes);
                binary.writeBytes(bytes);
                if (last) {
                    onMessage(Message.binary(binary.toByteArray()));
                    binary.reset();
                }
                from.request(1);
                return null;
            }

            @Override
            public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                onClosed(code, reason);
                return null;
            }

            @Override
            public void onError(WebSocket from, Throwable error) {
                onFailure(error);
            }
        }
    }
}
