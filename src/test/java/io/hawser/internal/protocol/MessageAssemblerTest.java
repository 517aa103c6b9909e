package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Message;
import io.hawser.testing.Allocation;
import io.hawser.testing.Frames;
import io.hawser.testing.Hex;
import io.hawser.testing.MarkingTransform;
import io.hawser.testing.RecordedEngine;
import io.hawser.testing.RecordingListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MessageAssemblerTest {

    private static final int MANY = 1_000_000;

    // ---- what a peer can make the server hold

    @Test
    void fragmentsCostMemoryInProportionToTheirNumber() {
        allocatedByFragments(1_000); // loads the classes
        long once = allocatedByFragments(50_000);
        long twice = allocatedByFragments(100_000);

        assertThat((double) twice / once).isLessThan(2.5);
        assertThat(twice).as("bytes for 100,000 fragments of one").isLessThan(1_000_000);
    }

    private static long allocatedByFragments(int fragments) {
        RecordedEngine peer = new RecordedEngine(MANY, MANY, null);
        ByteBuf wire = Unpooled.buffer(7 * fragments).writeBytes(Frames.frame(Frames.BINARY, 0, new byte[] {1}));
        byte[] fragment = Frames.frame(Frames.CONTINUATION, 0, new byte[] {1});
        for (int i = 1; i < fragments; i++) {
            wire.writeBytes(fragment);
        }
        long allocated = Allocation.bytesOf(() -> peer.engine().receive(wire));
        assertThat(peer.engine().isInsideMessage()).isTrue();
        return allocated;
    }

    @Test
    void emptyFragmentsCostNothing() {
        RecordedEngine peer = new RecordedEngine(MANY, MANY, null).receive("01 80 m");
        ByteBuf wire = Unpooled.wrappedBuffer(Hex.bytes("[00 80 m]*100000"));
        peer.engine().receive(wire.duplicate());

        assertThat(Allocation.bytesOf(() -> peer.engine().receive(wire))).isLessThan(1_000);
    }

    @Test
    void announcedLengthCostsNothingBeforeItArrives() {
        RecordedEngine peer = new RecordedEngine(Integer.MAX_VALUE, MANY, null);
        ByteBuf warm = Unpooled.wrappedBuffer(Frames.header(Frames.BINARY, 1 << 30, 0), new byte[10]);
        new RecordedEngine(Integer.MAX_VALUE, MANY, null).engine().receive(warm);
        ByteBuf header = Unpooled.wrappedBuffer(Frames.header(Frames.FIN | Frames.BINARY, 1 << 30, 0), new byte[10]);

        assertThat(Allocation.bytesOf(() -> peer.engine().receive(header))).isLessThan(2_000);
        assertThat(peer.engine().isInsideMessage()).isTrue();
    }

    @Test
    void messageInOneFrameThatIsThereIsCopiedOnce() {
        RecordedEngine peer = new RecordedEngine(MANY, MANY, null, new SilentListener());
        ByteBuf wire = Unpooled.wrappedBuffer(Frames.frame(Frames.FIN | Frames.BINARY, Frames.KEY, new byte[50_000]));
        peer.engine().receive(wire.duplicate());

        assertThat(Allocation.bytesOf(() -> peer.engine().receive(wire))).isLessThan(50_000 + 500);
    }

    /** Counts nothing and keeps nothing. */
    private static final class SilentListener extends RecordingListener {
        @Override
        public void onBinary(Message message) {}
    }

    @Test
    void messageThatWillNotEndIsNotKept() {
        List<Consumer<RecordedEngine>> ends = List.of(
                peer -> peer.engine().close(CloseStatus.NORMAL),
                peer -> peer.engine().fail(new ProtocolViolation(1008, "policy")),
                peer -> peer.receive("88 80 m"),
                peer -> peer.receive("83 80 m"));
        for (Consumer<RecordedEngine> end : ends) {
            MarkingTransform transform = new MarkingTransform(1);
            RecordedEngine peer = new RecordedEngine(100, 100, transform).receive("42 83 m 010203");
            assertThat(transform.decodedInto().array()).isNotEmpty();
            end.accept(peer);
            assertThat(transform.decodedInto().array()).isEmpty();
        }
    }

    // ---- limits

    @Test
    void tooBigNamesTheSizeAndTheLimit() {
        RecordedEngine peer = new RecordedEngine(100, 10, null).receive("02 bc m 00*60 80 a9 m");

        assertThat(peer.reason()).isEqualTo("message of 101 bytes or more, 100 is the limit (RFC 6455 §10.4)");
    }

    @Test
    void sizeThatOverflowsIsNamedAllTheSame() {
        RecordedEngine peer = new RecordedEngine().receive("01 81 m 61 80 ff 7fffffffffffffff m");

        assertThat(peer.reason())
                .isEqualTo("message of 9223372036854775808 bytes or more, 65536 is the limit (RFC 6455 §10.4)");
    }

    @Test
    void tooManyFragmentsNamesTheLimit() {
        RecordedEngine peer = new RecordedEngine(100, 2, null).receive("01 80 m 00 80 m 00 80 m");

        assertThat(peer.reason()).isEqualTo("message of more than 2 fragments (RFC 6455 §10.4)");
    }

    @Test
    void sizeAndFragmentsAreCountedAnewForEachMessage() {
        RecordedEngine peer = new RecordedEngine(4, 2, null);
        for (int i = 0; i < 3; i++) {
            peer.receive("01 82 m 6162 80 82 m 6364");
        }
        assertThat(peer.events()).containsExactly("text(\"abcd\")", "text(\"abcd\")", "text(\"abcd\")");
    }

    // ---- growing

    @Test
    void messageGathersFromFramesThatAreCutAnywhere() {
        byte[] payload = new byte[3_000];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (i * 31);
        }
        byte[] wire = Frames.join(
                Frames.frame(Frames.BINARY, 0x01020304, Arrays.copyOfRange(payload, 0, 700)),
                Frames.frame(Frames.CONTINUATION, 0x05060708, Arrays.copyOfRange(payload, 700, 701)),
                Frames.frame(Frames.FIN, 0x090A0B0C, Arrays.copyOfRange(payload, 701, 3_000)));
        for (int step = 1; step < wire.length; step += 13) {
            RecordedEngine peer = new RecordedEngine();
            for (int from = 0; from < wire.length; from += step) {
                peer.receive(Arrays.copyOfRange(wire, from, Math.min(wire.length, from + step)));
            }
            assertThat(peer.events()).as("reads of %s", step).containsExactly("binary(" + Hex.of(payload) + ")");
        }
    }

    @Test
    void messagesDoNotShareTheirBytes() {
        List<byte[]> kept = new ArrayList<>();
        RecordedEngine peer = new RecordedEngine(100, 100, null, new RecordingListener() {
            @Override
            public void onBinary(Message message) {
                kept.add(message.bytesWithoutCopy());
            }
        });
        peer.receive("82 81 m 01 02 81 m 02 80 81 m 03 02 81 m 04 80 81 m 05");

        assertThat(kept).containsExactly(new byte[] {1}, new byte[] {2, 3}, new byte[] {4, 5});
    }

    // ---- with an extension

    @Test
    void markedMessageIsDecodedAndCheckedAsItsLastByteComes() {
        MarkingTransform transform = new MarkingTransform(1);
        RecordedEngine peer = new RecordedEngine(100, 100, transform);

        peer.receive("c1 83 m 606362 c2 82 m 0001 81 83 m 616263 41 81 m 60 00 80 m 80 81 m 63");

        assertThat(peer.events()).containsExactly("text(\"abc\")", "binary(0100)", "text(\"abc\")", "text(\"ab\")");
        assertThat(transform.decodedMessages()).isEqualTo(3);
    }

    @Test
    void emptyMarkedMessageIsDecodedToo() {
        MarkingTransform transform = new MarkingTransform(1);
        RecordedEngine peer = new RecordedEngine(100, 100, transform).receive("c1 80 m");

        assertThat(peer.events()).containsExactly("text(\"\")");
        assertThat(transform.decodedMessages()).isEqualTo(1);
    }

    @Test
    void decodedTextIsUtf8AcrossFragmentsAndAtItsEnd() {
        assertThat(new RecordedEngine(100, 100, new MarkingTransform(1))
                        .receive("41 81 m c2 80 81 m a8")
                        .events())
                .containsExactly("text(c3a9)");
        assertThat(new RecordedEngine(100, 100, new MarkingTransform(1))
                        .receive("41 83 m c2 40 60")
                        .events())
                .as("at once")
                .containsExactly("violation(1007)");
        assertThat(new RecordedEngine(100, 100, new MarkingTransform(1))
                        .receive("c1 81 m c2")
                        .events())
                .as("cut character")
                .containsExactly("violation(1007)");
        assertThat(new RecordedEngine(100, 100, new MarkingTransform(1))
                        .receive("c1 82 m 60 81")
                        .events())
                .as("in what the end gives")
                .containsExactly("violation(1007)");
        assertThat(new RecordedEngine(100, 100, new MarkingTransform(1))
                        .receive("c2 82 m 60 81")
                        .events())
                .as("binary")
                .containsExactly("binary(6180)");
    }

    @Test
    void whatIsDecodedKeepsTheLimit() {
        RecordedEngine peer = new RecordedEngine(100, 100, new MarkingTransform(30));
        peer.receive("c2 83 m 000000");
        assertThat(peer.events()).containsExactly("binary(01*90)");

        peer.receive("c2 84 m 00000000 82 80 m");
        assertThat(peer.events()).containsExactly("binary(01*90)", "violation(1009)");
        assertThat(peer.reason()).contains("100 is the limit");
    }

    @Test
    void encodedBytesMayBeALittleMoreThanTheLimitAndNoMore() {
        // An encoding costs up to an eighth and 1,024 bytes; what it decodes to has the limit proper.
        byte[] within = Frames.header(Frames.FIN | 0x40 | Frames.BINARY, 8_000 + 1_000 + 1_024, 0);
        byte[] over = Frames.header(Frames.FIN | 0x40 | Frames.BINARY, 8_000 + 1_000 + 1_025, 0);

        assertThat(new RecordedEngine(8_000, 9, new MarkingTransform(1))
                        .receive(within)
                        .events())
                .isEmpty();
        assertThat(new RecordedEngine(8_000, 9, new MarkingTransform(1))
                        .receive(over)
                        .events())
                .containsExactly("violation(1009)");
    }

    @Test
    void longMarkedFrameIsDecodedInPiecesUnmaskedRight() {
        byte[] payload = new byte[20_001];
        Arrays.fill(payload, (byte) 'a');
        byte[] frame = Frames.frame(Frames.FIN | 0x40 | Frames.TEXT, Frames.KEY, payload);

        RecordedEngine peer = new RecordedEngine(65_536, 9, new MarkingTransform(1));
        peer.receive(Arrays.copyOf(frame, 9_999));
        peer.receive(Arrays.copyOfRange(frame, 9_999, frame.length));

        assertThat(peer.events()).containsExactly("text(60*20001)");
    }

    @Test
    void violationOfTheExtensionFailsTheConnection() {
        RecordedEngine peer = new RecordedEngine(100, 100, new MarkingTransform(1)).receive("c1 81 m ff 81 80 m");

        assertThat(peer.log()).containsExactly("violation", "writeClose", "closeTransport");
        assertThat(peer.out()).isEqualTo("880203ef");
    }
}
