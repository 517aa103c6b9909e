package io.hawser.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.BroadcastResult;
import io.hawser.Compression;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.OverflowPolicy;
import io.hawser.Rate;
import io.hawser.SessionState;
import io.hawser.Transport;
import io.hawser.WebSocketSession;
import io.hawser.testing.EachTransport;
import io.hawser.testing.Frames;
import io.hawser.testing.Memory;
import io.hawser.testing.RawClient;
import io.hawser.testing.ZlibClient;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows S13, S22, S72, S77, S78: peers that send more than anybody needs, and peers that take nothing. */
@DisplayNameGeneration(RowNames.class)
class FloodsTest {

    private static final int PING = Frames.FIN | Frames.PING;
    private static final Duration SOON = Duration.ofMillis(500);

    @EachTransport
    void s13_whoPingsWithoutEndIsClosedAndNobodyElseNotices(Transport transport) throws Exception {
        try (Target target = Target.start(transport);
                RawClient bystander = target.upgraded()) {
            target.handler().session();
            RawClient client = target.upgraded();
            byte[] ping = Frames.ping("");
            ByteBuffer flood = ByteBuffer.allocate(100_000 * ping.length);
            while (flood.hasRemaining()) {
                flood.put(ping);
            }
            client.trySend(flood.array());
            Target.expectEcho(bystander, "untouched");
            RawClient.Frame frame = client.readFrame();
            int pongs = 0;
            for (; frame.opcode() == Frames.PONG; frame = client.readFrame()) {
                pongs++;
            }
            assertThat(pongs).isLessThan(200); // bursts of 100, and 20 for each second that it took
            assertThat(frame.closeCode()).isEqualTo(1008);
            client.close();
            assertThat(target.handler().nextClose()).isEqualTo("close 1008 SERVER");
            assertThat(target.timesMet("controlRate")).isEqualTo(1);
        }
    }

    @EachTransport
    void s13_ofThePingsThatWaitTheNewestIsAnswered(Transport transport) throws Exception {
        int count = 100_000;
        Limits limits = Limits.defaults().withControlRate(Rate.unlimited());
        try (Target target =
                        Target.start(builder -> builder.transport(transport).limits(limits));
                RawClient client = target.deaf()) {
            long heap = Memory.heapUsed();
            byte[] payload = new byte[125];
            for (int i = 0; i < count; i++) {
                ByteBuffer.wrap(payload).putInt(i);
                client.send(Frames.frame(PING, Frames.KEY, payload));
            }
            assertThat(target.server().metrics().pendingBytes()).isZero();
            assertThat(Memory.heapUsed() - heap).isLessThan(1 << 20);
            int pongs = 0;
            int newest = -1;
            while (newest < count - 1) {
                int next = ByteBuffer.wrap(client.readFrame().payload()).getInt();
                assertThat(next).isGreaterThan(newest);
                newest = next;
                pongs++;
            }
            assertThat(pongs).isLessThan(count);
        }
    }

    @EachTransport
    void s22_whoMakesUsInflateTooMuchIsClosed(Transport transport) throws Exception {
        int mebibyte = 1 << 20;
        ZlibClient zlib = new ZlibClient();
        byte[] small = Frames.frame(Frames.FIN | 0x40 | Frames.BINARY, Frames.KEY, zlib.message(new byte[mebibyte]));
        zlib.end();
        assertThat(small).hasSizeLessThan(1_100);
        Target.Echo silent = new Target.Echo() {
            @Override
            public void onBinary(WebSocketSession session, Message message) {}
        };
        Limits limits = Limits.defaults()
                .withMaxMessageBytes(2 * mebibyte)
                .withMessageTimeout(Duration.ofSeconds(1))
                .withByteRate(Rate.of(4 * mebibyte, 8 * mebibyte));
        try (Target target = Target.start(
                silent, builder -> builder.transport(transport).limits(limits).compression(Compression.on()))) {
            RawClient client = target.upgraded("Sec-WebSocket-Extensions: permessage-deflate\r\n");
            long begin = System.nanoTime();
            for (int i = 0; i < 1_000; i++) {
                client.trySend(small);
            }
            target.expectFailure(client, 1008);
            double seconds = (System.nanoTime() - begin) / 1e9;
            assertThat(target.timesMet("byteRate")).isEqualTo(1);
            assertThat(target.server().metrics().bytesIn()).isLessThan((long) ((9 + 4 * seconds) * mebibyte));
        }
    }

