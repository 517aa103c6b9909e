package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Endpoint;
import io.hawser.HandshakeDecision;
import io.hawser.HandshakeHook;
import io.hawser.HttpReply;
import io.hawser.Message;
import io.hawser.ServerMetrics;
import io.hawser.StopReport;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A server's beginning and its end, and several of them side by side. */
class ServerLifecycleTest {

    private static final WebSocketHandler ECHO = WebSocketHandler.onMessage(WebSocketSession::send);

    private final RecordingHandler handler = new RecordingHandler();

    private static WebSocketServerBuilder builder() {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .ioThreads(1);
    }

    private static StopReport stop(WebSocketServer server, Duration deadline) throws Exception {
        return server.stop(deadline).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static void assertEchoes(int port) throws IOException {
        try (RawClient client = RawClient.upgraded(port, "/")) {
            client.sendText("hello");
            assertThat(client.readFrame().text()).isEqualTo("hello");
        }
    }

    @Test
    void serversInOneProcessHaveNothingInCommon() throws Exception {
        RecordingHandler another = new RecordingHandler();
        try (WebSocketServer first = builder().endpoint("/", handler).build().start();
                WebSocketServer second =
                        builder().endpoint("/", another).build().start();
                RawClient client = RawClient.upgraded(first.port(), "/");
                RawClient other = RawClient.upgraded(second.port(), "/")) {
            assertThat(first.port()).isNotEqualTo(second.port());
            assertThat(first.sessions()).containsExactly(handler.session());
            another.session().join("room");
            assertThat(first.room("room").localSize()).isZero();
            second.broadcast(Message.text("for the second's"));
            assertThat(other.readFrame().text()).isEqualTo("for the second's");
            client.sendClose(1000, "");
            client.readToEnd();
            second.stop(Duration.ZERO);
            other.readToAnyEnd();
            assertThatCode(() -> RawClient.upgraded(first.port(), "/").close()).doesNotThrowAnyException();
        }
    }

    @EachTransport
    void aPortIsFreeAsSoonAsItsServerHasStopped(Transport transport) throws Exception {
        int port = 0;
        for (int i = 0; i < 5; i++) {
            WebSocketServer server = WebSocketServer.builder()
                    .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .transport(transport)
                    .endpoint("/", ECHO)
                    .build()
                    .start();
            assertThat(server.transport()).isEqualTo(transport);
            port = server.port();
            try (RawClient client = RawClient.upgraded(port, "/")) {
                client.sendText("so that the server ends the connection, and TIME_WAIT is on its side");
                client.readFrame();
                CompletionStage<StopReport> stopping = server.stop(Duration.ofSeconds(10));
                assertThat(client.readFrame().closeCode()).isEqualTo(1001);
                client.sendClose(1001, "");
                assertThat(client.readToEnd()).isEmpty();
                client.close();
                assertThat(stopping.toCompletableFuture().get(10, TimeUnit.SECONDS))
                        .isEqualTo(new StopReport(1, 0));
            }
            int stopped = port;
            assertThatThrownBy(() -> RawClient.connect(stopped)).isInstanceOf(ConnectException.class);
        }
    }

    @EachTransport
    void aPortThatIsTakenIsAnErrorThatNamesItAndLeavesNoThread(Transport transport) throws Exception {
        try (WebSocketServer first = builder().endpoint("/", ECHO).build().start()) {
            WebSocketServer second = builder()
                    .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), first.port()))
                    .transport(transport)
                    .endpoint("/", ECHO)
                    .build();
            assertThatThrownBy(second::start)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot listen on")
                    .hasMessageContaining(":" + first.port())
                    .rootCause()
                    .isInstanceOfAny(BindException.class, IOException.class);
            assertThatThrownBy(second::port).isInstanceOf(IllegalStateException.class);
            assertThat(stop(second, Duration.ofSeconds(1))).isEqualTo(new StopReport(0, 0));
            assertEchoes(first.port());
        }
        assertNoThreadLeft();
    }

    @Test
    void aServerIsStartedOnceAndStoppedOnce() throws Exception {
        WebSocketServer server = builder().endpoint("/", ECHO).build();
        assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
        assertThat(server.start()).isSameAs(server);
        assertThatThrownBy(server::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("before");
        assertEchoes(server.port());
        assertThat(server.stop(Duration.ofSeconds(5)).toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo(
                        server.stop(Duration.ofSeconds(5)).toCompletableFuture().get(10, TimeUnit.SECONDS));
        server.close();
        assertThatThrownBy(server::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("build another");
        assertNoThreadLeft();
    }

    @Test
    void aServerThatNeverStartedStops() throws Exception {
        WebSocketServer server = builder().endpoint("/", ECHO).build();
        assertThat(stop(server, Duration.ofSeconds(1))).isEqualTo(new StopReport(0, 0));
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
    }

    @EachTransport
    void noThreadAndNoSessionIsLeftAfterAStop(Transport transport) throws Exception {
        WebSocketServer server = builder()
                .transport(transport)
                .ioThreads(3)
                .endpoint("/", handler)
                .build()
                .start();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 9; i++) {
                clients.add(RawClient.upgraded(server.port(), "/"));
            }
            clients.add(RawClient.connect(server.port())); // says nothing
            clients.get(0).close(); // is gone before
            assertThat(handler.nextClose()).isEqualTo("close 1006 NETWORK");
            StopReport report = stop(server, Duration.ofMillis(300));
            assertThat(report.closed() + report.forced()).isEqualTo(8);
            assertThat(report.forced()).isEqualTo(8); // nobody answered
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        for (int i = 0; i < 8; i++) {
            assertThat(handler.nextClose()).isEqualTo("close 1001 SERVER");
        }
        assertThat(server.sessions()).isEmpty();
        assertThat(server.metrics().openSessions()).isZero();
        assertNoThreadLeft();
    }

    /** A thread reports its end a moment before it has come. */
    private static void assertNoThreadLeft() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("hawser")) {
                thread.join(5_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    @EachTransport
    void whileAServerStopsItsSessionsSeeItOutAndHandshakesAreRefused(Transport transport) throws Exception {
        CompletableFuture<HandshakeDecision> undecided = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        HandshakeHook hook = handshake -> {
            asked.countDown();
            return undecided;
        };
        try (WebSocketServer server = builder()
                        .transport(transport)
                        .endpoint("/", handler)
                        .endpoint(Endpoint.of("/hook", handler).withHandshakeHook(hook))
                        .build()
                        .start();
                RawClient session = RawClient.upgraded(server.port(), "/");
                RawClient late = RawClient.connect(server.port());
                RawClient hooked = RawClient.connect(server.port())) {
            handler.session().send("sent before the stop");
            hooked.send(RawClient.upgradeRequest(server.port(), "/hook", ""));
            late.send("GET / HTTP/1.1\r\n");
            assertEchoesPing(session);
            // All three are accepted, the last of them last: the kernel resets what still waits for that when the
            // listener closes.
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            CompletionStage<StopReport> stopping = server.stop(Duration.ofSeconds(10));
            late.send(RawClient.upgradeRequest(server.port(), "/", "").substring("GET / HTTP/1.1\r\n".length()));
            HttpAnswer refusal = HttpAnswer.read(late);
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.header("Retry-After")).isPresent();
            assertThat(late.readToEnd()).isEmpty();
            undecided.complete(HandshakeDecision.accept());
            assertThat(HttpAnswer.read(hooked).status()).isEqualTo(503);
            assertThat(session.readFrame().closeCode()).isEqualTo(1001);
            assertThat(stopping.toCompletableFuture()).isNotDone();
            session.sendClose(1001, "");
            assertThat(session.readToEnd()).isEmpty();
            session.close();
            assertThat(stopping.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(new StopReport(1, 0));
            assertThat(server.metrics().refusedHandshakes()).containsEntry(503, 2L);
        }
        assertThat(handler.nextClose()).isEqualTo("close 1001 SERVER");
    }

    /** The event loop has done all that came before. */
    private static void assertEchoesPing(RawClient client) throws IOException {
        assertThat(client.readFrame().text()).isEqualTo("sent before the stop");
        client.sendFrame(0x89, new byte[] {1});
        assertThat(client.readFrame().opcode()).isEqualTo(10);
    }

    @Test
    void whatBlocksIsRefusedOnAnEventLoop() throws Exception {
        AtomicReference<WebSocketServer> self = new AtomicReference<>();
        RecordingHandler closing = new RecordingHandler() {
            @Override
            public void onText(WebSocketSession session, Message message) {
                self.get().close();
            }
        };
        try (CapturedLog log = CapturedLog.start();
                WebSocketServer server = builder()
                        .http(request -> {
                            self.get().close();
                            return HttpReply.notFound();
                        })
                        .endpoint("/", closing)
                        .build()
                        .start()) {
            self.set(server);
            try (RawClient client = RawClient.connect(server.port())) {
                client.send("GET /close HTTP/1.1\r\nHost: localhost\r\n\r\n"); // before there is any session
                assertThat(HttpAnswer.read(client).status()).isEqualTo(500);
            }
            try (RawClient client = RawClient.upgraded(server.port(), "/")) {
                client.sendText("close");
                assertThat(client.readFrame().closeCode()).isEqualTo(1011);
                assertThat(closing.next()).isEqualTo("open");
                assertThat(closing.next()).startsWith("error close blocks");
            }
        }
    }

    @Test
    void aHandlerMayStopItsServerWithoutWaiting() throws Exception {
        CompletableFuture<StopReport> report = new CompletableFuture<>();
        AtomicReference<WebSocketServer> self = new AtomicReference<>();
        WebSocketServer server = builder()
                .endpoint(
                        "/",
                        WebSocketHandler.onMessage((session, message) ->
                                self.get().stop(Duration.ofSeconds(5)).thenAccept(report::complete)))
                .build()
                .start();
        self.set(server);
        try (RawClient client = RawClient.upgraded(server.port(), "/")) {
            client.sendText("stop");
            assertThat(client.readFrame().closeCode()).isEqualTo(1001);
            client.sendClose(1001, "");
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(report.get(10, TimeUnit.SECONDS)).isEqualTo(new StopReport(1, 0));
    }

    @Test
    void aTransportThatThisMachineLacksIsNamed() {
        assertThatThrownBy(() -> builder()
                        .transport(Transport.KQUEUE)
                        .endpoint("/", ECHO)
                        .build()
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("KQUEUE");
    }

    @Test
    void nioHasNoDomainSockets(@TempDir Path directory) throws Exception {
        assertThatThrownBy(() -> builder()
                        .transport(Transport.NIO)
                        .domainSocket(directory.resolve("socket"))
                        .endpoint("/", ECHO)
                        .build()
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("domain socket");
        assertNoThreadLeft();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void aDomainSocketServesAndItsFileGoesWithTheServer(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("hawser.sock");
        try (WebSocketServer server = builder()
                .transport(Transport.EPOLL)
                .domainSocket(path)
                .endpoint("/", handler)
                .build()
                .start()) {
            assertThat(Files.exists(path)).isTrue();
            assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(path));
                client.write(
                        ByteBuffer.wrap(RawClient.upgradeRequest(80, "/", "").getBytes()));
                assertThat(readUntil(client, "\r\n\r\n")).startsWith("HTTP/1.1 101 ");
                WebSocketSession session = handler.session();
                assertThat(session.handshake().remoteAddress()).isNotNull();
                client.write(ByteBuffer.wrap(RawClient.frame(0x81, "hello".getBytes())));
                assertThat(handler.next()).isEqualTo("open");
                assertThat(handler.next()).isEqualTo("text hello");
                session.send("hi");
                assertThat(readUntil(client, "hi")).isEqualTo("\u0081\2hi");
                client.write(ByteBuffer.wrap(RawClient.frame(0x88, new byte[] {3, (byte) 0xE8})));
                assertThat(readUntil(client, "never")).isEqualTo("\u0088\2\3\u00e8"); // to the end
            }
            assertThat(handler.next()).isEqualTo("close 1000 PEER");
            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(path));
                client.write(
                        ByteBuffer.wrap("GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes()));
                assertThat(readUntil(client, "never")).startsWith("HTTP/1.1 404 ");
            }
        }
        assertThat(Files.exists(path)).isFalse();
    }

    private static String readUntil(SocketChannel client, String end) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder read = new StringBuilder();
        while (!read.toString().endsWith(end) && client.read(one.clear()) > 0) {
            read.append(StandardCharsets.ISO_8859_1.decode(one.flip()));
        }
        return read.toString();
    }

    @Test
    void theCountersCount() throws Exception {
        try (WebSocketServer server = builder().endpoint("/", ECHO).build().start()) {
            assertThat(server.metrics()).isEqualTo(counters(0, 0, Map.of(), 0, 0));
            try (RawClient client = RawClient.upgraded(server.port(), "/")) {
                client.sendText("hello");
                client.readFrame();
                client.sendFrame(0x82, new byte[1000]);
                client.readFrame();
                assertThat(server.metrics())
                        .usingRecursiveComparison()
                        .ignoringFields("pendingBytes") // the kernel's word for the last echo may still be on its way
                        .isEqualTo(counters(1, 1, Map.of(), 2, 1005));
                client.sendClose(1000, "");
                client.readFrame();
                assertThat(client.readToEnd()).isEmpty();
            }
            stop(server, Duration.ofSeconds(10));
            assertThat(server.metrics()).isEqualTo(counters(0, 1, Map.of(1000, 1L), 2, 1005));
        }
    }

    /** Counters of a server that got {@code messages} of {@code bytes} together, and echoed them. */
    private static ServerMetrics counters(int open, int opened, Map<Integer, Long> closed, int messages, int bytes) {
        return new ServerMetrics(
                open, open, opened, Map.of(), closed, messages, messages, bytes, bytes, 0, 0, 0, 0, 0, 0, Map.of());
    }
}
