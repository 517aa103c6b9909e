package io.hawser.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpLimits;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.Transport;
import io.hawser.WebSocketSession;
import io.hawser.testing.Allocation;
import io.hawser.testing.BadRequests;
import io.hawser.testing.BadRequests.BadRequest;
import io.hawser.testing.EachTransport;
import io.hawser.testing.Frames;
import io.hawser.testing.Growth;
import io.hawser.testing.Hex;
import io.hawser.testing.Memory;
import io.hawser.testing.RawClient;
import io.hawser.testing.RecordedEngine;
import io.hawser.testing.RecordingListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Test;

/** Rows S01 to S13: lengths, masking, fragments, and peers that take their time or none. */
@DisplayNameGeneration(RowNames.class)
class FrameAttacksTest {

    private static final int MANY_FRAGMENTS = 200_000;
    private static final Duration DEADLINE = Duration.ofMillis(300);

    @EachTransport
    void s01_aLengthWithItsFirstBitSetIsRefusedAtItsHeader(Transport transport) throws Exception {
        try (Target target = Target.start(transport)) {
            for (int i = 0; i < 20; i++) {
                RawClient client = target.upgraded();
                client.sendHex("82ff ffffffffffffffff 00000000");
                target.expectFailure(client, 1002);
            }
            target.awaitRest();
            target.expectService();
        }
    }

    @Test
    void s01_aRefusedLengthAllocatesNothingOfItsSize() {
        byte[] header = Hex.bytes("82 ff ffffffffffffffff m");
        RecordedEngine engine = new RecordedEngine();
        new RecordedEngine().receive(header); // loads classes
        assertThat(Allocation.bytesOf(() -> engine.receive(header))).isLessThan(8 * 1024);
        assertThat(engine.events()).containsExactly("violation(1002)");
    }

    @EachTransport
    void s02_lengthsWhoseSumOverflowsAreTooBig(Transport transport) throws Exception {
        try (Target target = Target.start(transport);
                RawClient client = target.upgraded()) {
            client.send(Hex.bytes("01 81 m 61 80 ff 7fffffffffffffff m"));
            target.expectFailure(client, 1009);
        }
    }

    @Test
    void s03_anAnnouncedLengthCostsNothingUntilItsBytesCome() throws Exception {
        int count = 5_000;
        try (Target target = Target.start(builder -> builder);
                Crowd crowd = Crowd.of(count, target::upgraded)) {
            long idle = Memory.heapUsed();
            long idleDirect = Memory.directUsed();
            crowd.each(client -> client.send(Hex.bytes("01 81 m 61 80 fe ffff m")));
            target.awaitRest();
            assertThat(Memory.heapUsed() - idle).isLessThan(count * 1024L);
            assertThat(Memory.directUsed() - idleDirect).isLessThan(16 << 20);
            assertThat(target.server().metrics().openSessions())
                    .as("%s", target.server().metrics())
                    .isEqualTo(count);
        }
    }

    @Test
    void s03_anAnnouncedLengthOverTheLimitIsRefusedAtOnceAndFreesItsSession() throws Exception {
        int count = 5_000;
        try (Target target = Target.start(builder -> builder);
                Crowd crowd = Crowd.of(count, target::upgraded)) {
            long idle = Memory.heapUsed();
            crowd.each(client -> client.send(Hex.bytes("82 ff 000000007fffffff m")));
            crowd.each(client -> {
                assertThat(client.readFrame().closeCode()).isEqualTo(1009);
                assertThat(client.peek()).isNegative();
            });
            assertThat(Memory.heapUsed() - idle).isLessThan(count * 1024L);
            crowd.close();
            for (int i = 0; i < count; i++) {
                assertThat(target.handler().nextClose()).isEqualTo("close 1009 SERVER");
            }
        }
    }

    @EachTransport
    void s04_aServerWithoutOptionsRefusesMoreThanItsDefault(Transport transport) throws Exception {
        int max = Limits.defaults().maxMessageBytes();
        try (Target target = Target.start(transport);
                RawClient client = target.upgraded()) {
            client.sendFrame(0x82, new byte[max]);
            assertThat(client.readFrame().payload()).hasSize(max);
            client.send(Frames.header(0x82, max + 1L, 0));
            RawClient.Frame close = client.readFrame();
            assertThat(close.closeCode()).isEqualTo(1009);
            assertThat(close.closeReason()).contains(String.valueOf(max)).contains(String.valueOf(max + 1));
        }
    }

    @EachTransport
    void s05_manyTinyFragmentsAreCountedTheEmptyOnesToo(Transport transport) throws Exception {
        try (Target target = Target.start(transport)) {
            for (String fragment : new String[] {"00 81 m 61", "00 80 m"}) {
                RawClient client = target.upgraded();
                client.send(Hex.bytes("01 80 m"));
                client.trySend(repeat(fragment, MANY_FRAGMENTS));
                target.expectFailure(client, 1008);
            }
        }
    }