    /** Sends until the kernel takes no more, and the session neither. */
    private static void fill(Target target, WebSocketSession session) {
        long pending;
        do {
            while (session.trySend(Message.binaryWithoutCopy(new byte[60_000]))) {}
            pending = session.pendingBytes();
            target.awaitRest();
        } while (session.pendingBytes() < pending);
    }

    private static Limits impatient() {
        return Limits.defaults().withCloseTimeout(SOON);
    }

    @EachTransport
    void s72_anIdleTimeoutDoesNotWaitForAQueueThatNeverDrains(Transport transport) throws Exception {
        Limits limits = impatient().withIdleTimeout(SOON);
        try (Target target =
                        Target.start(builder -> builder.transport(transport).limits(limits));
                RawClient client = target.deaf()) {
            fill(target, target.handler().session());
            long begin = System.nanoTime();
            assertThat(target.handler().nextClose()).isEqualTo("close 1001 SERVER");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
            assertThat(target.timesMet("idleTimeout")).isEqualTo(1);
            assertThat(target.timesMet("closeTimeout")).isEqualTo(1);
            client.readToReset();
        }
    }

    @EachTransport
    void s72_aPeerThatTakesNothingIsCut(Transport transport) throws Exception {
        Limits limits = Limits.defaults().withWriteStallTimeout(SOON);
        try (Target target =
                        Target.start(builder -> builder.transport(transport).limits(limits));
                RawClient client = target.deaf()) {
            fill(target, target.handler().session());
            assertThat(target.handler().nextClose()).isEqualTo("close 1006 NETWORK");
            assertThat(target.timesMet("writeStallTimeout")).isEqualTo(1);
            assertThat(target.server().metrics().pendingBytes()).isZero();
            client.readToReset();
        }
    }

    @EachTransport
    void s72_aForcedEndDoesNotLookAtTheQueue(Transport transport) throws Exception {
        try (Target target = Target.start(transport);
                RawClient client = target.deaf()) {
            WebSocketSession session = target.handler().session();
            fill(target, session);
            session.terminate();
            assertThat(target.handler().nextClose()).isEqualTo("close 1006 SERVER");
            client.readToReset();
        }
    }

    private static final int MESSAGES = 400;
    private static final int MESSAGE_BYTES = 32 * 1024;

    private static OverflowPolicy policy(OverflowPolicy.Kind kind) {
        return switch (kind) {
            case CLOSE -> OverflowPolicy.CLOSE;
            case DROP_NEWEST -> OverflowPolicy.DROP_NEWEST;
            case DROP_OLDEST -> OverflowPolicy.DROP_OLDEST;
            case CONFLATE -> OverflowPolicy.conflate(message -> Optional.of("the same"));
        };
    }

    @ParameterizedTest
    @EnumSource
    void s77_whoDoesNotReadCostsItsCapAndEverybodyElseGetsEverything(OverflowPolicy.Kind kind) throws Exception {
        Target.Echo joining = new Target.Echo() {
            @Override
            public void onOpen(WebSocketSession session) {
                session.join("room");
                super.onOpen(session);
            }
        };
        try (Target target = Target.start(joining, builder -> builder.overflowPolicy(policy(kind)));
                RawClient deaf = target.deaf();
                Crowd crowd = Crowd.of(8, target::upgraded)) {
            WebSocketSession stuck = target.handler().session();
            long heap = Memory.heapUsed();
            BroadcastResult sum = BroadcastResult.NONE;
            for (int i = 0; i < MESSAGES; i++) {
                sum = sum.plus(broadcast(target, i));
                int number = i;
                crowd.each(client -> assertThat(numberOf(client.readFrame())).isEqualTo(number));
                assertThat(stuck.pendingBytes()).isLessThanOrEqualTo(1 << 20);
            }
            assertThat(Memory.heapUsed() - heap).isLessThan(4 << 20);
            assertThat(sum.queued()).isGreaterThan(8 * MESSAGES);
            assertThat(sum.dropped() + sum.closed() + target.server().metrics().droppedMessages())
                    .isPositive();
            if (kind == OverflowPolicy.Kind.CLOSE) {
                expectEndOf(target, stuck, deaf);
            } else {
                expectGaps(kind, stuck, deaf);
            }
        }
    }

