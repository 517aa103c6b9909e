package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hawser.AttributeKey;
import io.hawser.CloseStatus;
import io.hawser.Initiator;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.Rate;
import io.hawser.Transport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.Flood;
import io.hawser.testing.Frames;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handlers on an executor: still one call at a time for a session, in order, and free to block. */
class HandlerExecutorTest {

    private final ExecutorService pool = Executors.newFixedThreadPool(4, task -> new Thread(task, "handlers"));
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void shutDown() {
        release.countDown();
        pool.shutdown();
    }

    private WebSocketServerBuilder builder(RecordingHandler handler) {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .ioThreads(1)
                .handlerExecutor(pool)
                .endpoint("/", handler);
    }

    /** Echoes, and blocks at the text {@code block} until it is released. */
    private class Blocking extends RecordingHandler {
        @Override
        public void onText(WebSocketSession session, Message message) {
            if (message.text().equals("block")) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            super.onText(session, message);
            session.send(message);
        }
    }

    /** Counts each session's calls, and those that overlap. */
    private static final class Counting extends RecordingHandler {
        private static final AttributeKey<AtomicInteger> INSIDE = AttributeKey.of("inside", AtomicInteger.class);
        final AtomicInteger overlaps = new AtomicInteger();

        @Override
        public void onOpen(WebSocketSession session) {
            session.setAttribute(INSIDE, new AtomicInteger());
            inside(session, () -> super.onOpen(session));
        }

        @Override
        public void onText(WebSocketSession session, Message message) {
            inside(session, () -> session.send(message));
        }

        @Override
        public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
            inside(session, () -> super.onClose(session, status, initiator));
        }

