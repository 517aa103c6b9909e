package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Compression;
import io.hawser.Limits;
import io.hawser.MessagePart;
import io.hawser.StreamingHandler;
import io.hawser.Transport;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.testing.EachTransport;
import io.hawser.testing.RawClient;
import io.hawser.testing.ZlibClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Messages in parts, over sockets. */
class StreamingHandlerTest {

    private static final int BYTES = 20_000_000;

    /** Sums a message up, one part at a time, and never asks for two. */
    private static final class Summing implements StreamingHandler {
        private final CRC32 crc = new CRC32();
        private int largest;
        private int inside;
        final CompletableFuture<Long> sum = new CompletableFuture<>();

        @Override
        public void onOpen(WebSocketSession session) {
            session.pause();
            session.request(1);
        }

        @Override
        public void onPart(WebSocketSession session, MessagePart part) {
            inside++;
            if (inside != 1) {
                sum.completeExceptionally(new AssertionError("overlapping calls"));
            }
            crc.update(part.bytes());
            largest = Math.max(largest, part.bytes().length);
            if (part.isLast()) {
                sum.complete(crc.getValue());
            }
            session.request(1);
            inside--;
        }
    }

    private final Summing handler = new Summing();

    private static byte[] payload() {
        byte[] payload = new byte[BYTES];
        new Random(3).nextBytes(payload);
        return payload;
    }

    private static long crcOf(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private static Limits large() {
        return Limits.defaults().withMaxMessageBytes(BYTES);
    }

    private void assertSummed(byte[] payload) throws Exception {
        assertThat(handler.sum.get(30, TimeUnit.SECONDS)).isEqualTo(crcOf(payload));
        assertThat(handler.largest).isLessThanOrEqualTo(65_536);
    }

    @EachTransport
    void aMessageLargerThanTheQueueArrivesInParts(Transport transport) throws Exception {
        byte[] payload = payload();
        try (WebSocketServer server = WebSocketServer.builder()
                        .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .transport(transport)
                        .limits(large())
                        .endpoint("/", handler)
                        .build()
                        .start();
                RawClient client = RawClient.upgraded(server.port(), "/")) {
            client.sendFrame(0x82, payload);
            assertSummed(payload);
            assertThat(server.metrics().messagesIn()).isEqualTo(1);
            assertThat(server.metrics().bytesIn()).isEqualTo(BYTES);
        }
    }

    @EachTransport
    void aCompressedOneDoesTooOnAnExecutor(Transport transport) throws Exception {
        byte[] payload = payload();
        java.util.Arrays.fill(payload, 5_000_000, 15_000_000, (byte) 1); // some of it is worth compressing
        ZlibClient zlib = new ZlibClient();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try (WebSocketServer server = WebSocketServer.builder()
                        .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .transport(transport)
                        .limits(large())
                        .compression(Compression.on())
                        .handlerExecutor(pool)
                        .endpoint("/", handler)
                        .build()
                        .start();
                RawClient client =
                        RawClient.upgraded(server.port(), "/", "Sec-WebSocket-Extensions: permessage-deflate\r\n")) {
            client.sendFrame(0xC2, zlib.message(payload));
            assertSummed(payload);
        } finally {
            zlib.end();
            pool.shutdown();
        }
    }

    @Test
    void aMessageThatBreaksOffHasNoLastPart() throws Exception {
        try (WebSocketServer server = WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .limits(large())
                .endpoint("/", handler)
                .build()
                .start()) {
            try (RawClient client = RawClient.upgraded(server.port(), "/")) {
                client.sendFrame(0x02, new byte[1_000]);
                client.sendFrame(0x89, new byte[0]);
                assertThat(client.readFrame().opcode()).isEqualTo(10);
            }
            server.stop(java.time.Duration.ofSeconds(5)).toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(handler.largest).isEqualTo(1_000);
            assertThat(handler.sum).isNotDone();
        }
    }
}
