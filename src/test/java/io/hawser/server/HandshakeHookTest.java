package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.AttributeKey;
import io.hawser.CloseStatus;
import io.hawser.Endpoint;
import io.hawser.Handshake;
import io.hawser.HandshakeDecision;
import io.hawser.HandshakeHook;
import io.hawser.HttpLimits;
import io.hawser.SessionState;
import io.hawser.Transport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program's say in an opening handshake: now, later, or never, on the event loop or elsewhere. */
class HandshakeHookTest {

    private static final AttributeKey<String> TENANT = AttributeKey.of("tenant", String.class);
    private static final Principal ADA = () -> "ada";

    private final RecordingHandler handler = new RecordingHandler();

    private WebSocketServerBuilder builder(HandshakeHook hook) {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .ioThreads(1)
                .endpoint(Endpoint.of("/ws", handler).withSubprotocols("a", "b").withHandshakeHook(hook));
    }

    private static CompletionStage<HandshakeDecision> now(HandshakeDecision decision) {
        return CompletableFuture.completedStage(decision);
    }

    /** Hands each handshake to the test, which decides when it likes. */
    private static final class Later implements HandshakeHook {
        record Asked(Handshake handshake, String thread, CompletableFuture<HandshakeDecision> decision) {}

        private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<HandshakeDecision> decide(Handshake handshake) {
            CompletableFuture<HandshakeDecision> decision = new CompletableFuture<>();
            asked.add(new Asked(handshake, Thread.currentThread().getName(), decision));
            return decision;
        }

        Asked next() throws InterruptedException {
            Asked next = asked.poll(10, TimeUnit.SECONDS);
            assertThat(next).as("the hook is asked").isNotNull();
            return next;
        }
    }

