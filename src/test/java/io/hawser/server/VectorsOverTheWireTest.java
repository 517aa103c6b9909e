package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.AttributeKey;
import io.hawser.CloseStatus;
import io.hawser.Compression;
import io.hawser.Endpoint;
import io.hawser.Initiator;
import io.hawser.Message;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.internal.protocol.ProtocolViolation;
import io.hawser.testing.EachTransport;
import io.hawser.testing.Hex;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordingListener;
import io.hawser.testing.Vectors;
import io.hawser.testing.Vectors.Vector;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Every vector through a real server with the default limits: the same calls, the same bytes, and the end of the connection where there is to be one. */
class VectorsOverTheWireTest {

    /** A ping is answered, and nobody is told. */
    private static final String PING = "ping\\((\"[^\"]*\"|[^)]*)\\) ?";

    private final BlockingQueue<RecordingListener> ended = new LinkedBlockingQueue<>();

    /** Passes on what it is told, once the session has ended. */
    private final class Recorder implements WebSocketHandler {

        private static final AttributeKey<RecordingListener> CALLS = AttributeKey.of("calls", RecordingListener.class);

        @Override
        public void onOpen(WebSocketSession session) {
            session.setAttribute(CALLS, new RecordingListener());
        }

        private RecordingListener calls(WebSocketSession session) {
            return session.attribute(CALLS).orElseThrow();
        }

        @Override
        public void onText(WebSocketSession session, Message message) {
            calls(session).onText(message);
        }

        @Override
        public void onBinary(WebSocketSession session, Message message) {
            calls(session).onBinary(message);
        }

        @Override
        public void onPong(WebSocketSession session, Message payload) {
            calls(session).onPong(payload.bytes());
        }

        @Override
        public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
            RecordingListener calls = calls(session);
            if (initiator == Initiator.PEER) {
                calls.onClose(status);
            } else if (initiator == Initiator.SERVER) {
                calls.onViolation(new ProtocolViolation(status.code(), status.reason()));
            } // else our FIN, behind a vector that ends nothing
            ended.add(calls);
        }
    }

    @EachTransport
    void everyVectorOfTheBaseProtocolGivesItsCallsAndItsBytes(Transport transport) throws Exception {
        runAll(transport, "rfc6455", "/plain", "");
    }

    @EachTransport
    void everyVectorOfCompressionGivesItsCallsAndItsBytes(Transport transport) throws Exception {
        runAll(transport, "rfc7692", "/deflate", "Sec-WebSocket-Extensions: permessage-deflate\r\n");
    }

    private void runAll(Transport transport, String prefix, String path, String headers) throws Exception {
        Recorder recorder = new Recorder();
        try (WebSocketServer server = WebSocketServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .transport(transport)
                .endpoint("/plain", recorder)
                .endpoint(Endpoint.of("/deflate", recorder)
                        .withCompression(Compression.on().withClientContextTakeover()))
                .build()
                .start()) {
            for (Vector vector : Vectors.startingWith(prefix)) {
                int length = vector.in().length;
                try (RawClient client = RawClient.upgraded(server.port(), path, headers)) {
                    check(vector, client, length);
                }
                try (RawClient client = RawClient.upgraded(server.port(), path, headers)) {
                    check(vector, client, Math.max(1, (length + 2) / 3));
                }
            }
        }
    }

    private void check(Vector vector, RawClient client, int bytesPerWrite) throws Exception {
        byte[] in = vector.in();
        for (int from = 0; from < in.length; from += bytesPerWrite) {
            client.send(Arrays.copyOfRange(in, from, Math.min(in.length, from + bytesPerWrite)));
        }
        boolean serverEnds = Stream.of("close(", "violation(")
                .anyMatch(call -> vector.calls().contains(call));
        if (!serverEnds) { // no FIN before the answer: io_uring drops what it has not written by then
            byte[] answer = client.readBytes(Hex.bytes(vector.out()).length);
            assertThat(Hex.of(answer)).as(vector.toString()).isEqualTo(vector.out());
            client.shutdownOutput();
        }
        assertThat(framesToEnd(client)).as(vector.toString()).isEqualTo(serverEnds ? vector.out() : "");
        client.close(); // the server waits for it, a second at most, before it tells the handler
        RecordingListener calls = ended.poll(10, TimeUnit.SECONDS);
        assertThat(calls).as("an end of " + vector).isNotNull();
        assertThat(String.join(" ", calls.events()))
                .as(vector.toString())
                .isEqualTo(vector.calls().replaceAll(PING, "").strip());
    }

    /** What the server sends up to its FIN, less the reason of a Close frame, which the vectors leave out. */
    private static String framesToEnd(RawClient client) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (client.peek() >= 0) {
            RawClient.Frame frame = client.readFrame();
            byte[] payload = frame.payload();
            if (frame.opcode() == 8 && payload.length > 2) {
                payload = Arrays.copyOf(payload, 2);
            }
            assertThat(payload.length).isLessThan(126);
            out.write((frame.fin() ? 0x80 : 0) | frame.rsv() << 4 | frame.opcode());
            out.write(payload.length);
            out.writeBytes(payload);
        }
        return Hex.of(out.toByteArray());
    }
}
