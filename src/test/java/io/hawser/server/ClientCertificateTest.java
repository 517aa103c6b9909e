package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Handshake;
import io.hawser.Message;
import io.hawser.Tls;
import io.hawser.Tls.ClientCertificate;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.clients.SelfSignedCertificate;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates that clients show, and a server's own that is renewed while it runs. */
class ClientCertificateTest {

    @TempDir
    static Path directory;

    private static SelfSignedCertificate server;
    private static SelfSignedCertificate renewed;
    private static SelfSignedCertificate friend;
    private static SelfSignedCertificate stranger;

    private final RecordingHandler handler = new RecordingHandler() {
        @Override
        public void onText(WebSocketSession session, Message message) {
            session.send(message);
        }
    };

    @BeforeAll
    static void generate() throws Exception {
        server = SelfSignedCertificate.generate(directory.resolve("server"));
        renewed = SelfSignedCertificate.generate(directory.resolve("renewed"));
        friend = SelfSignedCertificate.generate(directory.resolve("friend"));
        stranger = SelfSignedCertificate.generate(directory.resolve("stranger"));
    }

    private WebSocketServerBuilder builder(Tls tls) {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .tls(tls)
                .endpoint("/", handler);
    }

    private static RawClient connect(WebSocketServer server, SSLContext context, String protocol) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port());
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", server.port(), true);
        socket.setEnabledProtocols(new String[] {protocol});
        return RawClient.over(socket);
    }

    private static RawClient upgraded(WebSocketServer server, SSLContext context, String protocol) throws IOException {
        return connect(server, context, protocol).upgrade("/", "");
    }

    private static void assertEchoes(RawClient client) throws IOException {
        client.sendText("hello");
        assertThat(client.readFrame().text()).isEqualTo("hello");
    }

    private void assertRefused(WebSocketServer server, SSLContext context, String protocol) {
        long opened = server.metrics().openedSessions();
        assertThatThrownBy(() -> upgraded(server, context, protocol)).isInstanceOf(IOException.class);
        assertThat(server.metrics().openedSessions()).isEqualTo(opened);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void whereOneIsRequiredNobodyComesWithoutIt(String protocol) throws Exception {
        Tls tls = server.serverTls().withClientCertificates(ClientCertificate.REQUIRED, friend.certificateFile());
        try (WebSocketServer running = builder(tls).build().start()) {
            try (RawClient client = upgraded(running, server.clientContext(friend), protocol)) {
                Handshake handshake = handler.session().handshake();
                Certificate[] shown = handshake.tls().orElseThrow().getPeerCertificates();
                assertThat(shown).containsExactly(friend.certificate());
                assertEchoes(client);
            }
            assertRefused(running, server.clientContext(), protocol);
            assertRefused(running, server.clientContext(stranger), protocol);
            assertThat(running.metrics().openedSessions()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void whereOneIsWantedItMayBeMissingButNotWrong(String protocol) throws Exception {
        Tls tls = server.serverTls().withClientCertificates(ClientCertificate.WANTED, friend.certificateFile());
        try (WebSocketServer running = builder(tls).build().start()) {
            try (RawClient client = upgraded(running, server.clientContext(friend), protocol)) {
                assertThat(handler.session().handshake().tls().orElseThrow().getPeerCertificates())
                        .containsExactly(friend.certificate());
                assertEchoes(client);
            }
            try (RawClient client = upgraded(running, server.clientContext(), protocol)) {
                Handshake handshake = handler.session().handshake();
                assertThatThrownBy(() -> handshake.tls().orElseThrow().getPeerCertificates())
                        .isInstanceOf(SSLPeerUnverifiedException.class);
                assertEchoes(client);
            }
            assertRefused(running, server.clientContext(stranger), protocol);
        }
    }

    @Test
    void aReadyContextTrustsWhomItsTrustManagerTrusts() throws Exception {
        SSLContext context = friend.clientContext(server); // the server's key, and trust in the friend
        Tls tls = Tls.context(context).withClientCertificates(ClientCertificate.REQUIRED);
        try (WebSocketServer running = builder(tls).build().start()) {
            try (RawClient client = upgraded(running, server.clientContext(friend), "TLSv1.3")) {
                assertEchoes(client);
            }
            assertRefused(running, server.clientContext(), "TLSv1.3");
            assertRefused(running, server.clientContext(stranger), "TLSv1.3");
        }
        assertThatThrownBy(() -> Tls.context(context)
                        .withClientCertificates(ClientCertificate.REQUIRED, friend.certificateFile()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void authoritiesThatAreNoneAreRefusedAtTheStart() throws Exception {
        Path wrong = Files.writeString(directory.resolve("wrong.pem"), "no certificate");
        for (Path file : new Path[] {wrong, directory.resolve("absent.pem")}) {
            Tls tls = server.serverTls().withClientCertificates(ClientCertificate.WANTED, file);
            assertThatThrownBy(() -> builder(tls).build().start())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("authorities")
                    .hasMessageContaining(file.toString());
        }
    }

    @Test
    void aKeyOfAnotherCertificateIsRefusedAtTheStart() {
        Tls mixed = Tls.pem(renewed.certificateFile(), server.keyFile());
        assertThatThrownBy(() -> builder(mixed).build().start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no usable certificate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aRenewedCertificateIsForNewConnections(String protocol) throws Exception {
        try (WebSocketServer running = builder(server.serverTls()).build().start();
                RawClient before = upgraded(running, server.clientContext(), protocol)) {
            running.reloadTls(renewed.serverTls());
            try (RawClient after = upgraded(running, renewed.clientContext(), protocol)) {
                assertEchoes(after);
            }
            assertRefused(running, server.clientContext(), protocol);
            assertEchoes(before);
            assertThat(running.sessions()).hasSizeBetween(1, 2);

            running.reloadTls(
                    renewed.serverTls().withClientCertificates(ClientCertificate.REQUIRED, friend.certificateFile()));
            assertRefused(running, renewed.clientContext(), protocol);
            try (RawClient shown = upgraded(running, renewed.clientContext(friend), protocol)) {
                assertEchoes(shown);
            }
            assertEchoes(before);
        }
    }

    @Test
    void theOldCertificateStaysWhereTheNewIsOfNoUse() throws Exception {
        Path wrong = Files.writeString(directory.resolve("no-key.pem"), "no key");
        try (WebSocketServer running = builder(server.serverTls()).build().start()) {
            for (Tls useless : Stream.of(
                            Tls.pem(renewed.certificateFile(), server.keyFile()), // one file of two was replaced
                            Tls.pem(renewed.certificateFile(), wrong),
                            Tls.pem(directory.resolve("absent.pem"), renewed.keyFile()),
                            renewed.serverTls().withClientCertificates(ClientCertificate.REQUIRED, wrong))
                    .toList()) {
                assertThatThrownBy(() -> running.reloadTls(useless)).isInstanceOf(IllegalArgumentException.class);
                try (RawClient client = upgraded(running, server.clientContext(), "TLSv1.3")) {
                    assertEchoes(client);
                }
            }
        }
    }

    @Test
    void onlyARunningServerWithTlsReloads() throws Exception {
        WebSocketServer plain = WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .endpoint("/", handler)
                .build();
        assertThatThrownBy(() -> plain.reloadTls(server.serverTls())).isInstanceOf(IllegalStateException.class);
        try (plain) {
            plain.start();
            assertThatThrownBy(() -> plain.reloadTls(server.serverTls()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("without TLS");
        }
        WebSocketServer stopped = builder(server.serverTls()).build().start();
        stopped.close();
        assertThatThrownBy(() -> stopped.reloadTls(server.serverTls())).isInstanceOf(IllegalStateException.class);
    }
}
