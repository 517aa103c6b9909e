package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Handshake;
import io.hawser.HttpLimits;
import io.hawser.ServerLimits;
import io.hawser.Transport;
import io.hawser.TrustedProxies;
import io.hawser.TrustedProxies.Source;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.clients.SelfSignedCertificate;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol, versions 1 and 2, from trusted proxies and from others. */
class ProxyProtocolTest {

    private static final String V1 = "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n";
    private static final String V2_SIGNATURE = "0d0a0d0a000d0a515549540a";
    /** From 192.0.2.1 port 56324 to 198.51.100.1 port 443. */
    private static final String V2_TCP4 =
            V2_SIGNATURE + "21" + "11" + "000c" + "c0000201" + "c6336401" + "dc04" + "01bb";

    private final RecordingHandler handler = new RecordingHandler();

    private WebSocketServerBuilder builder(String... networks) {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .ioThreads(1)
                .trustedProxies(TrustedProxies.of(Source.PROXY_PROTOCOL, networks))
                .endpoint("/", handler);
    }

    private static void assertEnds(RawClient client) throws IOException {
        assertThat(client.readToAnyEnd()).isEmpty();
    }

    private void assertClient(WebSocketServer server, RawClient client, String address) throws Exception {
        client.send(RawClient.upgradeRequest(server.port(), "/", ""));
        assertThat(HttpAnswer.read(client).status()).isEqualTo(101);
        Handshake handshake = handler.session().handshake();
        assertThat(handshake.remoteAddress()).hasToString("/" + address);
        assertThat(handshake.connectionAddress()).isEqualTo(client.socket().getLocalSocketAddress());
    }

    @EachTransport
    void aTrustedProxySaysWhoseConnectionItIs(Transport transport) throws Exception {
        try (WebSocketServer server =
                builder("127.0.0.1").transport(transport).build().start()) {
            try (RawClient client = RawClient.connect(server.port())) {
                client.send(V1);
                assertClient(server, client, "192.0.2.1:56324");
            }
            try (RawClient client = RawClient.connect(server.port())) {
                client.send("PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n");
                assertClient(server, client, "[2001:db8:0:0:0:0:0:1]:56324");
            }
            try (RawClient client = RawClient.connect(server.port())) {
                client.sendHex(V2_TCP4);
                assertClient(server, client, "192.0.2.1:56324");
            }
            try (RawClient client = RawClient.connect(server.port())) { // with what other proxies add: an ALPN
                client.sendHex(V2_TCP4.replace("000c", "0012") + "010003" + "683262");
                assertClient(server, client, "192.0.2.1:56324");
            }
            try (RawClient client = RawClient.connect(server.port())) {
                String addresses = "20010db8000000000000000000000001" + "20010db8000000000000000000000002";
                client.sendHex(V2_SIGNATURE + "21" + "21" + "0024" + addresses + "dc04" + "01bb");
                assertClient(server, client, "[2001:db8:0:0:0:0:0:1]:56324");
            }
        }
    }

