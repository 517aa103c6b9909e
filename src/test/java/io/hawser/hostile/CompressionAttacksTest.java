package io.hawser.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Compression;
import io.hawser.Endpoint;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketSession;
import io.hawser.internal.deflate.DeflateAgreement;
import io.hawser.internal.deflate.DeflatePool;
import io.hawser.internal.deflate.DeflateTransform;
import io.hawser.internal.deflate.ExtensionOffer;
import io.hawser.testing.Allocation;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.Frames;
import io.hawser.testing.Hex;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.Memory;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordedEngine;
import io.hawser.testing.ZlibClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows S20 to S29: what can be done to a server through permessage-deflate (RFC 7692). */
@DisplayNameGeneration(RowNames.class)
class CompressionAttacksTest {

    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
    private static final int RSV1 = 0x40;
    private static final int BINARY = Frames.FIN | RSV1 | Frames.BINARY;
    private static final int TEXT = Frames.FIN | RSV1 | Frames.TEXT;

    /** Of deflaters (263 KB each) and inflaters (41 KB): a few an event loop, and a few of the class loaders'. */
    private static final long MOST_POOLED = 20L * Runtime.getRuntime().availableProcessors() + 60;

    private static Target start(Transport transport) {
        return Target.start(builder ->
                builder.transport(transport).compression(Compression.on().withClientContextTakeover()));
    }

    private static byte[] deflated(byte[]... parts) {
        ZlibClient client = new ZlibClient();
        byte[] message = client.message(parts);
        client.end();
        return message;
    }

    /** 64 MiB of zeros in 64 KiB. */
    private static byte[] bomb() {
        byte[][] parts = new byte[64][];
        Arrays.fill(parts, new byte[1 << 20]);
        return deflated(parts);
    }