    @EachTransport
    void s05_everyByteOfATinyFragmentAsASegmentOfItsOwn(Transport transport) throws Exception {
        int max = Limits.defaults().maxFragments();
        try (Target target = Target.start(transport);
                RawClient client = target.upgraded()) {
            client.send(Hex.bytes("01 81 m 61"));
            for (byte b : repeat("00 81 m 61", max - 1)) {
                client.send(new byte[] {b});
            }
            client.send(Hex.bytes("89 81 m 62"));
            assertThat(client.readFrame().text()).as("as many as allowed").isEqualTo("b");
            client.send(Hex.bytes("00 80 m"));
            target.expectFailure(client, 1008);
        }
    }

    @Test
    void s05_whatFragmentsLeaveInMemoryIsTheirBytes() {
        for (String fragment : new String[] {"00 81 m 61", "00 80 m"}) {
            ByteBuf frames = Unpooled.wrappedBuffer(repeat(fragment, MANY_FRAGMENTS));
            RecordedEngine engine = new RecordedEngine(1 << 20, Integer.MAX_VALUE, null).receive("01 80 m");
            long allocated = Allocation.bytesOf(() -> engine.engine().receive(frames));
            assertThat(allocated).as(fragment).isLessThan(4 * MANY_FRAGMENTS);
            assertThat(engine.events()).isEmpty();
        }
    }

    private static byte[] repeat(String hex, int times) {
        byte[] once = Hex.bytes(hex);
        byte[] all = new byte[once.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(once, 0, all, i * once.length, once.length);
        }
        return all;
    }

    @EachTransport
    void s06_aMessageWithoutEndMeetsItsLimitThoughNoFrameOfItIsLarge(Transport transport) throws Exception {
        byte[] frame = Frames.frame(0x02, 0, new byte[1024]);
        byte[] more = Frames.frame(0x00, 0, new byte[1024]);
        try (Target target = Target.start(transport);
                RawClient client = target.upgraded()) {
            client.send(frame);
            for (int i = 1; i < 2_000; i++) {
                client.trySend(more);
            }
            target.expectFailure(client, 1009);
        }
    }

    @Test
    void s07_twiceTheFragmentsCostTwiceTheTime() {
        Growth.assertLinear(50_000, n -> {
            ByteBuf frames = Unpooled.wrappedBuffer(repeat("00 81 m 61", n));
            RecordedEngine engine = new RecordedEngine(1 << 20, Integer.MAX_VALUE, null).receive("02 80 m");
            return () -> engine.engine().receive(frames);
        });
    }

    @Test
    void s05_twiceTheEmptyFragmentsCostTwiceTheTime() {
        Growth.assertLinear(50_000, n -> {
            ByteBuf frames = Unpooled.wrappedBuffer(repeat("00 80 m", n));
            RecordedEngine engine = new RecordedEngine(1 << 20, Integer.MAX_VALUE, null).receive("01 80 m");
            return () -> engine.engine().receive(frames);
        });
    }

    @EachTransport
    void s08_anUnmaskedFrameIsRefusedInAllLengthFormsOfAllOpcodes(Transport transport) throws Exception {
        String[] lengths = {"00", "05 48656c6c6f", "7d 61*125", "7e 0080 61*128", "7f 0000000000010000 61*65536"};
        try (Target target = Target.start(transport)) {
            for (String first : new String[] {"80", "81", "82", "88", "89", "8a", "01", "02"}) {
                for (String length : lengths) {
                    expectProtocolError(target, first + " " + length);
                }
            }
            expectProtocolError(target, "88 02 03e8");
            expectProtocolError(target, "01 81 m 61 80 01 62");
            target.expectService();
        }
    }

    private static void expectProtocolError(Target target, String frames) throws Exception {
        RawClient client = target.upgraded();
        client.send(Hex.bytes(frames));
        target.expectFailure(client, 1002);
    }

    @EachTransport
    void s09_draftVersionsAreToldWhichOneIsSpoken(Transport transport) throws Exception {
        try (Target target = Target.start(transport)) {
            String right = RawClient.upgradeRequest(target.port(), "/", "");
            for (BadRequest request : BadRequests.versions()) {
                String bytes = request.bytes().replace("/echo", "/");
                assertThat(target.expectRefusal(bytes, 426).header("Sec-WebSocket-Version"))
                        .as(request.name())
                        .contains("13");
            }
            target.expectRefusal(right.replace("Sec-WebSocket-Version: 13\r\n", ""), 426);
            String hixie = "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\n\r\n";
            target.expectRefusal(
                    "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n" + hixie
                            + "^n:ds[4U",
                    400);
        }
    }

