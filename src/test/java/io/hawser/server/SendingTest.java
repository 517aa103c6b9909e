package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.AttributeKey;
import io.hawser.BroadcastResult;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.Rate;
import io.hawser.Room;
import io.hawser.SendResult;
import io.hawser.SendResult.Outcome;
import io.hawser.SessionState;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.testing.EachTransport;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a program sends: its order, its size, what becomes of it, and who else gets it. */
class SendingTest {

    private static final int CAP = 1024 * 1024;

    private final RecordingHandler handler = new RecordingHandler();
    private WebSocketServer server;
    private int ioThreads = 1;

    private void start(Transport transport) {
        start(transport, Limits.defaults().withCloseTimeout(Duration.ofMillis(300)));
    }

    private void start(Transport transport, Limits limits) {
        server = WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .transport(transport)
                .ioThreads(ioThreads)
                .limits(limits.withControlRate(Rate.unlimited())) // pings tell turns of the event loop
                .endpoint("/", handler)
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A client whose kernel takes little that it does not read. */
    private RawClient lazyClient() throws IOException {
        return RawClient.connect(server.port(), 16 * 1024).upgrade("/", "");
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @EachTransport
    void eachThreadsMessagesKeepTheirOrder(Transport transport) throws Exception {
        start(transport);
        int threads = 4;
        int messages = 500;
        try (RawClient client = RawClient.upgraded(server.port(), "/")) {
            WebSocketSession session = handler.session();
            List<Thread> senders = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                senders.add(new Thread(() -> {
                    for (int i = 0; i < messages; i++) {
                        session.send(thread + " " + i);
                    }
                }));
            }
            senders.forEach(Thread::start);
            Map<String, Integer> next = new HashMap<>();
            for (int i = 0; i < threads * messages; i++) {
                String[] words = client.readFrame().text().split(" ");
                assertThat(Integer.parseInt(words[1])).isEqualTo(next.getOrDefault(words[0], 0));
                next.merge(words[0], 1, Integer::sum);
            }
            for (Thread sender : senders) {
                sender.join();
            }
        }
    }

    @EachTransport
    void aLargeMessageComesInFragmentsAPingBetweenThem(Transport transport) throws Exception {
        start(transport, Limits.defaults().withMaxPendingBytes(6_000_000));
        byte[] payload = new byte[5_000_000];
        new Random(1).nextBytes(payload);
        try (RawClient client = lazyClient()) {
            WebSocketSession session = handler.session();
            CompletionStage<SendResult> large = session.sendTracked(Message.binary(payload));
            session.ping(new byte[] {1, 2, 3});
            session.send("behind it"); // all three within the cap
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            boolean pinged = false;
            RawClient.Frame frame;
            do {
                frame = client.readFrame();
                assertThat(frame.payload().length).isLessThanOrEqualTo(64 * 1024);
                if (frame.opcode() == 9) {
                    pinged = true;
                } else {
                    assertThat(frame.opcode()).isEqualTo(received.size() == 0 ? 2 : 0);
                    received.writeBytes(frame.payload());
                }
            } while (!frame.fin() || frame.opcode() == 9);
            assertThat(pinged).isTrue();
            assertThat(received.toByteArray()).isEqualTo(payload);
            assertThat(client.readFrame().text()).isEqualTo("behind it");
            assertThat(get(large)).isEqualTo(SendResult.WRITTEN);
        }
    }

    @EachTransport
    void whoStopsReadingFillsItsQueueAndIsToldWhenThereIsRoomAgain(Transport transport) throws Exception {
        start(transport);
        Message message = Message.binary(new byte[50_000]);
        try (RawClient client = lazyClient();
                RawClient other = RawClient.upgraded(server.port(), "/")) {
            WebSocketSession session = handler.session();
            WebSocketSession othersSession = handler.session();
            int accepted = fill(session, message, other);
            assertThat(session.pendingBytes()).isBetween(CAP - 60_000L, (long) CAP);
            assertThat(session.isWritable()).isFalse();
            assertThat(session.state()).isEqualTo(SessionState.OPEN);

            othersSession.send("others do not wait");
            assertThat(other.readFrame().text()).isEqualTo("others do not wait");

            handler.rest(); // the queue may have been empty, and filled again, before the kernel took no more
            for (int i = 0; i < accepted; i++) {
                assertThat(client.readFrame().payload()).hasSize(50_000);
            }
            assertThat(handler.next()).isEqualTo("writable");
            assertThat(session.isWritable()).isTrue();
            session.send("more");
            assertThat(client.readFrame().text()).isEqualTo("more");
        }
    }

    /** Offers messages until none is taken in many turns of the event loop, which {@code other} shares: the kernel is full then. */
    private static int fill(WebSocketSession session, Message message, RawClient other) throws Exception {
        int accepted = 0;
        int turnsWithout = 0;
        while (turnsWithout < 50) {
            turnsWithout++;
            while (session.trySend(message)) {
                accepted++;
                turnsWithout = 0;
            }
            other.awaitTurn();
        }
        return accepted;
    }

    @EachTransport
    void whatIsSentOverTheCapEndsThatSessionAlone(Transport transport) throws Exception {
        start(transport);
        Message message = Message.binary(new byte[50_000]);
        try (RawClient client = lazyClient();
                RawClient other = RawClient.upgraded(server.port(), "/")) {
            WebSocketSession session = handler.session();
            WebSocketSession othersSession = handler.session();
            fill(session, message, other);
            BroadcastResult result = get(server.broadcast(message));
            assertThat(result).isEqualTo(new BroadcastResult(2, 1, 0, 1));
            assertThat(other.readFrame().payload()).hasSize(50_000);
            assertThat(handler.nextClose()).isEqualTo("close 1008 SERVER");
            assertThat(session.pendingBytes()).isZero();
            assertThat(othersSession.state()).isEqualTo(SessionState.OPEN);
            assertThat(get(server.broadcast(message))).isEqualTo(new BroadcastResult(1, 1, 0, 0));
        }
    }

    @EachTransport
    void everyTrackedSendEndsOnceWhateverHappens(Transport transport) throws Exception {
        start(transport);
        Message message = Message.binary(new byte[50_000]);
        List<CompletionStage<SendResult>> results = new ArrayList<>();
        try (RawClient client = lazyClient()) {
            WebSocketSession session = handler.session();
            assertThat(get(session.sendTracked(Message.text("first")))).isEqualTo(SendResult.WRITTEN);
            while (session.state() == SessionState.OPEN) {
                results.add(session.sendTracked(message));
            }
            assertThat(handler.nextClose()).isEqualTo("close 1008 SERVER");
            assertThat(get(session.sendTracked(message)).outcome()).isEqualTo(Outcome.NOT_WRITTEN);
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (CompletionStage<SendResult> result : results) {
            outcomes.add(get(result).outcome());
        }
        // In the order they were sent: what went, what may have gone, what did not.
        List<Outcome> sorted = outcomes.stream()
                .sorted(Comparator.comparing(outcome -> List.of(Outcome.WRITTEN, Outcome.UNKNOWN, Outcome.NOT_WRITTEN)
                        .indexOf(outcome)))
                .toList();
        assertThat(outcomes).isEqualTo(sorted).contains(Outcome.NOT_WRITTEN);
    }

    @Test
    void aLoneMessageIsTakenWhateverItsSize() throws Exception {
        start(Transport.NIO, Limits.defaults().withMaxPendingBytes(100_000));
        try (RawClient client = lazyClient()) {
            WebSocketSession session = handler.session();
            assertThat(session.trySend(Message.binary(new byte[10_000_000]))).isTrue();
            assertThat(session.trySend(Message.text("a"))).isFalse();
            long received = 0;
            while (received < 10_000_000) {
                received += client.readFrame().payload().length;
            }
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).isEqualTo("writable");
        }
    }

    @EachTransport
    void aRoomGetsWhatIsSentToItAndNobodyElseDoes(Transport transport) throws Exception {
        ioThreads = 2;
        start(transport);
        List<RawClient> clients = new ArrayList<>();
        try {
            List<WebSocketSession> sessions = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                clients.add(RawClient.upgraded(server.port(), "/"));
                sessions.add(handler.session());
            }
            Room room = server.room("lobby");
            assertThat(get(room.broadcast(Message.text("nobody there")))).isEqualTo(BroadcastResult.NONE);
            for (WebSocketSession session : sessions.subList(0, 4)) {
                assertThat(room.join(session)).isTrue();
                assertThat(session.join("lobby")).isFalse();
            }
            assertThat(room.localSize()).isEqualTo(4);
            assertThat(room.localMembers()).containsExactlyInAnyOrderElementsOf(sessions.subList(0, 4));
            assertThat(room.leave(sessions.get(3))).isTrue();

            assertThat(get(room.broadcast(Message.text("to three")))).isEqualTo(new BroadcastResult(3, 3, 0, 0));
            assertThat(get(room.broadcast(Message.text("to two"), sessions.get(0))))
                    .isEqualTo(new BroadcastResult(2, 2, 0, 0));
            assertThat(get(server.broadcast(Message.text("to all")))).isEqualTo(new BroadcastResult(6, 6, 0, 0));
            for (int i = 0; i < 6; i++) {
                List<String> expected = i == 0
                        ? List.of("to three", "to all")
                        : i < 3 ? List.of("to three", "to two", "to all") : List.of("to all");
                for (String text : expected) {
                    assertThat(clients.get(i).readFrame().text()).isEqualTo(text);
                }
            }
            clients.get(0).close();
            assertThat(handler.nextClose()).isEqualTo("close 1006 NETWORK");
            assertThat(room.localSize()).isEqualTo(2);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void pingsAndPongsPassInBothDirections() throws Exception {
        start(Transport.AUTO);
        try (RawClient client = RawClient.upgraded(server.port(), "/")) {
            WebSocketSession session = handler.session();
            session.ping(new byte[] {7, 8});
            RawClient.Frame ping = client.readFrame();
            assertThat(ping.opcode()).isEqualTo(9);
            assertThat(ping.payload()).containsExactly(7, 8);
            client.sendFrame(0x8A, ping.payload());
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).isEqualTo("pong 2");

            byte[] longest = new byte[125];
            client.sendFrame(0x89, longest);
            RawClient.Frame pong = client.readFrame();
            assertThat(pong.opcode()).isEqualTo(10);
            assertThat(pong.payload()).isEqualTo(longest);
            assertThatThrownBy(() -> session.ping(new byte[126])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void sessionsAreFoundAndCarryWhatTheProgramGivesThem() throws Exception {
        start(Transport.AUTO, Limits.defaults().withMaxRooms(2));
        AttributeKey<Integer> count = AttributeKey.of("count", Integer.class);
        try (RawClient client = RawClient.upgraded(server.port(), "/");
                RawClient another = RawClient.upgraded(server.port(), "/")) {
            WebSocketSession session = handler.session();
            assertThat(session.id()).hasSize(22).isNotEqualTo(handler.session().id());
            assertThat(server.session(session.id())).contains(session);
            assertThat(server.session("nobody")).isEmpty();
            assertThat(server.sessions()).hasSize(2).contains(session);
            assertThatThrownBy(() -> server.sessions().clear()).isInstanceOf(UnsupportedOperationException.class);

            assertThat(session.attribute(count)).isEmpty();
            session.setAttribute(count, 1);
            assertThat(session.attribute(count)).contains(1);
            assertThat(session.removeAttribute(count)).contains(1);
            assertThat(session.attribute(count)).isEmpty();

            session.join("a");
            session.join("b");
            assertThatThrownBy(() -> session.join("c")).isInstanceOf(IllegalStateException.class);
            assertThat(session.rooms()).containsExactlyInAnyOrder("a", "b");
            assertThatThrownBy(() -> session.join("")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> session.join("\u00e4".repeat(128))).isInstanceOf(IllegalArgumentException.class);
            assertThat(session.leave("a")).isTrue();
            assertThat(session.leave("a")).isFalse();
            assertThat(session.handshake().remoteAddress().toString())
                    .endsWith(":" + client.socket().getLocalPort());
        }
    }

    @Test
    void sessionsOfAnotherServerDoNotJoin() throws Exception {
        start(Transport.AUTO);
        try (WebSocketServer stranger = WebSocketServer.builder()
                        .port(0)
                        .endpoint("/", handler)
                        .build()
                        .start();
                RawClient client = RawClient.upgraded(stranger.port(), "/")) {
            WebSocketSession session = handler.session();
            assertThatThrownBy(() -> server.room("a").join(session)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @EachTransport
    void manySmallMessagesOfOneReadComeBackInOrder(Transport transport) throws Exception {
        WebSocketServer echo = WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .transport(transport)
                .endpoint("/", WebSocketHandler.onMessage(WebSocketSession::send))
                .build()
                .start();
        server = echo;
        try (RawClient client = RawClient.upgraded(server.port(), "/")) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int i = 0; i < 2_000; i++) {
                frames.writeBytes(RawClient.frame(0x81, Integer.toString(i).getBytes()));
            }
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    client.send(frames.toByteArray());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            for (int i = 0; i < 2_000; i++) {
                assertThat(client.readFrame().text()).isEqualTo(Integer.toString(i));
            }
            get(sending);
        }
    }
}
