package io.hawser.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Heartbeat;
import io.hawser.Initiator;
import io.hawser.Message;
import io.hawser.Transport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.testing.CpuTime;
import io.hawser.testing.Frames;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A server under attack. Its close checks that every session that was told of its opening was told of its end, once. */
final class Target implements AutoCloseable {

    /** The names of its event loops' threads begin so. */
    static final String LOOPS = "hawser-io";

    private static final Heartbeat RARE = Heartbeat.onSilence(Duration.ofMinutes(10), Duration.ofMinutes(1));

    private final Echo handler;
    private final WebSocketServer server;

    private Target(Echo handler, WebSocketServer server) {
        this.handler = handler;
        this.server = server;
    }

    /** Sends back what it gets, and counts how often each session opens and closes. */
    static class Echo extends RecordingHandler {

        private final Map<String, AtomicInteger> open = new ConcurrentHashMap<>();

        @Override
        public void onOpen(WebSocketSession session) {
            open.computeIfAbsent(session.id(), id -> new AtomicInteger()).incrementAndGet();
            super.onOpen(session);
        }

        @Override
        public void onText(WebSocketSession session, Message message) {
            super.onText(session, message);
            session.send(message);
        }

        @Override
        public void onBinary(WebSocketSession session, Message message) {
            super.onBinary(session, message);
            session.send(message);
        }

        @Override
        public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
            open.computeIfAbsent(session.id(), id -> new AtomicInteger()).decrementAndGet();
            super.onClose(session, status, initiator);
        }
    }

    /** With no option that matters but the transport. */
    static Target start(Transport transport) {
        return start(builder -> builder.transport(transport));
    }

    /** With no options that matter but these. */
    static Target start(UnaryOperator<WebSocketServerBuilder> options) {
        return start(new Echo(), options);
    }

    /** The handler serves {@code /}. */
    static Target start(Echo handler, UnaryOperator<WebSocketServerBuilder> options) {
        WebSocketServerBuilder builder = WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .heartbeat(RARE) // a client here reads what it asked for, and answers no ping
                .endpoint("/", handler);
        return new Target(handler, options.apply(builder).build().start());
    }

    WebSocketServer server() {
        return server;
    }

    Echo handler() {
        return handler;
    }

    int port() {
        return server.port();
    }

    /** A client with a session. */
    RawClient upgraded() throws IOException {
        return upgraded("");
    }

    /** A client with a session that asked for more than that, in whole header lines. */
    RawClient upgraded(String headers) throws IOException {
        return RawClient.upgraded(port(), "/", headers);
    }

    /** A client with a session and hardly any room for what it does not read. */
    RawClient deaf() throws IOException {
        return RawClient.connect(port(), 4_096).upgrade("/", "");
    }

    /** How often a limit was met. */
    long timesMet(String limit) {
        return server.metrics().limitsHit().getOrDefault(limit, 0L);
    }

    /** The session fails as it must: our Close frame with that code and why, our FIN, {@code onClose}. */
    void expectFailure(RawClient client, int code) throws Exception {
        RawClient.Frame close = client.readFrame();
        assertThat(close.opcode()).isEqualTo(Frames.CLOSE);
        assertThat(close.closeCode()).as(close.closeReason()).isEqualTo(code);
        assertThat(close.closeReason()).isNotBlank();
        assertThat(client.readToEnd()).isEmpty();
        client.close(); // the server waits for it, a second at most
        assertThat(handler.nextClose()).isEqualTo("close " + code + " SERVER");
    }

    /** A client of its own sends these bytes, one a character, and gets that status, the end, and nothing after it. */
    HttpAnswer expectRefusal(String request, int status) throws Exception {
        try (RawClient client = RawClient.connect(port())) {
            client.send(request);
            return expectRefusal(client, request.startsWith("HEAD "), status);
        }
    }

    /** The answer has that status, and the connection serves nothing more. */
    HttpAnswer expectRefusal(RawClient client, boolean isHead, int status) throws Exception {
        HttpAnswer answer = isHead ? new HttpAnswer(client.readHead(), "") : HttpAnswer.read(client);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Connection").orElse("")).startsWith("close");
        client.trySend(RawClient.upgradeRequest(port(), "/", "").getBytes());
        assertThat(client.readToEnd()).isEmpty();
        return answer;
    }

    /** Another client is served as if nothing had happened. */
    void expectService() throws Exception {
        try (RawClient client = upgraded()) {
            expectEcho(client, "still here");
        }
    }

    static void expectEcho(RawClient client, String text) throws IOException {
        client.sendText(text);
        RawClient.Frame frame = client.readFrame();
        while (frame.opcode() == Frames.PING) { // a heartbeat
            frame = client.readFrame();
        }
        assertThat(frame.text()).isEqualTo(text);
    }

    /** The event loops come to rest: nothing spins, and what was sent is read. */
    void awaitRest() {
        CpuTime.awaitRestOfThreads(LOOPS);
    }

    @Override
    public void close() {
        server.close();
        assertThat(server.metrics().openSessions()).isZero();
        assertThat(server.sessions()).isEmpty();
        assertThat(handler.open.values()).allMatch(count -> count.get() == 0, "opened once and closed once");
    }
}
