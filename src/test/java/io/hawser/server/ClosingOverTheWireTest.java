package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Heartbeat;
import io.hawser.Initiator;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.SessionState;
import io.hawser.Transport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import io.hawser.testing.Throwing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The closing handshake and every other end of a connection (RFC 6455 §7), over sockets. */
class ClosingOverTheWireTest {

    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(300);

    private static final Duration PING = Duration.ofSeconds(1);

    private final RecordingHandler handler = new RecordingHandler() {
        @Override
        public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
            assertThat(session.state()).isEqualTo(SessionState.CLOSED); // else the test waits in vain for the call
            super.onClose(session, status, initiator);
        }
    };

    private final CapturedLog log = CapturedLog.start(); // handlers that throw would fill the test's output
    private WebSocketServer server;

    private WebSocketServer start(Transport transport) {
        server = WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .transport(transport)
                .ioThreads(1)
                .limits(Limits.defaults().withCloseTimeout(CLOSE_TIMEOUT))
                // Netty's io_uring (seen in 4.2.18) can miss an RST that comes with data; the next ping meets it.
                .heartbeat(transport == Transport.IO_URING ? Heartbeat.onSilence(PING, PING) : Heartbeat.defaults())
                .endpoint("/", handler)
                .endpoint(Throwing.PATH, new Throwing(handler))
                .build()
                .start();
        return server;
    }

    @AfterEach
    void stop() {
        server.close();
        log.close();
    }

    @EachTransport
    void whenTheServerClosesFirstItEndsTcpAfterTheAnswer(Transport transport) throws Exception {
        try (RawClient client = RawClient.upgraded(start(transport).port(), "/")) {
            WebSocketSession session = handler.session();
            session.send("last");
            session.close(new CloseStatus(4000, "bye"));
            session.close(CloseStatus.NORMAL); // too late to matter
            session.send("never");
            assertThat(client.readFrame().text()).isEqualTo("last");
            RawClient.Frame close = client.readFrame();
            assertThat(close.opcode()).isEqualTo(8);
            assertThat(close.closeCode()).isEqualTo(4000);
            assertThat(close.closeReason()).isEqualTo("bye");
            client.sendClose(4000, "");
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(handler.next()).isEqualTo("open");
        assertThat(handler.next()).isEqualTo("close 4000 SERVER");
        assertThat(server.metrics().closedSessions()).containsOnly(Map.entry(4000, 1L));
    }

    @EachTransport
    void whenThePeerClosesFirstItsCodeComesBackAndTcpEnds(Transport transport) throws Exception {
        start(transport);
        try (RawClient client = RawClient.upgraded(server.port(), "/")) {
            client.sendClose(4002, "enough");
            RawClient.Frame close = client.readFrame();
            assertThat(close.closeCode()).isEqualTo(4002);
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(handler.nextClose()).isEqualTo("close 4002 PEER");
        try (RawClient client = RawClient.upgraded(server.port(), "/")) {
            client.sendFrame(0x88, new byte[0]);
            assertThat(client.readFrame().payload()).isEmpty();
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(handler.nextClose()).isEqualTo("close 1005 PEER");
    }

    @EachTransport
    void dataBehindThePeersCloseIsNotDeliveredAndDoesNotReset(Transport transport) throws Exception {
        try (RawClient client = RawClient.upgraded(start(transport).port(), "/")) {
            client.sendClose(1000, "");
            client.send(new byte[200_000]); // not even frames
            assertThat(client.readFrame().closeCode()).isEqualTo(1000);
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(handler.next()).isEqualTo("open");
        assertThat(handler.next()).isEqualTo("close 1000 PEER");
    }

    @EachTransport
    void aPeerThatNeverAnswersIsCutAtTheCloseTimeoutWhateverItSends(Transport transport) throws Exception {
        start(transport);
        for (boolean talks : new boolean[] {false, true}) {
            try (RawClient client = RawClient.upgraded(server.port(), "/")) {
                long begin = System.nanoTime();
                handler.session().close(CloseStatus.NORMAL);
                assertThat(client.readFrame().closeCode()).isEqualTo(1000);
                boolean open = true;
                for (int i = 0; talks && open; i++) {
                    open = i % 100 != 0 || !ended(client);
                    open &= client.trySend(RawClient.frame(0x82, new byte[7]));
                }
                while (!ended(client)) {} // reads until the cut
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .isBetween(CLOSE_TIMEOUT.minusMillis(100), Duration.ofSeconds(5));
            }
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).isEqualTo("close 1000 SERVER");
        }
    }

    /** Whether the connection is at its end, by FIN or RST; waits a moment for it. */
    private static boolean ended(RawClient client) throws IOException {
        client.socket().setSoTimeout(10);
        try {
            return client.peek() < 0;
        } catch (SocketTimeoutException notYet) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @EachTransport
    void aPeerThatKeepsTcpOpenIsCutAfterADrain(Transport transport) throws Exception {
        try (RawClient client = RawClient.upgraded(start(transport).port(), "/")) {
            long begin = System.nanoTime();
            client.sendClose(1000, "");
            assertThat(client.readFrame().closeCode()).isEqualTo(1000);
            assertThat(client.readToEnd()).isEmpty();
            assertThat(handler.nextClose()).isEqualTo("close 1000 PEER");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
            while (client.trySend(RawClient.frame(0x82, new byte[13]))) {} // answered by RST
        }
    }

    /** What a test does to a connection, and what the program is told of it. */
    record Ending(String name, String onClose, String path, Action action) {
        interface Action {
            void on(RawClient client, WebSocketSession session) throws Exception;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Ending> endings() {
        return List.of(
                ending("FIN", "1006 NETWORK", (client, session) -> client.close()),
                ending("half-close", "1006 NETWORK", (client, session) -> client.shutdownOutput()),
                ending("RST", "1006 NETWORK", (client, session) -> client.reset()),
                ending("FIN within a frame", "1006 NETWORK", (client, session) -> {
                    client.sendHex("818a 00000000 61");
                    client.close();
                }),
                ending("RST within a message", "1006 NETWORK", (client, session) -> {
                    client.sendHex("0181 00000000 61");
                    client.reset();
                }),
                ending("terminate", "1006 SERVER", (client, session) -> session.terminate()),
                ending("terminate, twice", "1006 SERVER", (client, session) -> {
                    session.terminate();
                    session.terminate();
                    session.close(CloseStatus.NORMAL);
                }),
                ending("close, then FIN", "1000 SERVER", (client, session) -> {
                    session.close();
                    client.readFrame();
                    client.close();
                }),
                ending("close, then RST", "1000 SERVER", (client, session) -> {
                    session.close();
                    client.readFrame();
                    client.reset();
                }),
                ending("close, then terminate", "1000 SERVER", (client, session) -> {
                    session.close();
                    session.terminate();
                }),
                ending("close, never answered", "1000 SERVER", (client, session) -> session.close()),
                ending("crossing closes", "(1000 SERVER|4000 PEER)", (client, session) -> {
                    session.close();
                    client.sendClose(4000, "");
                }),
                ending("the peer's close, then FIN", "1001 PEER", (client, session) -> {
                    client.sendClose(1001, "");
                    client.readFrame();
                    client.close();
                }),
                ending("the peer's close, then RST", "1001 PEER", (client, session) -> {
                    client.sendClose(1001, "");
                    client.readFrame();
                    client.reset();
                }),
                ending("close codes that are none", "1002 SERVER", (client, session) -> client.sendClose(5000, "")),
                ending("close code 65535", "1002 SERVER", (client, session) -> client.sendClose(65535, "")),
                ending("unmasked frame", "1002 SERVER", (client, session) -> client.sendHex("8101 61")),
                ending("not UTF-8", "1007 SERVER", (client, session) -> client.sendHex("8181 00000000 ff")),
                ending(
                        "too large",
                        "1009 SERVER",
                        (client, session) -> client.sendHex("82ff 0000000000010001 00000000")),
                ending("violation, then RST", "1002 SERVER", (client, session) -> {
                    client.sendHex("8101 61");
                    client.readFrame();
                    client.reset();
                }),
                throwing("open", "exception", (client, session) -> {}),
                throwing("text", "exception", (client, session) -> client.sendText("a")),
                throwing("text", "overflow", (client, session) -> client.sendText("a")),
                throwing("binary", "exception", (client, session) -> client.sendFrame(0x82, new byte[1])),
                throwing("pong", "exception", (client, session) -> client.sendFrame(0x8A, new byte[1])),
                throwing("error", "exception", (client, session) -> client.sendText("a")),
                new Ending(
                        "exception of close",
                        "1000 PEER",
                        Throwing.path("close", "exception"),
                        (client, session) -> client.sendClose(1000, "")));
    }

    private static Ending throwing(String hook, String kind, Ending.Action action) {
        return new Ending(kind + " of " + hook, "1011 SERVER", Throwing.path(hook, kind), action);
    }

    private static Ending ending(String name, String onClose, Ending.Action action) {
        return new Ending(name, onClose, "/", action);
    }

    @EachTransport
    void everyEndingIsToldOnceAndLeavesNothing(Transport transport) throws Exception {
        start(transport);
        for (Ending ending : endings()) {
            WebSocketSession session;
            try (RawClient client = RawClient.upgraded(server.port(), ending.path())) {
                session = handler.session();
                session.join("room");
                ending.action().on(client, session);
                if (!client.socket().isClosed()) {
                    client.readToAnyEnd();
                }
                client.close();
                assertThat(handler.nextClose(ending.name())).as(ending.name()).matches("close " + ending.onClose());
            }
            assertThat(session.state()).as(ending.name()).isEqualTo(SessionState.CLOSED);
            assertThat(session.rooms()).isEmpty();
            assertThat(session.join("another")).isFalse();
            assertThat(session.trySend(Message.text("late"))).isFalse();
            assertThat(session.pendingBytes()).isZero();
        }
        assertThat(server.sessions()).isEmpty();
        assertThat(server.room("room").localSize()).isZero();
        assertThat(server.metrics().openSessions()).isZero();
        server.close(); // the event loops have ended: nothing more can be told
        assertThat(handler.rest()).noneMatch(call -> call.startsWith("close "));
    }

    @EachTransport
    void whoBreaksARuleReadsWhyThoughItSendsOn(Transport transport) throws Exception {
        start(transport);
        try (RawClient other = RawClient.upgraded(server.port(), "/");
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            client.sendHex("c181 00000000 61");
            client.send(new byte[300_000]);
            RawClient.Frame close = client.readFrame();
            assertThat(close.closeCode()).isEqualTo(1002);
            assertThat(close.closeReason()).isNotBlank();
            assertThat(client.readToEnd()).isEmpty();
            other.sendText("untouched");
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).isEqualTo("open");
            assertThat(List.of(handler.next(), handler.next()))
                    .containsExactlyInAnyOrder("close 1002 SERVER", "text untouched");
        }
    }

    @EachTransport
    void aHandlerThatThrowsCostsItsOwnSessionAndIsToldOfItsError(Transport transport) throws Exception {
        start(transport);
        try (RawClient other = RawClient.upgraded(server.port(), "/");
                RawClient client = RawClient.upgraded(server.port(), Throwing.path("text", "exception"))) {
            client.sendText("a");
            client.sendText("b");
            assertThat(client.readFrame().closeCode()).isEqualTo(1011);
            assertThat(client.readToEnd()).isEmpty();
            assertThat(List.of(handler.next(), handler.next(), handler.next(), handler.next(), handler.next()))
                    .containsExactly("open", "open", "text a", "error a bug in text", "close 1011 SERVER");
            other.sendText("untouched");
            assertThat(handler.next()).isEqualTo("text untouched");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aConnectionThatFailsIsAnErrorBeforeItIsAnEnd(Transport transport) throws Exception {
        start(transport);
        try (RawClient client = RawClient.upgraded(server.port(), "/")) {
            handler.session();
            client.reset();
            assertThat(handler.next()).isEqualTo("open");
            assertThat(handler.next()).startsWith("error ").containsIgnoringCase("reset");
            assertThat(handler.next()).isEqualTo("close 1006 NETWORK");
        }
    }
}
