package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Handshake;
import io.hawser.HttpReply;
import io.hawser.TrustedProxies;
import io.hawser.TrustedProxies.Source;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses and hosts as they reach the program; how they are read is tested with their parsers. */
class TrustedProxiesTest {

    private final RecordingHandler handler = new RecordingHandler();

    private WebSocketServerBuilder builder() {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .ioThreads(1)
                .http(request ->
                        HttpReply.ok("text/plain", request.remoteAddress() + " over " + request.connectionAddress()))
                .endpoint("/", handler);
    }

    @ParameterizedTest
    @CsvSource({
        "X_FORWARDED_FOR, 'X-Forwarded-For: 192.0.2.1, 127.0.0.3', /192.0.2.1:0",
        "X_REAL_IP, X-Real-IP: 192.0.2.1, /192.0.2.1:0",
        "FORWARDED, 'Forwarded: for=\"[2001:db8::1]:4711\"', /[2001:db8:0:0:0:0:0:1]:4711"
    })
    void aTrustedProxysHeaderIsTheRemoteAddress(Source source, String header, String address) throws Exception {
        try (CapturedLog log = CapturedLog.start();
                WebSocketServer server = builder()
                        .trustedProxies(TrustedProxies.of(source, "127.0.0.0/8", "::1"))
                        .build()
                        .start();
                RawClient client = RawClient.upgraded(server.port(), "/", header + "\r\n");
                RawClient plain = RawClient.connect(server.port())) {
            Handshake handshake = handler.session().handshake();
            assertThat(handshake.remoteAddress()).hasToString(address);
            assertThat(handshake.connectionAddress()).isEqualTo(client.socket().getLocalSocketAddress());
            plain.send("GET /who HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n");
            assertThat(HttpAnswer.read(plain).body())
                    .isEqualTo(address + " over " + plain.socket().getLocalSocketAddress());
            plain.send(RawClient.upgradeRequest(server.port(), "/nowhere", header + "\r\n"));
            assertThat(HttpAnswer.read(plain).status()).isEqualTo(404);
            log.await(line -> line.contains("open ") && line.endsWith(" from " + address));
            log.await(line -> line.contains("refused " + address + " 404"));
        }
    }

    @Test
    void nobodyIsTrustedUnlessNamed() throws Exception {
        String headers = "X-Forwarded-For: 192.0.2.1\r\nX-Real-IP: 192.0.2.1\r\nForwarded: for=192.0.2.1\r\n";
        for (TrustedProxies proxies : new TrustedProxies[] {null, TrustedProxies.of(Source.FORWARDED, "10.0.0.0/8")}) {
            WebSocketServerBuilder builder = builder();
            if (proxies != null) {
                builder.trustedProxies(proxies);
            }
            try (WebSocketServer server = builder.build().start();
                    RawClient client = RawClient.upgraded(server.port(), "/", headers)) {
                Handshake handshake = handler.session().handshake();
                assertThat(handshake.remoteAddress()).isEqualTo(client.socket().getLocalSocketAddress());
                assertThat(handshake.connectionAddress())
                        .isEqualTo(client.socket().getLocalSocketAddress());
            }
        }
    }

    @Test
    void anotherHostThanTheAllowedIsMisdirected() throws Exception {
        try (WebSocketServer server =
                builder().allowedHosts("chat.example", "[::1]:8080").build().start()) {
            for (String host : new String[] {"chat.example", "CHAT.example.:9000", "[0::1]:8080"}) {
                assertThat(status(server, host)).as(host).isEqualTo(101);
            }
            for (String host : new String[] {"evil.example", "localhost", "127.0.0.1", "[::1]", "chat.example.evil"}) {
                assertThat(status(server, host)).as(host).isEqualTo(421);
            }
            assertThat(status(server, "chat.example@evil")).isEqualTo(400);
            assertThat(server.metrics().refusedHandshakes()).containsEntry(421, 5L);
        }
    }

    private static int status(WebSocketServer server, String host) throws Exception {
        try (RawClient client = RawClient.connect(server.port())) {
            String request = RawClient.upgradeRequest(server.port(), "/", "");
            client.send(request.replace("localhost:" + server.port(), host));
            return HttpAnswer.read(client).status();
        }
    }

    @Test
    void whatIsNoNetworkOrHostIsToldWhenTheServerIsBuilt() {
        assertThatThrownBy(() -> builder()
                        .trustedProxies(TrustedProxies.of(Source.X_REAL_IP, "10.0.0.0/40"))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.0/40");
        assertThatThrownBy(() -> builder().allowedHosts("https://chat.example").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https://chat.example");
        assertThatThrownBy(() -> TrustedProxies.of(Source.X_REAL_IP)).isInstanceOf(IllegalArgumentException.class);
    }
}
