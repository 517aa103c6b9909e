import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Serves an echo over each transport in turn and asks it once. */
public class Echo {

    public static void main(String[] args) throws Exception {
        int passed = 0;
        Transport[] transports = {Transport.NIO, Transport.EPOLL, Transport.IO_URING};
        for (Transport transport : transports) {
            try {
                if (!echo(transport).equals("hello")) {
                    throw new IllegalStateException("the echo is another text");
                }
                passed++;
            } catch (Exception e) {
                System.err.println(transport + ":");
                e.printStackTrace();
            }
        }
        System.out.println("netty-all: " + passed + " passed, " + (transports.length - passed) + " failed");
        System.exit(passed == transports.length ? 0 : 1);
    }

    private static String echo(Transport transport) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (WebSocketServer server = WebSocketServer.builder()
                .port(0)
                .transport(transport)
                .endpoint("/echo", WebSocketHandler.onMessage(WebSocketSession::send))
                .build()
                .start()) {
            WebSocket client = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://localhost:" + server.port() + "/echo"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                            answer.complete(text.toString());
                            return null;
                        }
                    })
                    .get(30, TimeUnit.SECONDS);
            client.sendText("hello", true);
            String echoed = answer.get(30, TimeUnit.SECONDS);
            client.abort();
            return echoed;
        }
    }
}
