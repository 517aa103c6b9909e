package io.hawser.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpLimits;
import io.hawser.Rate;
import io.hawser.ServerLimits;
import io.hawser.Transport;
import io.hawser.TrustedProxies;
import io.hawser.TrustedProxies.Source;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.testing.Await;
import io.hawser.testing.EachTransport;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many connections there may be, in all and from one client, and how fast they may come. */
class ConnectionLimitsTest {

    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void closeClients() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }

    private static WebSocketServerBuilder builder(ServerLimits limits) {
        return WebSocketServer.builder()
                .address(new InetSocketAddress("0.0.0.0", 0))
                .serverLimits(limits)
                .endpoint("/", WebSocketHandler.onMessage(WebSocketSession::send));
    }

    /** A connection from one of this machine's own addresses. */
    private RawClient connect(WebSocketServer server, String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        RawClient client = RawClient.over(socket);
        clients.add(client);
        return client;
    }

    private HttpAnswer ask(WebSocketServer server, String from, String headers) throws IOException {
        return ask(connect(server, from), server, headers);
    }

    private static HttpAnswer ask(RawClient client, WebSocketServer server, String headers) throws IOException {
        client.send(RawClient.upgradeRequest(server.port(), "/", headers));
        return HttpAnswer.read(client);
    }

    private static void assertEchoes(RawClient client) throws IOException {
        client.sendText("hello");
        assertThat(client.readFrame().text()).isEqualTo("hello");
    }

    /** All that the limits count is back to nothing. */
    private static void assertNothingLeft(WebSocketServer server) {
        ConnectionLimits limits = ((NettyServer) server).limits();
        Await.until("no connection", () -> server.metrics().connections() == 0);
        Await.until("no place taken", () -> limits.placesTaken() == 0);
        Await.until("no client known", () -> limits.clientCount() == 0);
    }

    private void closeAll() throws IOException {
        closeClients();
        clients.clear();
    }

    @EachTransport
    void justSoManyAreServedAndTheNextIsToldToComeBack(Transport transport) throws Exception {
        try (WebSocketServer server = builder(ServerLimits.defaults().withMaxConnections(5))
                .transport(transport)
                .build()
                .start()) {
            for (int i = 0; i < 5; i++) {
                assertThat(ask(server, "127.0.0.1", "").status()).isEqualTo(101);
            }
            RawClient refused = connect(server, "127.0.0.1");
            HttpAnswer answer = ask(refused, server, "");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isPresent();
            assertThat(refused.readToEnd()).isEmpty();
            assertEchoes(clients.get(4));
            assertThat(server.metrics().refusedHandshakes()).isEqualTo(Map.of(503, 1L));
            assertThat(server.metrics().limitsHit()).isEqualTo(Map.of("maxConnections", 1L));
            clients.get(0).close();
            awaitConnections(server, 4);
            assertThat(ask(server, "127.0.0.1", "").status()).isEqualTo(101);
            assertThat(server.metrics().connections()).isEqualTo(5);
            closeAll();
            assertNothingLeft(server);
        }
    }

    private static void awaitConnections(WebSocketServer server, int count) {
        Await.until(count + " connections", () -> server.metrics().connections() == count);
    }

    @EachTransport
    void eachAddressHasItsOwnConnections(Transport transport) throws Exception {
        try (WebSocketServer server = builder(ServerLimits.defaults().withMaxConnectionsPerAddress(3))
                .transport(transport)
                .build()
                .start()) {
            for (int i = 0; i < 3; i++) {
                assertThat(ask(server, "127.0.0.2", "").status()).isEqualTo(101);
                assertThat(ask(server, "127.0.0.3", "").status()).isEqualTo(101);
            }
            RawClient refused = connect(server, "127.0.0.2");
            HttpAnswer answer = ask(refused, server, "");
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("Retry-After")).isPresent();
            assertThat(refused.readToEnd()).isEmpty();
            assertThat(ask(server, "127.0.0.4", "").status()).isEqualTo(101);
            assertThat(server.metrics().refusedHandshakes()).isEqualTo(Map.of(429, 1L));
            assertThat(server.metrics().limitsHit()).isEqualTo(Map.of("maxConnectionsPerAddress", 1L));
            closeAll();
            assertNothingLeft(server);
            assertThat(ask(server, "127.0.0.2", "").status()).isEqualTo(101);
            closeAll();
        }
    }

    @Test
    void whoIsRefusedTakesNobodysPlace() throws Exception {
        ServerLimits limits = ServerLimits.defaults().withMaxConnections(3).withMaxConnectionsPerAddress(1);
        try (WebSocketServer server = builder(limits).build().start()) {
            assertThat(ask(server, "127.0.0.2", "").status()).isEqualTo(101);
            for (int i = 0; i < 10; i++) {
                connect(server, "127.0.0.2"); // and says nothing
            }
            awaitConnections(server, 11);
            assertThat(ask(server, "127.0.0.3", "").status()).isEqualTo(101);
            assertThat(ask(server, "127.0.0.4", "").status()).isEqualTo(101);
            assertThat(ask(server, "127.0.0.5", "").status()).isEqualTo(503);
            closeAll();
        }
    }

    @Test
    void moreThanAFewWhoAreRefusedAreCut() throws Exception {
        try (WebSocketServer server =
                builder(ServerLimits.defaults().withMaxConnections(1)).build().start()) {
            assertThat(ask(server, "127.0.0.1", "").status()).isEqualTo(101);
            for (int i = 0; i < ConnectionLimits.MAX_REFUSALS; i++) {
                connect(server, "127.0.0.1");
            }
            awaitConnections(server, 1 + ConnectionLimits.MAX_REFUSALS);
            RawClient cut = connect(server, "127.0.0.1");
            assertThat(cut.readToAnyEnd()).isEmpty();
            assertThat(ask(clients.get(1), server, "").status()).isEqualTo(503);
            closeAll();
            assertNothingLeft(server);
        }
    }

    @EachTransport
    void anAddressHasSoManyHandshakesASecond(Transport transport) throws Exception {
        ServerLimits limits = ServerLimits.defaults().withHandshakeRatePerAddress(Rate.of(1, 4));
        try (WebSocketServer server =
                builder(limits).transport(transport).build().start()) {
            long begin = System.nanoTime();
            int served = 0;
            for (int i = 0; i < 10; i++) {
                int status = ask(server, "127.0.0.2", "").status();
                assertThat(status).isIn(101, 429);
                served += status == 101 ? 1 : 0;
            }
            long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
            assertThat(served).isBetween(4, 4 + (int) seconds + 1);
            assertThat(ask(server, "127.0.0.3", "").status()).isEqualTo(101);
            assertThat(server.metrics().limitsHit()).containsOnlyKeys("handshakeRatePerAddress");
            closeAll();
            assertNothingLeft(server);
        }
    }

    @Test
    void requestsOnOneConnectionCountAsWell() throws Exception {
        ServerLimits limits = ServerLimits.defaults().withHandshakeRatePerAddress(Rate.of(1, 3));
        try (WebSocketServer server = builder(limits).build().start()) {
            RawClient client = connect(server, "127.0.0.2");
            int served = 0;
            int status = 0;
            while (status != 429) {
                client.send("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
                status = HttpAnswer.read(client).status();
                served += status == 404 ? 1 : 0;
                assertThat(served).isLessThan(20);
            }
            assertThat(served).isGreaterThanOrEqualTo(3);
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void behindAProxyTheBelievedAddressCounts() throws Exception {
        ServerLimits limits = ServerLimits.defaults().withMaxConnectionsPerAddress(2);
        try (WebSocketServer server = builder(limits)
                .trustedProxies(TrustedProxies.of(Source.X_FORWARDED_FOR, "127.0.0.1"))
                .build()
                .start()) {
            for (int i = 0; i < 2; i++) {
                assertThat(ask(server, "127.0.0.1", "X-Forwarded-For: 192.0.2.1\r\n")
                                .status())
                        .isEqualTo(101);
                assertThat(ask(server, "127.0.0.1", "X-Forwarded-For: 2001:db8::" + i + "\r\n")
                                .status())
                        .isEqualTo(101);
            }
            assertThat(ask(server, "127.0.0.1", "X-Forwarded-For: 192.0.2.1\r\n")
                            .status())
                    .isEqualTo(429);
            assertThat(ask(server, "127.0.0.1", "X-Forwarded-For: 2001:db8::ffff\r\n")
                            .status())
                    .isEqualTo(429);
            assertThat(ask(server, "127.0.0.1", "X-Forwarded-For: 2001:db8:0:1::\r\n")
                            .status())
                    .isEqualTo(101);
            // A stranger's word is not taken.
            for (int i = 0; i < 2; i++) {
                assertThat(ask(server, "127.0.0.2", "X-Forwarded-For: 192.0.2." + i + "\r\n")
                                .status())
                        .isEqualTo(101);
            }
            assertThat(ask(server, "127.0.0.2", "X-Forwarded-For: 192.0.2.77\r\n")
                            .status())
                    .isEqualTo(429);
            closeAll();
            assertNothingLeft(server);
        }
    }

    @Test
    void oneConnectionOfAProxyIsEachClientsInTurn() throws Exception {
        ServerLimits limits = ServerLimits.defaults().withMaxConnectionsPerAddress(1);
        try (WebSocketServer server = builder(limits)
                .trustedProxies(TrustedProxies.of(Source.X_REAL_IP, "127.0.0.1"))
                .build()
                .start()) {
            RawClient proxy = connect(server, "127.0.0.1");
            for (int i = 0; i < 300; i++) {
                proxy.send("GET /nothing HTTP/1.1\r\nHost: localhost\r\nX-Real-IP: 192.0.2." + i % 256 + "\r\n\r\n");
                assertThat(HttpAnswer.read(proxy).status()).isEqualTo(404);
                assertThat(((NettyServer) server).limits().clientCount()).isEqualTo(1);
            }
            assertThat(ask(server, "127.0.0.1", "X-Real-IP: 192.0.2.43\r\n").status())
                    .isEqualTo(429);
            assertThat(ask(proxy, server, "X-Real-IP: 192.0.2.1\r\n").status()).isEqualTo(101);
            closeAll();
            assertNothingLeft(server);
        }
    }

    private enum Failure {
        SILENCE("", true),
        HALF_A_REQUEST("GET / HT", true),
        RESET("", false),
        GARBAGE("\u0000\u0001\u0002", true),
        NO_PATH("GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", true),
        NO_KEY("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", true),
        EARLY_BYTES(RawClient.upgradeRequest(80, "/", "") + "early", true),
        TOO_LONG("GET /" + "a".repeat(10_000), true),
        RIGHT_THEN_RESET(RawClient.upgradeRequest(80, "/", ""), false);

        final String request;
        final boolean inOrder;

        Failure(String request, boolean inOrder) {
            this.request = request;
            this.inOrder = inOrder;
        }
    }

    /** 10,000 of them; CVE-2022-41940 and others: a place that was not given back. */
    @ParameterizedTest
    @EnumSource(Failure.class)
    void everyFailureGivesItsPlaceBack(Failure failure) throws Exception {
        ServerLimits limits = ServerLimits.defaults()
                .withMaxConnections(20)
                .withMaxConnectionsPerAddress(10)
                .withHandshakeRatePerAddress(Rate.of(1_000_000, 1_000_000));
        try (WebSocketServer server = builder(limits)
                .httpLimits(HttpLimits.defaults().withHandshakeTimeout(Duration.ofMillis(500)))
                .build()
                .start()) {
            for (int i = 0; i < 1_100; i++) {
                Socket socket = new Socket();
                socket.bind(new InetSocketAddress("127.0.0." + (2 + i % 3), 0));
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
                try (RawClient client = RawClient.over(socket)) {
                    client.send(failure.request);
                    if (!failure.inOrder) {
                        client.reset();
                    }
                } catch (SocketException cut) {
                    assertThat(cut).isNotNull(); // the server was faster
                }
            }
            // The last of them may still wait to be accepted.
            Await.until("served", () -> isServed(server));
            closeAll();
            assertNothingLeft(server);
        }
    }

    private boolean isServed(WebSocketServer server) throws IOException {
        try {
            return ask(server, "127.0.0.2", "").status() == 101;
        } catch (SocketException cut) {
            return false; // too many to be told so
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void aSessionGivesItsPlaceBackOnceHoweverSoonItEnds(int perAddress) {
        ServerLimits serverLimits = ServerLimits.defaults().withMaxConnectionsPerAddress(perAddress);
        WebSocketServer server = builder(serverLimits).build();
        ConnectionLimits limits = ((NettyServer) server).limits();
        for (boolean closedBefore : List.of(true, false)) {
            EmbeddedChannel channel = new EmbeddedChannel() {
                @Override
                protected InetSocketAddress remoteAddress0() {
                    return new InetSocketAddress("127.0.0.1", 1);
                }
            };
            Admission admission = limits.arrive(channel);
            assertThat(limits.placesTaken()).isEqualTo(1);
            if (closedBefore) {
                channel.close();
            }
            admission.settle(channel);
            channel.close();
            assertThat(limits.placesTaken()).isZero();
            assertThat(limits.clientCount()).isZero();
            assertThat(server.metrics().connections()).isZero();
        }
    }
}
