package io.hawser.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.CloseStatus;
import io.hawser.Message;
import io.hawser.Transport;
import io.hawser.clients.ClientLibrary.RefusedHandshakeException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What other people's clients must be able to do with this server, in the clear and over TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientInteroperationTest {

    private SuiteServer server;
    private List<ClientLibrary> libraries;

    @BeforeAll
    void startServer(@TempDir Path directory) throws Exception {
        server = SuiteServer.start(Transport.NIO, directory);
        SelfSignedCertificate certificate = server.certificate();
        libraries = List.of(
                new JdkClient(certificate.clientContext()),
                new OkHttpLibrary(certificate.clientContext(), certificate.trustManager()),
                new JavaWebSocketLibrary(certificate.clientContext()));
    }

    @AfterAll
    void stopServer() throws Exception {
        server.close();
    }

    Stream<Arguments> clients() {
        return libraries.stream()
                .flatMap(library -> Stream.of(
                        Arguments.of(library, server.plainUrl()), Arguments.of(library, server.encryptedUrl())));
    }

    Stream<Arguments> compressingClients() {
        return libraries.stream()
                .filter(library -> !(library instanceof JdkClient))
                .flatMap(library -> Stream.of("/", "/echo-deflate")
                        .flatMap(path -> Stream.of(
                                Arguments.of(library, server.plainUrl() + path),
                                Arguments.of(library, server.encryptedUrl() + path))));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("clients")
    void aHundredTextAndAHundredBinaryMessagesComeBackAsTheyWere(ClientLibrary library, String url) throws Exception {
        ClientConnection connection = library.open(URI.create(url + "/echo"));
        echo(connection, mixedMessages(200, 70_000));
        closeNormally(connection);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("clients")
    void aMebibyteGoesBothWays(ClientLibrary library, String url) throws Exception {
        ClientConnection connection = library.open(URI.create(url + "/echo"));
        byte[] bytes = new byte[1024 * 1024];
        new Random(1).nextBytes(bytes);
        echo(connection, List.of(Message.binary(bytes), Message.text("€€ä".repeat(131_072))));
        closeNormally(connection);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("compressingClients")
    void aThousandCompressedMessagesComeBackAsTheyWere(ClientLibrary library, String url) throws Exception {
        ClientConnection connection = library.open(URI.create(url));
        assertThat(connection.extensions()).startsWith("permessage-deflate");
        echo(connection, mixedMessages(1_000, 3_000));
        closeNormally(connection);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("clients")
    void theSubprotocolIsTheServersFirstThatTheClientOffered(ClientLibrary library, String url) throws Exception {
        ClientConnection connection = library.open(URI.create(url + "/protocols"), "mqtt", "chat.v1", "chat.v2");
        assertThat(connection.subprotocol()).isEqualTo("chat.v2");
        echo(connection, List.of(Message.text("hello")));
        closeNormally(connection);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("clients")
    void aRefusedHandshakeShowsItsStatus(ClientLibrary library, String url) {
        assertThat(statusOfRefusal(library, url + "/refused/401")).isEqualTo(401);
        assertThat(statusOfRefusal(library, url + "/refused/403")).isEqualTo(403);
        assertThat(statusOfRefusal(library, url + "/nowhere")).isEqualTo(404);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("clients")
    void theClientsCloseReachesTheServerWithItsReasonAndIsAnsweredWithItsCode(ClientLibrary library, String url)
            throws Exception {
        String tag = UUID.randomUUID().toString();
        ClientConnection connection = library.open(URI.create(url + "/echo?tag=" + tag));
        connection.close(new CloseStatus(4001, "bis später"));
        assertThat(connection.awaitClosed().code()).isEqualTo(4001);
        assertThat(ending(tag)).isEqualTo("PEER 4001 bis später");
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("clients")
    void bothSidesSeeTheCodeAndReasonOfTheServersClose(ClientLibrary library, String url) throws Exception {
        String tag = UUID.randomUUID().toString();
        ClientConnection connection = library.open(URI.create(url + "/closing?tag=" + tag));
        connection.send(Message.text("4002 genug für heute"));
        assertThat(connection.awaitClosed()).isEqualTo(new CloseStatus(4002, "genug für heute"));
        assertThat(ending(tag)).isEqualTo("SERVER 4002 genug für heute");
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("clients")
    void aClientThatIsAcceptedOnlyToBeToldWhyNotSeesTheCodeAndReason(ClientLibrary library, String url)
            throws Exception {
        ClientConnection connection = library.open(URI.create(url + "/unwelcome"));
        assertThat(connection.awaitClosed()).isEqualTo(new CloseStatus(4403, "not for you"));
    }

    private static void echo(ClientConnection connection, List<Message> messages) throws Exception {
        for (Message message : messages) {
            connection.send(message);
        }
        for (Message message : messages) {
            // Compared without AssertJ's description of a megabyte.
            Message echoed = connection.receive();
            assertThat(echoed.equals(message)).as("%s is %s", echoed, message).isTrue();
        }
    }

    private static void closeNormally(ClientConnection connection) throws Exception {
        connection.close(CloseStatus.NORMAL);
        assertThat(connection.awaitClosed().code()).isEqualTo(1000);
    }

    private static int statusOfRefusal(ClientLibrary library, String url) {
        return catchThrowableOfType(RefusedHandshakeException.class, () -> library.open(URI.create(url)))
                .status();
    }

    private String ending(String tag) throws Exception {
        return server.closeLog().ending(tag).get(20, TimeUnit.SECONDS);
    }

    /** Text and binary by turns, of all sizes up to a maximum, the lengths of the three length forms among them. */
    private static List<Message> mixedMessages(int count, int maxBytes) {
        Random random = new Random(6455);
        int[] edges = {0, 1, 125, 126, 127, 65_535, 65_536};
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int edge = i / 2 < edges.length ? edges[i / 2] : Integer.MAX_VALUE;
            int size = edge <= maxBytes ? edge : random.nextInt(maxBytes);
            byte[] bytes = new byte[size];
            if (i % 2 == 0) {
                random.nextBytes(bytes);
                messages.add(Message.binary(bytes));
            } else {
                messages.add(Message.text("0123456789 äöü€😀 ".repeat(size / 25) + "x".repeat(size % 25)));
            }
        }
        return messages;
    }
}