    private static Target impatient(Transport transport) {
        return Target.start(builder -> builder.transport(transport)
                .httpLimits(HttpLimits.defaults().withHandshakeTimeout(DEADLINE))
                .limits(Limits.defaults().withMessageTimeout(DEADLINE)));
    }

    /** Sends the bytes one by one, until an answer begins; then that is still to be read. */
    private static void drip(RawClient client, byte[] bytes) throws Exception {
        client.socket().setSoTimeout(20);
        for (byte b : bytes) {
            client.trySend(new byte[] {b});
            try {
                client.peek();
                client.socket().setSoTimeout(10_000);
                return;
            } catch (SocketTimeoutException notYet) {
                // the next byte
            }
        }
        throw new AssertionError("all was taken, whatever time it took");
    }

    @EachTransport
    void s10_aHandshakeInDripsMeetsItsDeadline(Transport transport) throws Exception {
        try (Target target = impatient(transport);
                RawClient client = RawClient.connect(target.port())) {
            long begin = System.nanoTime();
            drip(client, RawClient.upgradeRequest(target.port(), "/", "").getBytes());
            target.expectRefusal(client, false, 408);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(DEADLINE.dividedBy(2), DEADLINE.multipliedBy(40));
        }
    }

    @EachTransport
    void s10_aFrameInDripsMeetsItsDeadline(Transport transport) throws Exception {
        try (Target target = impatient(transport);
                RawClient client = target.upgraded()) {
            long begin = System.nanoTime();
            drip(client, Frames.frame(0x82, 0, new byte[1024]));
            target.expectFailure(client, 1008);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(DEADLINE.dividedBy(2), DEADLINE.multipliedBy(40));
        }
    }

    @EachTransport
    void s10_aMessageThatNeverEndsMeetsItsDeadlineWhateverComesBetween(Transport transport) throws Exception {
        try (Target target = impatient(transport);
                RawClient client = target.upgraded()) {
            client.send(Hex.bytes("01 81 m 61"));
            drip(client, repeat("00 81 m 61 8a 80 m", 100));
            target.expectFailure(client, 1008);
        }
    }

    /** Counts its messages, and the threads that bring them. */
    private static final class Counter extends Target.Echo {

        private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
        private final CountDownLatch missing;
        private int next;
        private volatile boolean disordered;

        Counter(int messages) {
            missing = new CountDownLatch(messages);
        }

        @Override
        public void onText(WebSocketSession session, Message message) {
            disordered |= Integer.parseInt(message.text()) != next++;
            threads.add(Thread.currentThread());
            missing.countDown();
        }
    }

    @EachTransport
    void s11_aBurstOfMessagesStartsNoThread(Transport transport) throws Exception {
        int messages = 100_000;
        ExecutorService executor = Executors.newFixedThreadPool(2);
        Counter counter = new Counter(messages);
        try (Target target = Target.start(
                        counter,
                        builder -> builder.transport(transport).ioThreads(1).handlerExecutor(executor));
                RawClient client = target.upgraded()) {
            ByteBuf burst = Unpooled.buffer();
            for (int i = 0; i < messages; i++) {
                burst.writeBytes(RawClient.frame(0x81, String.valueOf(i).getBytes()));
            }
            client.send(Arrays.copyOf(burst.array(), burst.readableBytes()));
            assertThat(counter.missing.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(counter.disordered).isFalse();
            assertThat(counter.threads).hasSizeLessThanOrEqualTo(2);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith(Target.LOOPS))
                    .hasSizeLessThanOrEqualTo(1);
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void s12_unmaskingIsTheNaiveXorAtAnyLengthOffsetAndCut() {
        Random random = new Random(12);
        for (int length = 0; length <= 300; length++) {
            byte[] payload = new byte[length];
            random.nextBytes(payload);
            byte[] frame = Frames.frame(0x82, random.nextInt(), payload);
            for (int offset = 0; offset < 8; offset++) {
                int[] cuts = random.ints(3, 0, frame.length + 1).sorted().toArray();
                assertThat(receivedInSlices(frame, offset, cuts))
                        .as("%d bytes at offset %d cut at %s", length, offset, Arrays.toString(cuts))
                        .isEqualTo(payload);
            }
        }
    }

    private static byte[] receivedInSlices(byte[] frame, int offset, int[] cuts) {
        byte[][] received = new byte[1][];
        RecordedEngine engine = new RecordedEngine(1024, 1, null, new RecordingListener() {
            @Override
            public void onBinary(Message message) {
                received[0] = message.bytes();
            }
        });
        ByteBuf in = Unpooled.directBuffer().writeZero(offset).writeBytes(frame);
        try {
            int from = 0;
            for (int i = 0; i <= cuts.length; i++) {
                int to = i == cuts.length ? frame.length : cuts[i];
                engine.engine().receive(in.slice(offset + from, to - from));
                from = to;
            }
        } finally {
            in.release();
        }
        return received[0];
    }
}