    @Test
    void aProxysOwnConnectionAndOneOfNobodyKnownKeepTheAddress() throws Exception {
        try (WebSocketServer server = builder("127.0.0.0/8").build().start()) {
            String[] headers = {
                V2_SIGNATURE + "20" + "00" + "0000", // LOCAL
                V2_SIGNATURE + "20" + "11" + "000c" + "c0000201" + "c6336401" + "dc04" + "01bb", // LOCAL, and lying
                V2_SIGNATURE + "21" + "00" + "0000", // AF_UNSPEC
                V2_SIGNATURE + "21" + "31" + "00d8" + "2f61" + "00".repeat(106) + "2f62" + "00".repeat(106), // AF_UNIX
                HexFormat.of().formatHex("PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII)),
            };
            for (String header : headers) {
                try (RawClient client = RawClient.connect(server.port())) {
                    client.sendHex(header);
                    assertClient(server, client, "127.0.0.1:" + client.socket().getLocalPort());
                }
            }
        }
    }

    @EachTransport
    void theHeaderMayComeInPiecesOrWithTheRequest(Transport transport) throws Exception {
        try (WebSocketServer server =
                builder("127.0.0.1").transport(transport).build().start()) {
            String request = RawClient.upgradeRequest(server.port(), "/", "");
            byte[] v2 = HexFormat.of().parseHex(V2_TCP4);
            for (byte[] header : new byte[][] {V1.getBytes(StandardCharsets.US_ASCII), v2}) {
                try (RawClient client = RawClient.connect(server.port())) {
                    for (byte b : header) {
                        client.send(new byte[] {b});
                    }
                    client.send(request);
                    assertThat(HttpAnswer.read(client).status()).isEqualTo(101);
                    assertThat(handler.session().handshake().remoteAddress()).hasToString("/192.0.2.1:56324");
                }
                try (RawClient client = RawClient.connect(server.port())) {
                    client.send(new String(header, StandardCharsets.ISO_8859_1) + request);
                    assertThat(HttpAnswer.read(client).status()).isEqualTo(101);
                    assertThat(handler.session().handshake().remoteAddress()).hasToString("/192.0.2.1:56324");
                    client.sendText("hello");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "PROXY TCP4 192.0.2.1\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.1 1 2\r\n",
                "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 65536 443\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 x 443\r\n",
                "PROXY TCP5 192.0.2.1 198.51.100.1 1 443\r\n",
                "proxy TCP4 192.0.2.1 198.51.100.1 1 443\r\n",
                "\r\n\r\n\0\r\nQUIT\n\u0031\u0011\0\u000c0123456789ab", // version 3
                "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u00040123", // too short for its addresses
                "\u0016\u0003\u0001\u0000\u0010\r\n\r\n\r\n\r\n\r\n\r\n"
            })
    void aTrustedProxyWithoutARightHeaderIsCutOff(String begin) throws Exception {
        try (CapturedLog log = CapturedLog.start();
                WebSocketServer server = builder("127.0.0.1").build().start();
                RawClient client = RawClient.connect(server.port())) {
            client.send(begin);
            assertEnds(client);
            assertThat(server.metrics().refusedHandshakes()).isEmpty();
            log.await(line -> line.contains("failed before the handshake /127.0.0.1"));
            assertThat(log.lines()).noneMatch(line -> line.contains("198.51.100.1") || line.contains("QUIT"));
        }
    }

    @Test
    void aHeaderWithoutEndIsCutOff() throws Exception {
        try (WebSocketServer server = builder("127.0.0.1").build().start()) {
            for (String begin : new String[] {
                "PROXY TCP4 " + "1".repeat(200),
                "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\u00ff\u00ff" + "0".repeat(20_000),
                "\r\n\r\n\0\r\nQUIT\n\u00ff" + "0".repeat(20_000) // a version that Netty's decoder takes for none yet
            }) {
                try (RawClient client = RawClient.connect(server.port())) {
                    client.send(begin);
                    assertEnds(client);
                } catch (SocketException cutWhileSending) {
                    assertThat(cutWhileSending).hasMessageMatching(".*(reset|pipe).*");
                }
            }
        }
    }

    @EachTransport
    void theHandshakesDeadlineHoldsForTheHeader(Transport transport) throws Exception {
        long begin = System.nanoTime();
        try (WebSocketServer server = builder("127.0.0.1")
                        .transport(transport)
                        .httpLimits(HttpLimits.defaults().withHandshakeTimeout(Duration.ofMillis(300)))
                        .build()
                        .start();
                RawClient client = RawClient.connect(server.port())) {
            client.send(V1.substring(0, 20));
            assertEnds(client);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
            assertThat(server.metrics().limitsHit()).containsEntry("handshakeTimeout", 1L);
        }
    }

    @EachTransport
    void aStrangersHeaderIsABadRequest(Transport transport) throws Exception {
        try (WebSocketServer server =
                builder("10.0.0.0/8").transport(transport).build().start()) {
            for (String header : new String[] {V1, "\r\n\r\n\0\r\nQUIT\n!"}) {
                try (RawClient client = RawClient.connect(server.port())) {
                    client.send(header);
                    assertThat(HttpAnswer.read(client).status()).isEqualTo(400);
                }
            }
            try (RawClient client = RawClient.connect(server.port())) {
                assertClient(server, client, "127.0.0.1:" + client.socket().getLocalPort());
            }
        }
    }

    @Test
    void theClientsOwnAddressIsCounted() throws Exception {
        try (WebSocketServer server = builder("127.0.0.1")
                .serverLimits(ServerLimits.defaults().withMaxConnectionsPerAddress(1))
                .build()
                .start()) {
            try (RawClient first = RawClient.connect(server.port());
                    RawClient second = RawClient.connect(server.port());
                    RawClient other = RawClient.connect(server.port())) {
                first.send(V1);
                assertClient(server, first, "192.0.2.1:56324");
                second.send(V1 + RawClient.upgradeRequest(server.port(), "/", ""));
                assertThat(HttpAnswer.read(second).status()).isEqualTo(429);
                other.send(V1.replace("192.0.2.1", "192.0.2.2"));
                assertClient(server, other, "192.0.2.2:56324");
            }
        }
    }

    @EachTransport
    void theHeaderComesBeforeTls(Transport transport, @TempDir Path directory) throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.generate(directory);
        try (WebSocketServer server = builder("127.0.0.1")
                        .transport(transport)
                        .tls(certificate.serverTls())
                        .serverLimits(ServerLimits.defaults().withMaxConnectionsPerAddress(1))
                        .build()
                        .start();
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            plain.getOutputStream().write(V1.getBytes(StandardCharsets.US_ASCII));
            SSLSocket socket = (SSLSocket) certificate
                    .clientContext()
                    .getSocketFactory()
                    .createSocket(plain, "localhost", server.port(), true);
            try (RawClient client = RawClient.over(socket)) {
                assertClient(server, client, "192.0.2.1:56324");
                try (RawClient refused = RawClient.connect(server.port())) {
                    refused.send(V1); // one too many is worth no TLS handshake
                    assertEnds(refused);
                    assertThat(server.metrics().limitsHit()).containsEntry("maxConnectionsPerAddress", 1L);
                }
            }
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void aProxyOnADomainSocketIsTrustedByItsName(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("hawser.sock");
        try (WebSocketServer server = builder("unix")
                        .transport(Transport.EPOLL)
                        .domainSocket(path)
                        .build()
                        .start();
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(path));
            String sent = V1 + RawClient.upgradeRequest(80, "/", "");
            client.write(ByteBuffer.wrap(sent.getBytes(StandardCharsets.US_ASCII)));
            Handshake handshake = handler.session().handshake();
            assertThat(handshake.remoteAddress()).hasToString("/192.0.2.1:56324");
            assertThat(handshake.connectionAddress()).isNotInstanceOf(InetSocketAddress.class);
        }
    }
}
