package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Endpoint;
import io.hawser.HandshakeDecision;
import io.hawser.HttpReply;
import io.hawser.Initiator;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.SessionState;
import io.hawser.StopReport;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.testing.EachTransport;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a server sees its connections out when it stops. */
class DrainTest {

    private static final int MESSAGES = 60;
    private static final byte[] PAYLOAD = new byte[16_000]; // 60 of them are just under the default cap
    private static final int STUCK_MESSAGES = 600; // more than the kernel takes

    private static final Limits SHORT_CLOSE = Limits.defaults().withCloseTimeout(Duration.ofMillis(300));

    private final RecordingHandler handler = new RecordingHandler();
    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void closeClients() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }

    private static WebSocketServerBuilder builder() {
        return WebSocketServer.builder().address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private RawClient connect(WebSocketServer server) throws IOException {
        RawClient client = RawClient.connect(server.port(), 32 * 1024); // what is not read waits in the server
        clients.add(client);
        return client.upgrade("/", "");
    }

    private static StopReport await(CompletionStage<StopReport> stopping) throws Exception {
        return stopping.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static void sendNumbered(WebSocketSession session, int messages) {
        for (int i = 0; i < messages; i++) {
            byte[] message = PAYLOAD.clone();
            message[0] = (byte) i;
            session.send(Message.binary(message));
        }
    }

    /** Reads all messages and the Close behind them, with a pause after each, and answers. */
    private static void readAll(RawClient client, Duration pause) {
        try {
            for (int i = 0; i < MESSAGES; i++) {
                RawClient.Frame frame = client.readFrame();
                assertThat(frame.opcode()).isEqualTo(2);
                assertThat(frame.payload()).hasSize(PAYLOAD.length).startsWith(i);
                LockSupport.parkNanos(pause.toNanos());
            }
            assertThat(client.readFrame().closeCode()).isEqualTo(1001);
            client.sendClose(1001, "");
            assertThat(client.readToEnd()).isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @EachTransport
    void whatWasAcceptedBeforeTheStopIsReadBeforeTheClose(Transport transport) throws Exception {
        int fast = 20;
        int slow = 5;
        int stuck = 3;
        ExecutorService readers = Executors.newCachedThreadPool();
        try (WebSocketServer server = builder()
                .transport(transport)
                .limits(SHORT_CLOSE.withMaxPendingBytes(16 << 20))
                .endpoint("/", handler)
                .build()
                .start()) {
            List<CompletableFuture<Void>> reading = new ArrayList<>();
            List<Runnable> begin = new ArrayList<>();
            for (int i = 0; i < fast + slow + stuck; i++) {
                RawClient client = connect(server);
                sendNumbered(handler.session(), i < fast + slow ? MESSAGES : STUCK_MESSAGES);
                if (i < fast + slow) {
                    Duration pause = Duration.ofMillis(i < fast ? 0 : 10); // 0.6 s: longer than the close timeout
                    begin.add(() -> reading.add(CompletableFuture.runAsync(() -> readAll(client, pause), readers)));
                }
            }
            begin.forEach(Runnable::run);
            StopReport report = await(server.stop(Duration.ofSeconds(5)));
            for (CompletableFuture<Void> reader : reading) {
                reader.get(10, TimeUnit.SECONDS);
            }
            // Whether a slow one is still reading a close timeout after the Close frame went depends on the kernel's
            // buffer.
            assertThat(report.forced()).isBetween(stuck, fast + slow + stuck);
            assertThat(report.closed() + report.forced()).isEqualTo(fast + slow + stuck);
            for (RawClient client : clients.subList(fast + slow, clients.size())) {
                client.readToReset();
            }
        } finally {
            readers.shutdownNow();
        }
    }

    @Test
    void whoDoesNotAnswerFindsTheCloseFrameAllTheSame() throws Exception {
        WebSocketServer server =
                builder().limits(SHORT_CLOSE).endpoint("/", handler).build().start();
        RawClient client = connect(server);
        int messages = 4; // which the kernel takes
        sendNumbered(handler.session(), messages);
        assertThat(await(server.stop(Duration.ofSeconds(10)))).isEqualTo(new StopReport(0, 1));
        for (int i = 0; i < messages; i++) {
            assertThat(client.readFrame().payload()).startsWith(i);
        }
        assertThat(client.readFrame().closeCode()).isEqualTo(1001);
        assertThat(client.readToEnd()).isEmpty();
        assertThat(handler.nextClose()).isEqualTo("close 1001 SERVER");
    }

    @Test
    void aThousandSessionsASecondAreToldInRandomOrder() throws Exception {
        int count = 300;
        WebSocketServer server =
                builder().limits(SHORT_CLOSE).endpoint("/", handler).build().start();
        List<WebSocketSession> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connect(server);
            sessions.add(handler.session());
        }
        List<WebSocketSession> told = new ArrayList<>();
        long begin = System.nanoTime();
        CompletionStage<StopReport> stopping = server.stop(Duration.ofSeconds(10));
        Duration toldSome = Duration.ZERO;
        while (told.size() < count) {
            for (WebSocketSession session : sessions) {
                if (session.state() != SessionState.OPEN && !told.contains(session)) {
                    told.add(session);
                }
            }
            if (told.size() < count / 2) {
                toldSome = Duration.ofNanos(System.nanoTime() - begin);
            }
            Thread.onSpinWait();
        }
        Duration all = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(all).isGreaterThan(Duration.ofMillis(200));
        assertThat(toldSome).isGreaterThan(Duration.ofMillis(60));
        assertThat(told).isNotEqualTo(sessions).hasSameElementsAs(sessions);
        assertThat(await(stopping)).isEqualTo(new StopReport(0, count)); // nobody answered
    }

    @Test
    void aSmallServerStopsAtOnce() throws Exception {
        WebSocketServer server = builder().endpoint("/", handler).build().start();
        RawClient client = connect(server);
        long begin = System.nanoTime();
        CompletionStage<StopReport> stopping = server.stop(Duration.ofSeconds(30));
        assertThat(client.readFrame().closeCode()).isEqualTo(1001);
        client.sendClose(1001, "");
        assertThat(await(stopping)).isEqualTo(new StopReport(1, 0));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void withNoTimeEverySessionIsCut(long seconds) throws Exception {
        WebSocketServer server = builder().endpoint("/", handler).build().start();
        connect(server);
        assertThat(await(server.stop(Duration.ofSeconds(seconds)))).isEqualTo(new StopReport(0, 1));
        assertThat(handler.nextClose()).isEqualTo("close 1001 SERVER");
    }

    @Test
    void aDeadlineMayBeAsFarAwayAsADurationGoes() throws Exception {
        WebSocketServer server = builder().endpoint("/", handler).build().start();
        RawClient client = connect(server);
        CompletionStage<StopReport> stopping = server.stop(Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(client.readFrame().closeCode()).isEqualTo(1001);
        client.sendClose(1001, "");
        assertThat(await(stopping)).isEqualTo(new StopReport(1, 0));
    }

    @Test
    void aSessionThatWasNotToldYetGoesOn() throws Exception {
        WebSocketHandler echo = new RecordingHandler() {
            @Override
            public void onOpen(WebSocketSession session) {
                super.onOpen(session);
                session.send("hello");
            }
        };
        WebSocketServer server = builder().endpoint("/", echo).build().start();
        for (int i = 0; i < 300; i++) {
            connect(server);
        }
        CompletionStage<StopReport> stopping = server.stop(Duration.ofSeconds(10));
        server.broadcast(Message.text("still here")).toCompletableFuture().get(10, TimeUnit.SECONDS);
        int heard = 0;
        for (RawClient client : clients) {
            assertThat(client.readFrame().text()).isEqualTo("hello");
            RawClient.Frame next = client.readFrame();
            if (next.opcode() == 1) {
                assertThat(next.text()).isEqualTo("still here");
                heard++;
                next = client.readFrame();
            }
            assertThat(next.closeCode()).isEqualTo(1001);
            client.sendClose(1001, "");
        }
        assertThat(heard).isPositive();
        await(stopping);
    }

    @Test
    void onCloseHasReturnedOnItsExecutorWhenTheStopIsDone() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        AtomicBoolean returned = new AtomicBoolean();
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        WebSocketHandler slow = new RecordingHandler() {
            @Override
            public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
                try {
                    closing.countDown();
                    goOn.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                returned.set(true);
            }
        };
        try {
            WebSocketServer server = builder()
                    .handlerExecutor(executor)
                    .endpoint("/", slow)
                    .build()
                    .start();
            RawClient client = connect(server);
            CompletionStage<StopReport> stopping = server.stop(Duration.ofSeconds(20));
            assertThat(client.readFrame().closeCode()).isEqualTo(1001);
            client.sendClose(1001, "");
            assertThat(closing.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(server.sessions()).isEmpty();
            assertThat(stopping.toCompletableFuture()).isNotDone();
            goOn.countDown();
            assertThat(await(stopping)).isEqualTo(new StopReport(1, 0));
            assertThat(returned).isTrue();
        } finally {
            executor.shutdownNow();
        }
    }

    @EachTransport
    void theLastRequestsAreAnsweredBeforeTheThreadsEnd(Transport transport) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        WebSocketServer server = builder()
                .transport(transport)
                .http(request -> HttpReply.ok("text/plain", "fine"))
                .endpoint(Endpoint.of("/hook", handler).withHandshakeHook(handshake -> {
                    asked.countDown();
                    return new CompletableFuture<HandshakeDecision>();
                }))
                .build()
                .start();
        RawClient idle = RawClient.connect(server.port());
        clients.add(idle);
        idle.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(HttpAnswer.read(idle).status()).isEqualTo(200);
        RawClient begun = RawClient.connect(server.port());
        clients.add(begun);
        begun.send("GET /hook HT");
        RawClient hooked = RawClient.connect(server.port());
        clients.add(hooked);
        hooked.send(RawClient.upgradeRequest(server.port(), "/hook", ""));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        long begin = System.nanoTime();
        CompletionStage<StopReport> stopping = server.stop(Duration.ofSeconds(20));
        for (RawClient client : List.of(begun, hooked)) {
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isPresent();
            assertThat(client.readToEnd()).isEmpty();
            client.close();
        }
        assertThat(idle.readToEnd()).isEmpty();
        assertThat(await(stopping)).isEqualTo(new StopReport(0, 0));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }
}
