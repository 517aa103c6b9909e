package io.hawser.clients;

import io.hawser.CloseStatus;
import io.hawser.Compression;
import io.hawser.Endpoint;
import io.hawser.HandshakeDecision;
import io.hawser.HttpReply;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The server that every client suite talks to, plain and over TLS on two ports of loopback.
 *
 * <p>{@code /} echoes with all that compression has, {@code /echo-deflate} with its defaults, {@code /echo} without; {@code /protocols} speaks {@code chat.v2} and
 * {@code chat.v1} and echoes; {@code /refused/{status}} refuses; {@code /unwelcome} accepts, then closes with 4403; {@code /closing} closes with the {@code code reason} that it is
 * sent; {@code /observer/{tag}} tells how the session with {@code ?tag=} ended. A plain GET of {@code /} is an empty page, so that
 * scripts of a browser have an origin.
 *
 * <p>The limits are raised to what Autobahn asks for: messages of 16 MiB in up to 65,536 fragments, echoed whole.
 */
public final class SuiteServer implements AutoCloseable {

    private static final int MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

    private final SelfSignedCertificate certificate;
    private final CloseLog closeLog = new CloseLog();
    private final WebSocketServer plain;
    private final WebSocketServer encrypted;

    private SuiteServer(Transport transport, int port, Path certificateDirectory) throws Exception {
        certificate = SelfSignedCertificate.generate(certificateDirectory);
        plain = describe(transport, port).build().start();
        encrypted = describe(transport, 0).tls(certificate.serverTls()).build().start();
    }

    static SuiteServer start(Transport transport, Path certificateDirectory) throws Exception {
        return new SuiteServer(transport, 0, certificateDirectory);
    }

    private WebSocketServerBuilder describe(Transport transport, int port) {
        Limits limits = Limits.defaults()
                .withMaxMessageBytes(MAX_MESSAGE_BYTES)
                .withMaxFragments(128 * 1024)
                .withMessageTimeout(Duration.ofMinutes(2)) // Autobahn's 9.3 and 9.4 send 65,536 frames a message
                .withMaxPendingBytes(2 * MAX_MESSAGE_BYTES);
        Compression compression = Compression.on().withThresholdBytes(0).withClientContextTakeover();
        WebSocketHandler echo = closeLog.noting(WebSocketHandler.onMessage(WebSocketSession::send));
        return WebSocketServer.builder()
                .address(new InetSocketAddress("127.0.0.1", port))
                .transport(transport)
                .limits(limits)
                .http(request -> request.path().equals("/") ? HttpReply.ok("text/html", "") : HttpReply.notFound())
                .endpoint(Endpoint.of("/", echo).withCompression(compression))
                .endpoint(Endpoint.of("/echo-deflate", echo).withCompression(Compression.on()))
                .endpoint("/echo", echo)
                .endpoint(Endpoint.of("/protocols", echo).withSubprotocols("chat.v2", "chat.v1"))
                .endpoint(Endpoint.of("/refused/{status}", echo)
                        .withHandshakeHook(handshake -> CompletableFuture.completedFuture(
                                HandshakeDecision.reject(Integer.parseInt(handshake.pathParameter("status"))))))
                .endpoint(Endpoint.of("/unwelcome", closeLog.noting(new WebSocketHandler() {}))
                        .withHandshakeHook(handshake -> CompletableFuture.completedFuture(
                                HandshakeDecision.acceptThenClose(new CloseStatus(4403, "not for you")))))
                .endpoint("/closing", closeLog.noting(WebSocketHandler.onMessage(SuiteServer::closeAsAsked)))
                .endpoint("/observer/{tag}", closeLog.observer());
    }

    private static void closeAsAsked(WebSocketSession session, Message message) {
        String[] codeAndReason = message.text().split(" ", 2);
        session.close(new CloseStatus(Integer.parseInt(codeAndReason[0]), codeAndReason[1]));
    }

    String plainUrl() {
        return "ws://127.0.0.1:" + plain.port();
    }

    String encryptedUrl() {
        return "wss://127.0.0.1:" + encrypted.port();
    }

    SelfSignedCertificate certificate() {
        return certificate;
    }

    CloseLog closeLog() {
        return closeLog;
    }

    @Override
    public void close() throws InterruptedException, ExecutionException, TimeoutException {
        Duration deadline = Duration.ofSeconds(5);
        CompletableFuture<?> stopped = CompletableFuture.allOf(
                plain.stop(deadline).toCompletableFuture(),
                encrypted.stop(deadline).toCompletableFuture());
        stopped.get(20, TimeUnit.SECONDS);
    }

    /**
     * Serves until SIGTERM. Prints {@code ready}, both addresses and the certificate's file in one line.
     *
     * @param arguments a directory for the certificate and, if it shall not be any, the plain port; the environment variable TRANSPORT names the transport
     * @throws Exception if the server cannot start
     */
    public static void main(String[] arguments) throws Exception {
        String transport = System.getenv().getOrDefault("TRANSPORT", "auto");
        Path directory = Path.of(arguments[0]).toAbsolutePath();
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
        SuiteServer server = new SuiteServer(Transport.valueOf(transport.toUpperCase(Locale.ROOT)), port, directory);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                server.close();
            } catch (Exception e) {
                System.err.println("unclean stop: " + e);
            }
        }));
        System.out.println("ready " + server.plainUrl() + " " + server.encryptedUrl() + " "
                + directory.resolve("certificate.pem"));
    }
}
