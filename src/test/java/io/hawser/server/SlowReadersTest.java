package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.BroadcastResult;
import io.hawser.Endpoint;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.OverflowPolicy;
import io.hawser.SendResult;
import io.hawser.ServerLimits;
import io.hawser.SessionState;
import io.hawser.Transport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.clients.SelfSignedCertificate;
import io.hawser.testing.Await;
import io.hawser.testing.EachTransport;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that read slowly, or not at all, over sockets: what they cost, and that nobody else pays. */
class SlowReadersTest {

    private static final Duration STALL = Duration.ofSeconds(2);
    private static final Message MESSAGE = Message.binary(new byte[50_000]);

    private final RecordingHandler handler = new RecordingHandler();
    private WebSocketServer server;

    private WebSocketServerBuilder builder(Transport transport) {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .transport(transport)
                .ioThreads(1)
                .limits(stallLimits())
                .endpoint("/", handler);
    }

    private static Limits stallLimits() {
        return Limits.defaults().withWriteStallTimeout(STALL).withCloseTimeout(Duration.ofSeconds(30));
    }

    private void start(WebSocketServerBuilder builder) {
        server = builder.build().start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RawClient connect() throws IOException {
        return RawClient.connect(server.port(), 16 * 1024);
    }

    private RawClient upgraded() throws IOException {
        return connect().upgrade("/", "");
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Offers messages until none is taken for long: the kernel is full then. Returns when the last one was taken. */
    private static long fill(WebSocketSession session) {
        long last = System.nanoTime();
        while (System.nanoTime() - last < STALL.toNanos() / 2) {
            if (session.trySend(MESSAGE)) {
                last = System.nanoTime();
            } else {
                LockSupport.parkNanos(1_000_000);
            }
        }
        return last;
    }

    private void assertResetInTime(RawClient client, WebSocketSession session, long start, String close)
            throws Exception {
        assertThat(handler.nextClose()).isEqualTo(close);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(took).isGreaterThan(STALL.dividedBy(2)); // at most what the wait allows
        assertThat(server.metrics().limitsHit()).containsEntry("writeStallTimeout", 1L);
        assertThat(session.pendingBytes()).isZero();
        client.readToReset();
    }

    @EachTransport
    void aPeerThatTakesNothingIsReset(Transport transport) throws Exception {
        start(builder(transport));
        try (RawClient client = upgraded()) {
            WebSocketSession session = handler.session();
            assertResetInTime(client, session, fill(session), "close 1006 NETWORK");
        }
    }

    @EachTransport
    void soIsOneThatIsToldGoodbye(Transport transport) throws Exception {
        start(builder(transport));
        try (RawClient client = upgraded()) {
            WebSocketSession session = handler.session();
            long filled = fill(session);
            session.close();
            assertResetInTime(client, session, filled, "close 1000 SERVER");
        }
    }

    @EachTransport
    void soIsOneOfTls(Transport transport, @TempDir Path directory) throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.generate(directory);
        start(builder(transport).tls(certificate.serverTls()));
        Socket plain = connect().socket();
        try (SSLSocket socket = (SSLSocket) certificate
                        .clientContext()
                        .getSocketFactory()
                        .createSocket(plain, "localhost", server.port(), true);
                RawClient client = RawClient.over(socket).upgrade("/", "")) {
            WebSocketSession session = handler.session();
            assertResetInTime(client, session, fill(session), "close 1006 NETWORK");
        }
    }

    @EachTransport
    void aPeerThatReadsSlowlyButReadsIsLeftInPeace(Transport transport) throws Exception {
        start(builder(transport));
        try (RawClient client = upgraded()) {
            WebSocketSession session = handler.session();
            session.send(Message.binary(new byte[8_000_000])); // one message: the end of a write is rare
            long end = System.nanoTime() + 2 * STALL.toNanos();
            while (System.nanoTime() < end) {
                client.readBytes(4_096);
                LockSupport.parkNanos(20_000_000);
            }
            assertThat(session.state()).isEqualTo(SessionState.OPEN);
            assertThat(session.pendingBytes()).isPositive();
        }
    }

    @EachTransport
    void fromAnyThreadTheOldestGiveWayAndTheRestArrivesInOrder(Transport transport) throws Exception {
        start(builder(transport).limits(Limits.defaults()).overflowPolicy(OverflowPolicy.DROP_OLDEST));
        int messages = 20_000;
        try (RawClient client = upgraded()) {
            WebSocketSession session = handler.session();
            long cap = Limits.defaults().maxPendingBytes();
            for (int i = 0; i < messages; i++) {
                session.send(i + "x".repeat(1_000));
                assertThat(session.pendingBytes()).isLessThanOrEqualTo(2 * cap);
            }
            Await.until("all is there", () -> session.pendingBytes() <= cap);
            session.send(messages + "x");
            int last = -1;
            int received = 0;
            while (last < messages) {
                RawClient.Frame frame = client.readFrame();
                int number =
                        Integer.parseInt(frame.text().substring(0, frame.text().indexOf('x')));
                assertThat(number).isGreaterThan(last);
                last = number;
                received++;
            }
            assertThat(server.metrics().droppedMessages())
                    .isEqualTo(messages + 1 - received)
                    .isPositive();
        }
    }

    @EachTransport
    void fromAnyThreadTheLatestOfEachKeyArrives(Transport transport) throws Exception {
        OverflowPolicy latest = OverflowPolicy.conflate(message -> Optional.of(message.bytesWithoutCopy()[0]));
        start(builder(transport)
                .endpoint(Endpoint.of("/latest", handler)
                        .withLimits(Limits.defaults())
                        .withOverflowPolicy(latest)));
        try (RawClient client = connect().upgrade("/latest", "")) {
            WebSocketSession session = handler.session();
            List<Thread> senders = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                String key = String.valueOf((char) ('a' + t));
                senders.add(new Thread(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        session.send(key + i + "x".repeat(1_000));
                    }
                }));
            }
            senders.forEach(Thread::start);
            for (Thread sender : senders) {
                sender.join();
            }
            int[] last = new int[3];
            while (last[0] + last[1] + last[2] < 3 * 19_999) {
                String text = client.readFrame().text();
                int number = Integer.parseInt(text.substring(1, text.indexOf('x')));
                assertThat(number).isGreaterThanOrEqualTo(last[text.charAt(0) - 'a']);
                last[text.charAt(0) - 'a'] = number;
            }
            assertThat(session.state()).isEqualTo(SessionState.OPEN);
        }
    }

    @EachTransport
    void aMemberThatDoesNotReadCostsTheOthersNothing(Transport transport) throws Exception {
        start(builder(transport).limits(Limits.defaults()));
        Message message = Message.binary(new byte[32_768]);
        try (RawClient stuck = upgraded();
                RawClient reader = RawClient.upgraded(server.port(), "/")) {
            int closed = 0;
            for (int i = 0; i < 200; i++) {
                BroadcastResult result = get(server.broadcast(message));
                assertThat(result.targeted()).isEqualTo(result.queued() + result.closed());
                assertThat(result.queued()).isPositive();
                closed += result.closed() == 0 ? 0 : 1;
                assertThat(reader.readFrame().payload()).hasSize(32_768);
            }
            assertThat(closed).isPositive();
            assertThat(server.metrics().limitsHit()).containsEntry("maxPendingBytes", 1L);
            assertThat(handler.nextClose()).isEqualTo("close 1008 SERVER");
        }
    }

    @Test
    void theServersBudgetEndsTheLargestBacklogsOnAnyEventLoop() throws Exception {
        long budget = 2 << 20;
        start(builder(Transport.AUTO)
                .ioThreads(2)
                .limits(Limits.defaults())
                .serverLimits(ServerLimits.defaults().withMaxPendingBytes(budget)));
        List<RawClient> clients = new ArrayList<>();
        try {
            List<WebSocketSession> sessions = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(upgraded());
                sessions.add(handler.session());
            }
            for (WebSocketSession session : sessions) {
                session.setOverflowPolicy(OverflowPolicy.DROP_NEWEST);
            }
            for (int i = 0; i < 300; i++) { // more than the kernels take, and than the caps
                get(server.broadcast(MESSAGE));
            }
            assertThat(handler.nextClose()).isEqualTo("close 1008 SERVER");
            assertThat(server.metrics().pendingBytes()).isLessThan(budget + 4 * 64 * 1024);
            assertThat(server.metrics().limitsHit().get("server.maxPendingBytes"))
                    .isBetween(6L, 7L);
            long open = sessions.stream()
                    .filter(session -> session.state() == SessionState.OPEN)
                    .count();
            assertThat(open).isBetween(1L, 2L);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @EachTransport
    void aTrackedSendOfAPeerThatIsCutIsNeverLeftOpen(Transport transport) throws Exception {
        start(builder(transport));
        try (RawClient client = upgraded()) {
            WebSocketSession session = handler.session();
            session.setOverflowPolicy(OverflowPolicy.DROP_OLDEST);
            fill(session);
            List<CompletionStage<SendResult>> results = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                results.add(session.sendTracked(MESSAGE));
            }
            assertThat(handler.nextClose()).isEqualTo("close 1006 NETWORK");
            for (CompletionStage<SendResult> result : results) {
                assertThat(get(result).outcome()).isNotNull();
            }
            client.readToReset();
        }
    }
}
