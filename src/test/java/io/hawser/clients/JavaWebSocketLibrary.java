package io.hawser.clients;

import io.hawser.CloseStatus;
import io.hawser.Message;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.IExtension;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.IProtocol;
import org.java_websocket.protocols.Protocol;

/** Java-WebSocket's client. */
final class JavaWebSocketLibrary implements ClientLibrary {

    private final SSLContext trust;

    JavaWebSocketLibrary(SSLContext trust) {
        this.trust = trust;
    }

    @Override
    public ClientConnection open(URI uri, String... subprotocols) throws Exception {
        List<IProtocol> protocols = new ArrayList<>();
        for (String subprotocol : subprotocols) {
            protocols.add(new Protocol(subprotocol));
        }
        if (protocols.isEmpty()) {
            protocols.add(new Protocol("")); // its way to offer none
        }
        List<IExtension> extensions = List.of(new PerMessageDeflateExtension());
        Connection connection = new Connection(uri, new Draft_6455(extensions, protocols));
        if (uri.getScheme().equals("wss")) {
            connection.client.setSocketFactory(trust.getSocketFactory());
        }
        connection.client.connect();
        try {
            connection.opened.get(20, TimeUnit.SECONDS);
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
        return "Java-WebSocket";
    }

    private static final class Connection extends ClientConnection {

        /** It tells of a refusal only by the reason of a close code of its own making. */
        private static final Pattern REFUSAL = Pattern.compile("Invalid status code received: (\\d{3})");

        private final CompletableFuture<ServerHandshake> opened = new CompletableFuture<>();
        private final WebSocketClient client;

        Connection(URI uri, Draft_6455 draft) {
            client = new Client(uri, draft);
        }

        @Override
        void send(Message message) {
            if (message.isText()) {
                client.send(message.text());
            } else {
                client.send(message.bytesWithoutCopy());
            }
        }

        @Override
        void close(CloseStatus status) {
            client.close(status.code(), status.reason());
        }

        @Override
        String subprotocol() {
            return opened.join().getFieldValue("Sec-WebSocket-Protocol");
        }

        @Override
        String extensions() {
            return opened.join().getFieldValue("Sec-WebSocket-Extensions");
        }

        private final class Client extends WebSocketClient {

            Client(URI uri, Draft_6455 draft) {
                super(uri, draft);
            }

            @Override
            public void onOpen(ServerHandshake handshake) {
                opened.complete(handshake);
            }

            @Override
            public void onMessage(String text) {
                Connection.this.onMessage(Message.text(text));
            }

            @Override
            public void onMessage(ByteBuffer bytes) {
                Connection.this.onMessage(Message.binary(bytes));
            }

            @Override
            public void onClose(int code, String reason, boolean remote) {
                Matcher refusal = REFUSAL.matcher(reason);
                if (refusal.find()) {
                    opened.completeExceptionally(new RefusedHandshakeException(Integer.parseInt(refusal.group(1))));
                }
                Connection.this.onClosed(code, reason);
            }

            @Override
            public void onError(Exception error) {
                onFailure(error);
            }
        }
    }
}