    private static HttpAnswer answer(WebSocketServer server, String headers) throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(RawClient.upgradeRequest(server.port(), "/ws", headers));
            HttpAnswer answer = HttpAnswer.read(client);
            if (answer.status() != 101) {
                assertThat(answer.header("Connection")).contains("close");
                assertThat(client.readToEnd()).isEmpty();
            }
            return answer;
        }
    }

    @Test
    void whatTheHookGivesIsThereWhenTheSessionOpens() throws Exception {
        HandshakeHook hook = handshake -> {
            assertThat(handshake.offeredSubprotocols()).containsExactly("b", "a");
            assertThat(handshake.subprotocol()).contains("a");
            return now(HandshakeDecision.accept()
                    .withPrincipal(ADA)
                    .withAttribute(TENANT, "blue")
                    .withSubprotocol("b")
                    .withHeader("Set-Cookie", "seen=1")
                    .withHeader("Set-Cookie", "again=1"));
        };
        try (WebSocketServer server = builder(hook).build().start();
                RawClient client = RawClient.connect(server.port())) {
            client.send(RawClient.upgradeRequest(server.port(), "/ws", "Sec-WebSocket-Protocol: b, a\r\n"));
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.header("Sec-WebSocket-Protocol")).contains("b");
            assertThat(answer.headers("Set-Cookie")).containsExactly("seen=1", "again=1");
            WebSocketSession session = handler.session();
            assertThat(session.principal()).contains(ADA);
            assertThat(session.attribute(TENANT)).contains("blue");
            assertThat(session.handshake().subprotocol()).contains("b");
            assertThat(server.sessionsOf("ada")).containsExactly(session);
        }
    }

    @Test
    void aRefusalHasItsStatusAndItsHeaders() throws Exception {
        HandshakeHook hook =
                handshake -> now(HandshakeDecision.reject(401).withHeader("WWW-Authenticate", "Bearer realm=\"chat\""));
        try (WebSocketServer server = builder(hook).build().start()) {
            HttpAnswer answer = answer(server, "");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).contains("Bearer realm=\"chat\"");
            assertThat(server.metrics().refusedHandshakes()).containsEntry(401, 1L);
            assertThat(server.metrics().openedSessions()).isZero();
        }
        assertThat(handler.rest()).isEmpty();
    }

    @Test
    void aRedirectSaysWhere() throws Exception {
        HandshakeHook hook =
                handshake -> now(HandshakeDecision.reject(307).withHeader("Location", "wss://other.example/ws"));
        try (WebSocketServer server = builder(hook).build().start()) {
            HttpAnswer answer = answer(server, "");
            assertThat(answer.status()).isEqualTo(307);
            assertThat(answer.header("Location")).contains("wss://other.example/ws");
        }
    }

    @EachTransport
    void whoIsAcceptedAndClosedAtOnceReadsWhyAndTheHandlerIsNotTold(Transport transport) throws Exception {
        HandshakeHook hook = handshake -> now(HandshakeDecision.acceptThenClose(new CloseStatus(4001, "log in first")));
        try (WebSocketServer server = builder(hook).transport(transport).build().start();
                RawClient client = RawClient.upgraded(server.port(), "/ws")) {
            client.sendText("too late");
            RawClient.Frame close = client.readFrame();
            assertThat(close.closeCode()).isEqualTo(4001);
            assertThat(close.closeReason()).isEqualTo("log in first");
            client.sendClose(4001, "");
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(handler.rest()).isEmpty();
    }

    @EachTransport
    void whatIsSentBeforeTheDecisionStaysInTheKernelAndIsDeliveredAfterIt(Transport transport) throws Exception {
        Later hook = new Later();
        try (WebSocketServer server = builder(hook).transport(transport).build().start();
                RawClient client = RawClient.connect(server.port())) {
            client.send(RawClient.upgradeRequest(server.port(), "/ws", ""));
            Later.Asked asked = hook.next();
            client.sendText("one");
            client.sendText("two");
            assertThat(server.sessions()).isEmpty();
            asked.decision().complete(HandshakeDecision.accept());
            assertThat(HttpAnswer.read(client).status()).isEqualTo(101);
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).isEqualTo("text one");
            assertThat(handler.next()).isEqualTo("text two");
        }
    }

    @EachTransport
    void aFloodBeforeTheDecisionIsNotRead(Transport transport) throws Exception {
        Later hook = new Later();
        try (WebSocketServer server = builder(hook).transport(transport).build().start();
                SocketChannel client = SocketChannel.open()) {
            client.setOption(StandardSocketOptions.SO_SNDBUF, 256 * 1024);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            client.write(ByteBuffer.wrap(
                    RawClient.upgradeRequest(server.port(), "/ws", "").getBytes()));
            Later.Asked asked = hook.next();
            client.configureBlocking(false);
            ByteBuffer flood = ByteBuffer.allocateDirect(64 * 1024);
            long sent = 0;
            for (int written = 1; written > 0 && sent < 1L << 30; sent += written) {
                written = client.write(flood.clear());
            }
            assertThat(sent).isLessThan(64L << 20);
            asked.decision().complete(HandshakeDecision.reject(403));
            client.configureBlocking(true);
            ByteBuffer answer = ByteBuffer.allocate(12);
            while (answer.hasRemaining() && client.read(answer) >= 0) {}
            assertThat(new String(answer.array())).isEqualTo("HTTP/1.1 403");
        }
        assertThat(handler.rest()).isEmpty();
    }

    @EachTransport
    void whatIsSentBeforeARefusalIsNeverDelivered(Transport transport) throws Exception {
        Later hook = new Later();
        try (WebSocketServer server = builder(hook).transport(transport).build().start();
                RawClient client = RawClient.connect(server.port())) {
            client.send(RawClient.upgradeRequest(server.port(), "/ws", ""));
            Later.Asked asked = hook.next();
            client.sendText("let me in");
            client.send(RawClient.upgradeRequest(server.port(), "/ws", ""));
            asked.decision().complete(HandshakeDecision.reject(403));
            assertThat(HttpAnswer.read(client).status()).isEqualTo(403);
            assertThat(client.readToEnd()).isEmpty();
            assertThat(hook.asked).isEmpty();
        }
        assertThat(handler.rest()).isEmpty();
    }

    @Test
    void aHookThatFailsIsA500AndSaysNothingOfWhy() throws Exception {
        HandshakeHook[] hooks = {
            handshake -> CompletableFuture.failedStage(new IllegalStateException("database zQx7")),
            handshake -> {
                throw new StackOverflowError("zQx7");
            },
            handshake -> now(null),
            handshake -> null,
            handshake -> now(HandshakeDecision.accept().withHeader("X-A", "b\r\nX-Evil: zQx7")),
            handshake -> now(HandshakeDecision.accept().withSubprotocol("c"))
        };
        for (HandshakeHook hook : hooks) {
            try (CapturedLog log = CapturedLog.start();
                    WebSocketServer server = builder(hook).build().start()) {
                HttpAnswer answer = answer(server, "Sec-WebSocket-Protocol: a\r\n");
                assertThat(answer.status()).isEqualTo(500);
                assertThat(answer.head() + answer.body()).doesNotContain("zQx7");
                assertThat(server.metrics().refusedHandshakes()).containsEntry(500, 1L);
                log.await(line -> line.contains("io.hawser.connection refused "));
            }
        }
        assertThat(handler.rest()).isEmpty();
    }

    @EachTransport
    void aHookThatNeverDecidesEndsAtTheDeadlineAndItsDecisionIsTooLate(Transport transport) throws Exception {
        Later hook = new Later();
        try (WebSocketServer server = builder(hook)
                .transport(transport)
                .httpLimits(HttpLimits.defaults().withHandshakeTimeout(Duration.ofMillis(200)))
                .build()
                .start()) {
            assertThat(answer(server, "").status()).isEqualTo(408);
            hook.next().decision().complete(HandshakeDecision.accept());
            assertThat(server.sessions()).isEmpty();
        }
        assertThat(handler.rest()).isEmpty();
    }

    @EachTransport
    void aClientThatIsGoneBeforeTheDecisionHasNoSessionOrOneThatEnds(Transport transport) throws Exception {
        Later hook = new Later();
        try (WebSocketServer server = builder(hook).transport(transport).build().start()) {
            for (boolean reset : new boolean[] {true, false}) {
                try (RawClient client = RawClient.connect(server.port())) {
                    client.send(RawClient.upgradeRequest(server.port(), "/ws", ""));
                    Later.Asked asked = hook.next();
                    if (reset) {
                        client.reset();
                    } else {
                        client.close();
                    }
                    asked.decision().complete(HandshakeDecision.accept());
                }
            }
            // Another handshake on the same event loop is behind those: they have been seen to.
            try (RawClient client = RawClient.connect(server.port())) {
                client.send(RawClient.upgradeRequest(server.port(), "/ws", ""));
                hook.next().decision().complete(HandshakeDecision.accept().withAttribute(TENANT, "last"));
                assertThat(HttpAnswer.read(client).status()).isEqualTo(101);
                // Where an unread connection shows no end, a session began, and ends at once.
                WebSocketSession session = handler.session();
                List<String> calls = new ArrayList<>(List.of("open"));
                while (session.attribute(TENANT).isEmpty()) {
                    session = handler.session();
                    calls.addAll(List.of("open", "close 1006 NETWORK"));
                }
                for (String ignored : List.copyOf(calls)) {
                    calls.remove(handler.next());
                }
                assertThat(calls).isEmpty();
                assertThat(session.state()).isEqualTo(SessionState.OPEN);
                assertThat(server.sessions()).containsExactly(session);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theHookRunsWhereTheHandlersRun(boolean onExecutor) throws Exception {
        Later hook = new Later();
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "handlers"));
        WebSocketServerBuilder builder = builder(hook);
        if (onExecutor) {
            builder.handlerExecutor(executor);
        }
        try (WebSocketServer server = builder.build().start();
                RawClient client = RawClient.connect(server.port())) {
            client.send(RawClient.upgradeRequest(server.port(), "/ws", ""));
            Later.Asked asked = hook.next();
            assertThat(asked.thread()).startsWith(onExecutor ? "handlers" : "hawser-io");
            CompletableFuture.runAsync(() -> asked.decision().complete(HandshakeDecision.accept()));
            assertThat(HttpAnswer.read(client).status()).isEqualTo(101);
            assertThat(handler.next()).isEqualTo("open");
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void anExecutorThatTakesNothingMoreIsA503() throws Exception {
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };
        try (WebSocketServer server =
                builder(new Later()).handlerExecutor(full).build().start()) {
            HttpAnswer answer = answer(server, "");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isPresent();
        }
    }

    @Test
    void aDecisionThatCouldNotBeWrittenCannotBeMade() {
        assertThatThrownBy(() -> HandshakeDecision.accept().withHeader("X-A", "b\r\nX-Evil: c"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HandshakeDecision.reject(302).withHeader("Location", "/\0"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HandshakeDecision.accept().withHeader("Sec-WebSocket-Accept", "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
