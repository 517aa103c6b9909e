package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Compression;
import io.hawser.SendResult;
import io.hawser.Transport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketServerBuilder;
import io.hawser.WebSocketSession;
import io.hawser.testing.Await;
import io.hawser.testing.EachTransport;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages larger than what is kept for a session, over sockets. */
class StreamedSendsTest {

    private static final int PIECE_BYTES = 100_000;
    private static final int PIECES = 300;

    private final RecordingHandler handler = new RecordingHandler();
    private final ExecutorService publishing = Executors.newSingleThreadExecutor();
    private WebSocketServer server;

    private WebSocketServerBuilder builder(Transport transport) {
        return WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .transport(transport)
                .endpoint("/", handler);
    }

    @AfterEach
    void stop() {
        server.close();
        publishing.shutdownNow();
    }

    private static byte[] piece(int number) {
        byte[] piece = new byte[PIECE_BYTES];
        for (int i = 0; i < PIECE_BYTES; i++) {
            piece[i] = (byte) (number * 31 + i);
        }
        return piece;
    }

    /** A SubmissionPublisher gives to those who are there: what is submitted before is lost. */
    private static void awaitSubscriber(SubmissionPublisher<?> pieces) {
        Await.until("subscribed", pieces::hasSubscribers);
    }

    private void roundTrip() throws Exception {
        try (RawClient client = RawClient.upgraded(server.port(), "/");
                SubmissionPublisher<byte[]> pieces = new SubmissionPublisher<>(publishing, 2)) {
            WebSocketSession session = handler.session();
            CompletionStage<SendResult> result = session.sendBinary(pieces);
            session.send("behind");
            awaitSubscriber(pieces);
            Thread giving = new Thread(() -> {
                for (int i = 0; i < PIECES; i++) {
                    pieces.submit(piece(i)); // waits where the session does not ask
                }
                pieces.close();
            });
            giving.start();
            client.sendFrame(0x89, new byte[1]);
            long received = 0;
            boolean ponged = false;
            RawClient.Frame frame;
            do {
                frame = client.readFrame();
                ponged |= frame.opcode() == 10;
                assertThat(session.pendingBytes()).isLessThan(3L * PIECE_BYTES + 1_000);
                for (int i = 0; frame.opcode() != 10 && i < frame.payload().length; i++, received++) {
                    byte expected = (byte) (received / PIECE_BYTES * 31 + received % PIECE_BYTES);
                    if (frame.payload()[i] != expected) {
                        throw new AssertionError("byte " + received);
                    }
                }
            } while (!frame.fin() || frame.opcode() == 10);
            assertThat(received).isEqualTo((long) PIECES * PIECE_BYTES);
            assertThat(ponged).isTrue();
            assertThat(client.readFrame().text()).isEqualTo("behind");
            assertThat(result.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(SendResult.WRITTEN);
            giving.join();
        }
    }

    @EachTransport
    void aMessageOfManyTimesTheCapPassesByPieces(Transport transport) throws Exception {
        server = builder(transport).build().start();
        roundTrip();
    }

    @Test
    void anExecutorDrivesThePublisherToo() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            server = builder(Transport.AUTO).handlerExecutor(executor).build().start();
            roundTrip();
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void whereCompressionWasNegotiatedPiecesGoAsTheyAre() throws Exception {
        server = builder(Transport.AUTO).compression(Compression.on()).build().start();
        try (RawClient client =
                        RawClient.upgraded(server.port(), "/", "Sec-WebSocket-Extensions: permessage-deflate\r\n");
                SubmissionPublisher<String> pieces = new SubmissionPublisher<>(publishing, 2)) {
            WebSocketSession session = handler.session();
            session.sendText(pieces);
            session.send("b".repeat(1_000));
            awaitSubscriber(pieces);
            pieces.submit("a".repeat(1_000));
            pieces.close();
            RawClient.Frame first = client.readFrame();
            assertThat(first.rsv()).isZero();
            assertThat(first.text()).isEqualTo("a".repeat(1_000));
            assertThat(client.readFrame().fin()).isTrue();
            RawClient.Frame second = client.readFrame();
            assertThat(second.rsv()).isEqualTo(4);
            assertThat(second.payload().length).isLessThan(100);
        }
    }

    @Test
    void aClientThatLeavesCancelsThePublisher() throws Exception {
        server = builder(Transport.AUTO).build().start();
        try (RawClient client = RawClient.upgraded(server.port(), "/");
                SubmissionPublisher<byte[]> pieces = new SubmissionPublisher<>(publishing, 2)) {
            WebSocketSession session = handler.session();
            CompletionStage<SendResult> result = session.sendBinary(pieces);
            awaitSubscriber(pieces);
            pieces.submit(piece(0));
            assertThat(client.readFrame().fin()).isFalse();
            client.reset();
            assertThat(result.toCompletableFuture().get(10, TimeUnit.SECONDS).outcome())
                    .isEqualTo(SendResult.Outcome.UNKNOWN);
            Await.until("cancelled", () -> !pieces.hasSubscribers());
        }
    }
}