    private static BroadcastResult broadcast(Target target, int number) throws Exception {
        ByteBuffer payload = ByteBuffer.allocate(MESSAGE_BYTES).putInt(0, number);
        return target.server()
                .room("room")
                .broadcast(Message.binaryWithoutCopy(payload.array()))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static int numberOf(RawClient.Frame frame) {
        assertThat(frame.opcode()).isEqualTo(Frames.BINARY);
        assertThat(frame.payload()).hasSize(MESSAGE_BYTES);
        return ByteBuffer.wrap(frame.payload()).getInt();
    }

    /** It reads at last: what the kernel had, whole, and why it ended. */
    private static void expectEndOf(Target target, WebSocketSession stuck, RawClient deaf) throws Exception {
        assertThat(target.timesMet("maxPendingBytes")).isPositive();
        try {
            RawClient.Frame frame = deaf.readFrame();
            for (int i = 0; frame.opcode() == Frames.BINARY; i++) {
                assertThat(numberOf(frame)).isEqualTo(i);
                frame = deaf.readFrame();
            }
            assertThat(frame.closeCode()).isEqualTo(1008);
        } catch (SocketException reset) { // it did not even take that in time
            assertThat(reset).hasMessageContaining("reset");
        }
        deaf.close();
        assertThat(target.handler().nextClose()).isEqualTo("close 1008 SERVER");
        assertThat(stuck.rooms()).isEmpty();
    }

    /** It reads at last: in order, and not all of it. */
    private static void expectGaps(OverflowPolicy.Kind kind, WebSocketSession stuck, RawClient deaf) throws Exception {
        List<Integer> got = new ArrayList<>();
        deaf.socket().setSoTimeout(1_000);
        try {
            for (RawClient.Frame frame = deaf.readFrame(); frame.opcode() == Frames.BINARY; frame = deaf.readFrame()) {
                got.add(numberOf(frame));
            }
        } catch (SocketTimeoutException all) {
            // nothing more comes
        }
        assertThat(got).isSorted().doesNotHaveDuplicates().hasSizeLessThan(MESSAGES);
        assertThat(got.get(got.size() - 1) == MESSAGES - 1).isEqualTo(kind != OverflowPolicy.Kind.DROP_NEWEST);
        assertThat(stuck.state()).isEqualTo(SessionState.OPEN);
    }

    /** Sends as much as it may, from whichever callback says so. */
    private static final class Pump extends Target.Echo {

        private static final int COUNT = 5_000;

        private int next;
        private boolean inside;
        private boolean nested;

        @Override
        public void onText(WebSocketSession session, Message message) {
            pump(session);
        }

        @Override
        public void onWritable(WebSocketSession session) {
            pump(session);
        }

        private void pump(WebSocketSession session) {
            nested |= inside;
            inside = true;
            while (next < COUNT && session.isWritable()) {
                session.send(Message.binaryWithoutCopy(
                        ByteBuffer.allocate(500).putInt(0, next++).array()));
            }
            inside = false;
        }
    }

    @EachTransport
    void s78_sendingFromWithinOnWritableNeitherNestsNorStops(Transport transport) throws Exception {
        Pump pump = new Pump();
        Limits limits = Limits.defaults().withWaterMarks(2_000, 1_000);
        try (Target target = Target.start(
                        pump,
                        builder -> builder.transport(transport).ioThreads(1).limits(limits));
                RawClient client = target.deaf()) {
            client.sendText("go");
            for (int i = 0; i < Pump.COUNT; i++) {
                assertThat(ByteBuffer.wrap(client.readFrame().payload()).getInt())
                        .isEqualTo(i);
            }
            target.awaitRest();
            assertThat(pump.nested).isFalse();
        }
    }
}
