package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Initiator;
import io.hawser.Message;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.internal.protocol.Opcode;
import io.hawser.testing.Frames;
import io.hawser.testing.Hex;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordedEngine;
import io.hawser.testing.RecordingHandler;
import io.hawser.testing.RecordingListener;
import io.hawser.testing.Vectors;
import io.hawser.testing.Vectors.Vector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors once more, through a server with the default limits, over TCP. */
class VectorsOverTheWireTest {

    private static final Handler HANDLER = new Handler();

    private static WebSocketServer server;

    /** Notes messages as the vectors write them. */
    private static final class Handler extends RecordingHandler {
        @Override
        public void onText(WebSocketSession session, Message message) {
            note("text(" + RecordingListener.describe(message.bytes()) + ")");
        }

        @Override
        public void onBinary(WebSocketSession session, Message message) {
            note("binary(" + RecordingListener.describe(message.bytes()) + ")");
        }

        @Override
        public void onPong(WebSocketSession session, Message payload) {
            note("pong(" + RecordingListener.describe(payload.bytes()) + ")");
        }

        @Override
        public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
            note("close " + status.code());
        }
    }

    static List<Vector> vectors() {
        return Vectors.startingWith("rfc6455");
    }

    @BeforeAll
    static void start() {
        server = WebSocketServer.builder()
                .port(0)
                .endpoint("/vectors", HANDLER)
                .build()
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void whole(Vector vector) throws Exception {
        check(vector, vector.in().length);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void inThreeWrites(Vector vector) throws Exception {
        check(vector, Math.max(1, (vector.in().length + 2) / 3));
    }

    private static void check(Vector vector, int bytesPerWrite) throws Exception {
        RecordedEngine core = new RecordedEngine().receive(vector.in());
        try (RawClient client = RawClient.upgraded(server.port(), "/vectors")) {
            assertThat(HANDLER.next()).isEqualTo("open");
            for (int from = 0; from < vector.in().length; from += bytesPerWrite) {
                client.send(Arrays.copyOfRange(vector.in(), from, Math.min(vector.in().length, from + bytesPerWrite)));
            }
            if (core.engine().isOpen()) {
                client.shutdownOutput();
            }

            assertThat(framesToTheEnd(client)).as(vector.toString()).isEqualTo(vector.out());
            client.close(); // the server waits for it, a second at most, before it tells the handler
            assertThat(callsToTheEnd()).as(vector.toString()).isEqualTo(expectedCalls(core));
        }
    }

    /** All frames that the server sends, without the reasons of Close frames. */
    private static String framesToTheEnd(RawClient client) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        while (client.peek() >= 0) {
            RawClient.Frame frame = client.readFrame();
            byte[] payload = frame.payload();
            if (frame.opcode() == Opcode.CLOSE) {
                payload = Arrays.copyOf(payload, Math.min(payload.length, 2));
            }
            byte[] head = {(byte) (Frames.FIN | frame.opcode()), (byte) payload.length};
            frames.add(Frames.join(head, payload));
        }
        return Hex.of(Frames.join(frames.toArray(byte[][]::new)));
    }

    private static List<String> callsToTheEnd() throws InterruptedException {
        List<String> calls = new ArrayList<>();
        do {
            calls.add(HANDLER.next());
        } while (!calls.get(calls.size() - 1).startsWith("close "));
        return calls;
    }

    /** What the handler hears of what the core tells: no pings, and one end. */
    private static List<String> expectedCalls(RecordedEngine core) {
        List<String> calls = new ArrayList<>();
        int end = 1006;
        for (String event : core.events()) {
            if (event.startsWith("close(") || event.startsWith("violation(")) {
                end = Integer.parseInt(event.replaceFirst("^\\w+\\((\\d+).*", "$1"));
            } else if (!event.startsWith("ping(")) {
                calls.add(event);
            }
        }
        calls.add("close " + end);
        return calls;
    }
}