    /** As one message in so many fragments. */
    private static byte[] fragmented(byte[] payload, int count) {
        byte[][] frames = new byte[count][];
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) payload.length * i / count);
            int to = (int) ((long) payload.length * (i + 1) / count);
            int first = (i == 0 ? RSV1 | Frames.BINARY : 0) | (i == count - 1 ? Frames.FIN : 0);
            frames[i] = Frames.frame(first, Frames.KEY, Arrays.copyOfRange(payload, from, to));
        }
        return Frames.join(frames);
    }

    private static RecordedEngine engine(int maxMessageBytes, DeflatePool pool) {
        Compression compression = Compression.on();
        DeflateAgreement agreement =
                DeflateAgreement.negotiate(List.of(new ExtensionOffer("permessage-deflate", List.of())), compression);
        assertThat(agreement).isNotNull();
        return new RecordedEngine(maxMessageBytes, 2_000, new DeflateTransform(agreement, compression, pool));
    }

    @EachTransport
    void s20_aBombIsDefusedWholeOrInAThousandFragments(Transport transport) throws Exception {
        byte[] bomb = bomb();
        try (Target target = start(transport)) {
            for (int fragments : new int[] {1, 1_000}) {
                RawClient client = target.upgraded(DEFLATE);
                client.send(fragmented(bomb, fragments));
                target.expectFailure(client, 1009);
            }
            target.expectService();
        }
    }

    @Test
    void s20_aBombCostsNoMoreThanTheLargestMessage() {
        int max = Limits.defaults().maxMessageBytes();
        byte[] bomb = bomb();
        assertThat(bomb).hasSizeLessThan(70_000);
        try (DeflatePool pool = new DeflatePool()) {
            for (int fragments : new int[] {1, 1, 1_000}) { // twice: the first loads classes
                byte[] frames = fragmented(bomb, fragments);
                RecordedEngine engine = engine(max, pool);
                long allocated = Allocation.bytesOf(() -> engine.receive(frames));
                assertThat(engine.events()).containsExactly("violation(1009)");
                // Allocated in all, so held at most: the message's array grows to the limit by doubling.
                assertThat(allocated - frames.length).isLessThan(4L * max);
            }
        }
    }

    @EachTransport
    void s21_aCompressedBodyIsRefusedUnread(Transport transport) throws Exception {
        String body = new String(bomb(), StandardCharsets.ISO_8859_1);
        try (Target target = start(transport)) {
            for (String coding : new String[] {"br", "gzip", "deflate", "zstd", "gzip, br"}) {
                String headers = "Content-Encoding: " + coding + "\r\nContent-Length: " + body.length() + "\r\n";
                String request = RawClient.upgradeRequest(target.port(), "/", DEFLATE + headers);
                target.expectRefusal(request + body.substring(0, 4_000), 400);
                target.expectRefusal(request, 400);
            }
        }
    }

    /** What no client may offer, or what cannot be granted (RFC 7692 §7.1); the values are those that broke other servers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "; foo",
                "; foo=bar",
                "; constructor",
                "; __proto__=1",
                "; toString",
                "; server_max_window_bits",
                "; server_max_window_bits=7",
                "; server_max_window_bits=16",
                "; server_max_window_bits=08",
                "; server_max_window_bits=+9",
                "; server_max_window_bits=-9",
                "; server_max_window_bits=1e1",
                "; server_max_window_bits=10.0",
                "; server_max_window_bits=2147483658",
                "; server_max_window_bits=18446744073709551625",
                "; server_max_window_bits=9; server_max_window_bits=9",
                "; client_max_window_bits=x",
                "; client_max_window_bits=0",
                "; client_max_window_bits=015",
                "; client_max_window_bits=1000",
                "; client_max_window_bits; client_max_window_bits",
                "; client_no_context_takeover=1",
                "; client_no_context_takeover; client_no_context_takeover",
                "; server_no_context_takeover=true"
            })
    void s23_anOfferThatCannotBeTakenIsDeclinedAndTheNextOneRead(String parameters) throws Exception {
        String offer = "Sec-WebSocket-Extensions: permessage-deflate" + parameters;
        try (Target target = start(Transport.NIO)) {
            assertThat(extensionsAnswered(target, offer + "\r\n")).isEmpty();
            assertThat(extensionsAnswered(target, offer + ", permessage-deflate\r\n"))
                    .containsExactly("permessage-deflate");
        }
    }

    private static List<String> extensionsAnswered(Target target, String header) throws Exception {
        try (RawClient client = RawClient.connect(target.port())) {
            client.send(RawClient.upgradeRequest(target.port(), "/", header));
            HttpAnswer answer = HttpAnswer.read(client);
            assertThat(answer.status()).isEqualTo(101);
            Target.expectEcho(client, "plain");
            return answer.headers("Sec-WebSocket-Extensions");
        }
    }

    @Test
    void s24_whatFillsItsBufferExactlyLosesNoByte() {
        Random random = new Random(24);
        try (DeflatePool pool = new DeflatePool()) {
            for (int size = 1; size <= 1_100; size++) {
                assertInflates(random, pool, size);
            }
            for (int power = 2_048; power <= 65_536; power *= 2) {
                for (int size = power - 2; size <= power + 2; size++) {
                    assertInflates(random, pool, size);
                }
            }
        }
    }

    /** With just enough room for it, cut anywhere; and with a byte less, refused. */
    private static void assertInflates(Random random, DeflatePool pool, int size) {
        String letters = "abcdefgh".repeat(size / 8 + 1).substring(random.nextInt(8) % size);
        String text = letters.substring(0, Math.min(size, letters.length())) + "z".repeat(size);
        byte[] bytes = text.substring(0, size).getBytes(StandardCharsets.US_ASCII);
        byte[] message = deflated(bytes);
        byte[] frames = fragmented(message, 1 + random.nextInt(Math.min(message.length, 20)));
        assertThat(engine(size, pool).receive(frames).events())
                .as("%d bytes", size)
                .containsExactlyElementsOf(new RecordedEngine(size, 1, null)
                        .receive(Frames.binary(bytes))
                        .events());
        if (size > 1) {
            assertThat(engine(size - 1, pool).receive(frames).events())
                    .as("%d bytes", size)
                    .containsExactly("violation(1009)");
        }
    }

    @EachTransport
    void s24_inflatersThatAreInUseAtTheStopEndWithoutAnError(Transport transport) throws Exception {
        byte[] half = Frames.frame(RSV1 | Frames.BINARY, Frames.KEY, deflated(new byte[10_000]));
        try (CapturedLog log = CapturedLog.start();
                Target target = start(transport);
                Crowd crowd = Crowd.of(100, () -> target.upgraded(DEFLATE))) {
            crowd.each(client -> client.send(Frames.join(half, Frames.ping("there"))));
            crowd.each(client -> assertThat(client.readFrame().text()).isEqualTo("there"));
            target.server().stop(Duration.ofMillis(500)).toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR") || line.startsWith("WARN"));
        }
    }

    @Test
    void s25_connectionsThatDieInsideACompressedMessageLeaveNothing() throws Exception {
        int count = Scale.of(2_000, 100_000);
        byte[] message = deflated("compressed, and never ended".repeat(100).getBytes(StandardCharsets.US_ASCII));
        byte[] half = Frames.frame(RSV1 | Frames.TEXT, Frames.KEY, Arrays.copyOf(message, message.length / 2));
        long before = Memory.instancesOf(Inflater.class); // the JVM's own, and those of other tests
        try (Target target = start(Transport.AUTO)) {
            for (int i = 0; i < count; i++) {
                RawClient client = target.upgraded(DEFLATE);
                client.send(half);
                if (i % 2 == 0) {
                    client.reset();
                } else {
                    client.close();
                }
            }
            for (int i = 0; i < count; i++) {
                assertThat(target.handler().nextClose()).isEqualTo("close 1006 NETWORK");
            }
            assertThat(Memory.instancesOf(Inflater.class) - before).isLessThan(MOST_POOLED);
            target.expectService();
        }
    }

    @EachTransport
    void s26_aReservedBitIsRefusedWhereItMeansNothing(Transport transport) throws Exception {
        String[] always = {"a1 80 m", "91 80 m", "b1 80 m", "a2 80 m", "f1 80 m", "01 80 m c0 80 m", "41 80 m c0 80 m"};
        String[] control = {"c9 80 m", "49 80 m", "ca 80 m", "c8 80 m", "c8 82 m 03e8", "a9 80 m", "98 80 m"};
        try (Target target = start(transport)) {
            for (String extension : new String[] {"", DEFLATE}) {
                for (String frames : join(always, control)) {
                    expectProtocolError(target, extension, frames);
                }
            }
            expectProtocolError(target, "", "c1 80 m");
            expectProtocolError(target, "", "42 80 m");
        }
    }

    private static List<String> join(String[] some, String[] others) {
        return java.util.stream.Stream.of(some, others).flatMap(Arrays::stream).toList();
    }

    private static void expectProtocolError(Target target, String extension, String frames) throws Exception {
        RawClient client = target.upgraded(extension);
        client.send(Hex.bytes(frames));
        target.expectFailure(client, 1002);
    }

    @EachTransport
    void s27_afterAFinalBlockTheMessageGoesOnAndTheNextRefersBack(Transport transport) throws Exception {
        Deflater deflater = new Deflater(9, true);
        deflater.setDictionary("Hello, hostile world".getBytes(StandardCharsets.US_ASCII));
        try (Target target = start(transport);
                RawClient client = target.upgraded(DEFLATE)) {
            client.send(Hex.bytes("c1 88 m f348cdc9c9070000")); // RFC 7692 §7.2.3.4
            assertThat(client.readFrame().text()).isEqualTo("Hello");
            // Two final blocks in one message, the second behind the first.
            client.send(Hex.bytes("c1 8f m f348cdc9c90700 f348cdc9c9070000"));
            assertThat(client.readFrame().text()).isEqualTo("HelloHello");
            deflater.reset();
            deflater.setDictionary("HelloHelloHello".getBytes(StandardCharsets.US_ASCII));
            deflater.setInput("HelloHelloHello!".getBytes(StandardCharsets.US_ASCII));
            byte[] out = new byte[100];
            int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH) - 4;
            assertThat(length).as("a reference back").isLessThan(10);
            client.sendFrame(TEXT, Arrays.copyOf(out, length));
            assertThat(client.readFrame().text()).isEqualTo("HelloHelloHello!");
        } finally {
            deflater.end();
        }
    }

    @Test
    void s28_aSessionCostsWhatIsDocumented() throws Exception {
        int count = Scale.of(1_000, 9_000);
        long plain = heapBytesOf(count, Compression.on(), "");
        long ours = heapBytesOf(count, Compression.on(), DEFLATE);
        long both = heapBytesOf(count, Compression.on().withClientContextTakeover(), DEFLATE);
        assertThat((ours - plain) / count).as("the server's context takeover").isLessThan(6 * 1024);
        assertThat((both - plain) / count).as("the client's too").isLessThan(48 * 1024);
    }

    /** Of sessions that took and sent messages; the client's ends are part of all these figures alike. */
    private static long heapBytesOf(int count, Compression compression, String headers) throws Exception {
        byte[] text = "{\"price\": 1234.5, \"name\": \"hostile\"}".repeat(110).getBytes(StandardCharsets.US_ASCII);
        byte[] frame = headers.isEmpty()
                ? Frames.frame(Frames.FIN | Frames.TEXT, Frames.KEY, text)
                : Frames.frame(TEXT, Frames.KEY, deflated(text));
        long deflaters = Memory.instancesOf(Deflater.class); // the JVM's own, and those of other tests
        long inflaters = Memory.instancesOf(Inflater.class);
        try (Target target = Target.start(builder -> builder.compression(compression)
                .endpoint("/silent", WebSocketHandler.onMessage(CompressionAttacksTest::answer)))) {
            long before = Memory.heapUsed();
            try (Crowd crowd = Crowd.of(count, () -> RawClient.upgraded(target.port(), "/silent", headers))) {
                crowd.each(client -> client.send(frame));
                crowd.each(client -> {
                    assertThat(client.readFrame().rsv()).isEqualTo(headers.isEmpty() ? 0 : 4);
                });
                if (!headers.isEmpty()) {
                    assertThat(Memory.instancesOf(Deflater.class) - deflaters).isLessThan(MOST_POOLED);
                    assertThat(Memory.instancesOf(Inflater.class) - inflaters).isLessThan(MOST_POOLED);
                }
                return Memory.heapUsed() - before;
            }
        }
    }

    private static void answer(WebSocketSession session, Message message) {
        session.send(message);
    }

    @EachTransport
    void s29_compressionIsOffUnlessAskedForAndAMessageCanOptOut(Transport transport) throws Exception {
        String long300 = "a".repeat(300);
        WebSocketHandler secretive =
                WebSocketHandler.onMessage((session, message) -> session.send(message.uncompressed()));
        try (Target target = Target.start(builder -> builder.transport(transport)
                        .endpoint(Endpoint.of("/secret", secretive).withCompression(Compression.on()))
                        .endpoint(Endpoint.of("/open", WebSocketHandler.onMessage(CompressionAttacksTest::answer))
                                .withCompression(Compression.on())));
                RawClient byDefault = target.upgraded(DEFLATE);
                RawClient secret = RawClient.upgraded(target.port(), "/secret", DEFLATE);
                RawClient open = RawClient.upgraded(target.port(), "/open", DEFLATE)) {
            assertThat(rsvOfEcho(byDefault, long300)).isZero();
            assertThat(rsvOfEcho(secret, long300)).isZero();
            assertThat(rsvOfEcho(open, long300)).isEqualTo(4);
            assertThat(rsvOfEcho(open, "a".repeat(255)))
                    .as("below the threshold")
                    .isZero();
            byDefault.sendFrame(BINARY, deflated(new byte[10]));
            target.expectFailure(byDefault, 1002);
        }
    }

    private static int rsvOfEcho(RawClient client, String text) throws Exception {
        client.sendText(text);
        return client.readFrame().rsv();
    }
}
