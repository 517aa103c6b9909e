package io.hawser.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Heartbeat;
import io.hawser.HttpLimits;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.clients.SelfSignedCertificate;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.Memory;
import io.hawser.testing.OpenFiles;
import io.hawser.testing.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows S80 to S85, less S84: what can be done to a server before and below its first HTTP request. */
@DisplayNameGeneration(RowNames.class)
class TlsAttacksTest {

    private static final Duration DEADLINE = Duration.ofMillis(500);

    @TempDir
    static Path directory;

    private static SelfSignedCertificate certificate;

    @BeforeAll
    static void generate() throws Exception {
        certificate = SelfSignedCertificate.generate(directory);
    }

    private static Target start(Transport transport, Tls tls, Duration deadline) {
        return Target.start(builder -> builder.transport(transport)
                .tls(tls)
                .httpLimits(HttpLimits.defaults().withHandshakeTimeout(deadline)));
    }

    private static Target start(Transport transport) {
        return start(transport, certificate.serverTls(), Duration.ofSeconds(10));
    }

    private static SSLSocket layer(Socket plain) throws Exception {
        return (SSLSocket)
                certificate.clientContext().getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
    }

    private static Socket plain(Target target) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), target.port());
    }

    private static RawClient upgraded(Socket socket) throws IOException {
        return RawClient.over(socket).upgrade("/", "");
    }

    @Test
    void s80_aClientHelloThatOnlyAnnouncesItsSizeCostsNothing() throws Exception {
        String[] liars = {
            "16 0301 0005 01 ffffff 00", // a ClientHello of 16 MiB
            "16 0301 4000 01 00fffc 0303", // a record of 16 KiB, and no more of it
            "16 03"
        };
        int count = 5_000;
        try (Target target = start(Transport.AUTO, certificate.serverTls(), Duration.ofSeconds(5));
                Crowd crowd = Crowd.of(count, () -> RawClient.connect(target.port()))) {
            long heap = Memory.heapUsed();
            long direct = Memory.directUsed();
            AtomicInteger next = new AtomicInteger();
            // On a busy machine the first of them have met their deadline by now.
            crowd.each(client -> client.trySend(hex(liars[next.getAndIncrement() % liars.length])));
            target.awaitRest();
            assertThat(Memory.heapUsed() - heap).isLessThan(count * 8L * 1024);
            assertThat(Memory.directUsed() - direct).isLessThan(count * 8L * 1024);
            crowd.each(client -> assertThat(client.readToAnyEnd()).hasSizeLessThan(10)); // an alert at most
        }
    }

    @EachTransport
    void s81_aClientHelloInRecordsOfOneByteEachIsTheSameClientHello(Transport transport) throws Exception {
        try (Target target = start(transport);
                RawClient client = upgraded(layer(new RecordCuttingSocket(target.port())))) {
            Target.expectEcho(client, "hello");
        }
    }

    @EachTransport
    void s81_cuttingTheClientHelloDoesNotSpareTheClientItsCertificate(Transport transport) throws Exception {
        Tls strict = certificate
                .serverTls()
                .withClientCertificates(Tls.ClientCertificate.REQUIRED, directory.resolve("certificate.pem"));
        try (Target target = start(transport, strict, Duration.ofSeconds(10))) {
            for (Socket plain : List.of(plain(target), new RecordCuttingSocket(target.port()))) {
                assertThatThrownBy(() -> upgraded(layer(plain)))
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(SocketTimeoutException.class);
            }
            assertThat(target.server().metrics().openedSessions()).isZero();
        }
    }

    @EachTransport
    void s82_recordsThatAreNoneEndTheirConnectionAndNoOther(Transport transport) throws Exception {
        Random random = new Random(82);
        try (CapturedLog log = CapturedLog.start();
                Target target = start(transport, certificate.serverTls(), DEADLINE);
                RawClient bystander = upgraded(layer(plain(target)))) {
            byte[] hello = clientHello();
            for (int i = 0; i < Scale.of(300, 50_000); i++) {
                byte[] mutant = hello.clone();
                for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                    mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
                }
                try (RawClient client = RawClient.connect(target.port())) {
                    client.send(mutant);
                    client.shutdownOutput();
                    client.readToAnyEnd();
                }
            }
            Target.expectEcho(bystander, "untouched");
            assertThat(target.server().metrics().openedSessions()).isEqualTo(1);
            assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR") || line.startsWith("WARN"));
        }
    }

    private static byte[] clientHello() throws Exception {
        try (Target target = start(Transport.NIO)) {
            RecordCuttingSocket socket = new RecordCuttingSocket(target.port());
            upgraded(layer(socket)).close();
            return socket.firstRecord();
        }
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @EachTransport
    void s82_aRecordThatIsNoneEndsASession(Transport transport) throws Exception {
        for (String record : List.of(
                "17 0303 0020" + "00".repeat(32), "17 0303 ffff 00", "ff ffff ffff ff", "15 0303 0002 0228", "00 00")) {
            try (Target target = start(transport)) {
                Socket plain = plain(target);
                try (RawClient client = upgraded(layer(plain))) {
                    plain.getOutputStream().write(hex(record));
                    plain.shutdownOutput();
                    assertThat(target.handler().nextClose()).as(record).isEqualTo("close 1006 NETWORK");
                }
            }
        }
    }

    @Test
    void s83_namesThatClientsAskForAreNotKept() throws Exception {
        int count = Scale.of(150, 100_000);
        try (Target target = start(Transport.AUTO)) {
            long growth = Long.MAX_VALUE;
            long before = 0;
            // The first rounds load classes and fill what is bounded.
            for (int round = 0; round < 6 && growth > count * 1_024L; round++) {
                for (int i = 0; i < count; i++) {
                    askFor(target, "n" + i + "." + round + ".example");
                }
                long now = Memory.heapUsed();
                growth = round == 0 ? growth : now - before;
                before = now;
            }
            assertThat(growth).isLessThan(count * 1_024L);
        }
    }

    private static void askFor(Target target, String name) throws Exception {
        try (SSLSocket socket = layer(plain(target))) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
        }
    }

    @EachTransport
    void s85_anEndWithoutCloseNotifyIsNoClose(Transport transport) throws Exception {
        try (Target target = start(transport)) {
            Socket plain = plain(target);
            try (RawClient client = upgraded(layer(plain))) {
                plain.shutdownOutput();
                assertThat(target.handler().nextClose()).isEqualTo("close 1006 NETWORK");
                client.readToAnyEnd();
            }
        }
    }

    @EachTransport
    void s85_aHandshakeInDripsMeetsItsDeadline(Transport transport) throws Exception {
        byte[] hello = clientHello();
        try (Target target = start(transport, certificate.serverTls(), DEADLINE);
                RawClient client = RawClient.connect(target.port())) {
            long begin = System.nanoTime();
            boolean open = true;
            client.socket().setSoTimeout(20);
            for (int i = 0; open && i < hello.length - 1; i++) {
                client.trySend(new byte[] {hello[i]});
                open = isOpen(client);
            }
            assertThat(open).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(DEADLINE.dividedBy(2), DEADLINE.multipliedBy(30));
        }
    }

    private static boolean isOpen(RawClient client) {
        try {
            return client.peek() >= 0;
        } catch (SocketTimeoutException silent) {
            return true;
        } catch (IOException reset) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void s85_onlyTls13And12AreSpoken(String protocol) throws Exception {
        try (Target target = start(Transport.AUTO)) {
            SSLSocket socket = layer(plain(target));
            socket.setEnabledProtocols(new String[] {protocol});
            try (RawClient client = upgraded(socket)) {
                Target.expectEcho(client, "hello");
            }
            for (String older : new String[] {"0300", "0301", "0302"}) {
                String body = older + "00".repeat(32) + "00" + "0004" + "c009c013" + "0100";
                try (RawClient client = RawClient.connect(target.port())) {
                    client.sendHex("160301002f0100002b" + body);
                    assertThat(client.readToEnd()).as("an alert").startsWith(0x15);
                }
            }
        }
    }

    /** CVE-2011-1473: few bytes of the client's make a signature of ours. */
    @EachTransport
    void s85_whoWouldRenegotiateIsCut(Transport transport) throws Exception {
        try (Target target = start(transport);
                RawClient bystander = upgraded(layer(plain(target)))) {
            target.handler().session();
            SSLSocket socket = layer(plain(target));
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            try (RawClient client = upgraded(socket)) {
                Target.expectEcho(client, "hello");
                assertThatThrownBy(() -> {
                            socket.startHandshake();
                            client.peek();
                        })
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(SocketTimeoutException.class);
                assertThat(target.handler().nextClose()).isEqualTo("close 1006 NETWORK");
            }
            Target.expectEcho(bystander, "untouched");
        }
    }

    /** The same client is served without that: records in pieces, and many of them, are counted right. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void s85_longConversationsAreNoRenegotiation(String protocol) throws Exception {
        try (Target target = start(Transport.AUTO)) {
            SSLSocket socket = layer(plain(target));
            socket.setEnabledProtocols(new String[] {protocol});
            try (RawClient client = upgraded(socket)) {
                for (int size = 1; size < 60_000; size += 997) {
                    Target.expectEcho(client, "x".repeat(size));
                }
            }
        }
    }

    @EachTransport
    void s70_cutsWithinTlsLeaveNoFileAndNoWork(Transport transport) throws Exception {
        int count = Scale.of(100, 1_000);
        byte[] hello = clientHello();
        Duration ping = Duration.ofSeconds(1); // Netty's io_uring can miss an RST
        try (Target target = Target.start(builder -> builder.transport(transport)
                .tls(certificate.serverTls())
                .heartbeat(Heartbeat.onSilence(ping, ping))
                .httpLimits(HttpLimits.defaults().withHandshakeTimeout(Duration.ofSeconds(3))))) {
            long files = OpenFiles.count();
            for (int i = 0; i < count; i++) {
                Socket plain = plain(target);
                RawClient client = upgraded(layer(plain));
                client.sendHex("82fe 1000 00000000 61");
                plain.setSoLinger(true, 0);
                plain.close();
                RawClient halfway = RawClient.connect(target.port());
                halfway.send(Arrays.copyOf(hello, hello.length / 2 + i % 50));
                halfway.reset();
            }
            for (int i = 0; i < count; i++) {
                assertThat(target.handler().nextClose()).isEqualTo("close 1006 NETWORK");
            }
            OpenFiles.awaitAtMost(files);
            target.awaitRest();
        }
    }
}