        private void inside(WebSocketSession session, Runnable call) {
            AtomicInteger inside = session.attribute(INSIDE).orElseThrow();
            if (inside.incrementAndGet() != 1
                    || !Thread.currentThread().getName().equals("handlers")) {
                overlaps.incrementAndGet();
            }
            Thread.yield();
            call.run();
            inside.decrementAndGet();
        }
    }

    @EachTransport
    void callsForASessionKeepTheirOrderAndDoNotOverlap(Transport transport) throws Exception {
        Counting handler = new Counting();
        int sessions = 6;
        int messages = 300;
        List<RawClient> clients = new ArrayList<>();
        try (WebSocketServer server =
                builder(handler).transport(transport).build().start()) {
            for (int i = 0; i < sessions; i++) {
                clients.add(RawClient.upgraded(server.port(), "/"));
            }
            for (int m = 0; m < messages; m++) {
                for (RawClient client : clients) {
                    client.sendText(Integer.toString(m));
                }
            }
            for (RawClient client : clients) {
                for (int m = 0; m < messages; m++) {
                    assertThat(client.readFrame().text()).isEqualTo(Integer.toString(m));
                }
                client.close();
            }
            for (int i = 0; i < sessions; i++) {
                assertThat(handler.nextClose()).isEqualTo("close 1006 NETWORK");
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        assertThat(handler.overlaps).hasValue(0);
    }

    @Test
    void aHandlerThatBlocksStallsItsOwnSessionAlone() throws Exception {
        try (WebSocketServer server = builder(new Blocking()).build().start();
                RawClient blocked = RawClient.upgraded(server.port(), "/");
                RawClient other = RawClient.upgraded(server.port(), "/")) {
            blocked.sendText("block");
            blocked.sendText("behind it");
            blocked.sendFrame(0x89, new byte[] {1});
            assertThat(blocked.readFrame().opcode()).isEqualTo(10); // pings need no handler
            other.sendText("hello");
            assertThat(other.readFrame().text()).isEqualTo("hello");
            release.countDown();
            assertThat(blocked.readFrame().text()).isEqualTo("block");
            assertThat(blocked.readFrame().text()).isEqualTo("behind it");
        }
    }

    @EachTransport
    void aFullQueueStopsTheReadingUntilThereIsRoom(Transport transport) throws Exception {
        Blocking handler = new Blocking() {
            @Override
            public void onBinary(WebSocketSession session, Message message) {
                note("binary " + message.sizeBytes());
            }
        };
        int messages = 400;
        try (WebSocketServer server = builder(handler)
                        .transport(transport)
                        .limits(Limits.defaults().withMaxQueuedMessages(4).withControlRate(Rate.unlimited()))
                        .build()
                        .start();
                RawClient other = RawClient.upgraded(server.port(), "/");
                Flood client = new Flood(server.port())) {
            handler.session();
            handler.session(); // what comes before the 101 would be refused
            byte[][] frames = new byte[1 + messages][];
            Arrays.fill(frames, RawClient.frame(0x82, new byte[60_000]));
            frames[0] = RawClient.frame(0x81, "block".getBytes());
            client.send(Frames.join(frames), other);
            assertThat(client.left()).as("bytes that nobody takes").isPositive();
            assertThat(server.metrics().messagesIn()).isBetween(4L, 12L);

            release.countDown();
            client.sendRest();
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).isEqualTo("text block");
            for (int i = 0; i < messages; i++) {
                assertThat(handler.next()).isEqualTo("binary 60000");
            }
        }
    }

    @Test
    void whatWasReceivedBeforeTheEndIsDeliveredBeforeOnClose() throws Exception {
        Blocking handler = new Blocking();
        try (WebSocketServer server = builder(handler).build().start()) {
            try (RawClient client = RawClient.upgraded(server.port(), "/")) {
                client.sendText("block");
                client.sendText("last words");
                client.sendClose(1000, "");
                assertThat(client.readFrame().closeCode()).isEqualTo(1000);
            }
            release.countDown();
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).isEqualTo("text block");
            assertThat(handler.next()).isEqualTo("text last words");
            assertThat(handler.next()).isEqualTo("close 1000 PEER");
        }
    }

    @Test
    void aTrackedSendIsToldOnTheExecutor() throws Exception {
        RecordingHandler handler = new RecordingHandler();
        try (WebSocketServer server = builder(handler).build().start();
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            CompletableFuture<String> thread = handler.session()
                    .sendTracked(Message.text("hello"))
                    .thenApply(result -> result + " " + Thread.currentThread().getName())
                    .toCompletableFuture();
            assertThat(client.readFrame().text()).isEqualTo("hello");
            assertThat(thread.get(10, TimeUnit.SECONDS)).contains("WRITTEN");
        }
    }

    @Test
    void aThrowOnTheExecutorClosesThatSessionWith1011() throws Exception {
        RecordingHandler handler = new RecordingHandler() {
            @Override
            public void onText(WebSocketSession session, Message message) {
                throw new IllegalStateException("boom");
            }
        };
        try (CapturedLog log = CapturedLog.start();
                WebSocketServer server = builder(handler).build().start();
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            client.sendText("a");
            assertThat(client.readFrame().closeCode()).isEqualTo(1011);
            assertThat(client.readToEnd()).isEmpty();
            client.close();
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).isEqualTo("error boom");
            assertThat(handler.next()).isEqualTo("close 1011 SERVER");
        }
    }

    @Test
    void anExecutorThatHasEndedStillLetsSessionsEnd() throws Exception {
        RecordingHandler handler = new RecordingHandler();
        try (WebSocketServer server = builder(handler).build().start();
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            assertThat(handler.next()).isEqualTo("open");
            pool.shutdown();
            client.sendText("still told");
            assertThat(handler.next()).isEqualTo("text still told");
            client.close();
            assertThat(handler.next()).isEqualTo("close 1006 NETWORK");
        }
    }

    @Test
    void virtualThreadsServeWhereTheJvmHasThem() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads are of JDK 21");
        ExecutorService virtual = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        BlockingQueue<Boolean> isVirtual = new LinkedBlockingQueue<>();
        Blocking handler = new Blocking() {
            @Override
            public void onText(WebSocketSession session, Message message) {
                super.onText(session, message);
                try {
                    isVirtual.add((Boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread()));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        try (WebSocketServer server =
                        builder(handler).handlerExecutor(virtual).build().start();
                RawClient blocked = RawClient.upgraded(server.port(), "/");
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            blocked.sendText("block");
            for (int i = 0; i < 100; i++) {
                client.sendText(Integer.toString(i));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(client.readFrame().text()).isEqualTo(Integer.toString(i));
                assertThat(isVirtual.poll(10, TimeUnit.SECONDS)).isTrue();
            }
            release.countDown();
            assertThat(blocked.readFrame().text()).isEqualTo("block");
        } finally {
            virtual.shutdown();
        }
    }
}
