package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hawser.CloseStatus;
import io.hawser.MessagePart;
import io.hawser.internal.protocol.MessageRules.Delivery;
import io.hawser.testing.Allocation;
import io.hawser.testing.Frames;
import io.hawser.testing.Hex;
import io.hawser.testing.MarkingTransform;
import io.hawser.testing.RecordedEngine;
import io.hawser.testing.RecordingListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages in parts, as they come. */
class MessagePartsTest {

    private static final int MAX_BYTES = 1_000_000;

    private static RecordedEngine inParts(@Nullable PayloadTransform transform, RecordingListener listener) {
        return new RecordedEngine(MAX_BYTES, 100, Delivery.IN_PARTS, transform, listener);
    }

    private static RecordedEngine inParts() {
        return inParts(null, new RecordingListener());
    }

    /** Does something at each part. */
    private static final class Reacting extends RecordingListener {
        final Consumer<ProtocolEngine> reaction;

        @Nullable
        ProtocolEngine engine;

        Reacting(Consumer<ProtocolEngine> reaction) {
            this.reaction = reaction;
        }

        @Override
        public void onPart(MessagePart part) {
            super.onPart(part);
            reaction.accept(engine);
        }
    }

    @Test
    void eachReadIsAPartWhateverTheFrames() {
        RecordedEngine peer = inParts();
        peer.receive("02 82 m 0102 00 82 m 0304 00 81"); // a header that is cut
        peer.receive("m 05 00 84 m 06");
        peer.receive("07 08");
        peer.receive("09 80 80 m");
        assertThat(peer.listener().partSizes()).containsExactly(4, 2, 2, 1);
        assertThat(peer.events()).containsExactly("binary(010203040506070809)");
        assertThat(peer.engine().isInsideMessage()).isFalse();
    }

    @Test
    void theLastPartMayBeEmptyAndTheOnlyOne() {
        RecordedEngine peer = inParts();
        peer.receive("82 80 m");
        peer.receive("02 81 m 01");
        peer.receive("80 80 m");
        assertThat(peer.events()).containsExactly("binary(\"\")", "binary(01)");
        assertThat(peer.listener().partSizes()).containsExactly(0, 1, 0);
    }

    @Test
    void aReadThatBringsNothingOfAMessageIsNoPart() {
        RecordedEngine peer = inParts();
        peer.receive("02 81 m 01");
        peer.receive("89 81 m 70");
        peer.receive("00 80 m");
        assertThat(peer.listener().partSizes()).containsExactly(1);
    }

    @Test
    void aLargeReadIsSeveralPartsEachUnmaskedRight() {
        byte[] payload = new byte[200_003];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (i * 31 + i / 256);
        }
        RecordedEngine peer = inParts();
        peer.receive(Frames.frame(Frames.FIN | Frames.BINARY, Frames.KEY, payload));
        assertThat(peer.events()).containsExactly("binary(" + Hex.of(payload) + ")");
        assertThat(peer.listener().partSizes()).containsExactly(65_536, 65_536, 65_536, 200_003 - 3 * 65_536);
    }

    /** Characters of one to four bytes, at every offset against the cuts. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void partsOfATextHoldWholeCharacters(int offset) {
        String text = "x".repeat(offset) + "aé€😀".repeat(20_000);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] wire = Frames.frame(Frames.FIN | Frames.TEXT, Frames.KEY, utf8);
        for (int step : new int[] {wire.length, 65_536, 1_021}) {
            RecordedEngine peer = inParts();
            for (int from = 0; from < wire.length; from += step) {
                peer.receive(Arrays.copyOfRange(wire, from, Math.min(wire.length, from + step)));
            }
            assertThat(peer.events()).as("reads of %s", step).containsExactly("text(" + Hex.of(utf8) + ")");
        }
    }

    @Test
    void theBytesOfACharacterThatComeOneByOneAreOnePart() {
        RecordedEngine peer = inParts();
        for (String read : new String[] {"81 85 m 61 f0", "9f", "98", "80"}) {
            peer.receive(read);
        }
        assertThat(peer.listener().partSizes()).containsExactly(1, 4);
    }

    @Test
    void textThatCannotBeIsFoundAtItsFirstByteAndWhatWasGivenIsRight() {
        RecordedEngine peer = inParts();
        peer.receive("01 82 m 61 c3");
        assertThat(peer.listener().unfinished()).isEqualTo(new byte[] {'a'});
        peer.receive("00 82 m 62");
        assertThat(peer.events()).containsExactly("violation(1007)");
        assertThat(peer.listener().unfinished()).isEqualTo(new byte[] {'a'});
    }

    @Test
    void theLimitIsOfTheWholeMessage() {
        RecordedEngine peer = new RecordedEngine(10, 100, Delivery.IN_PARTS, null, new RecordingListener());
        peer.receive("02 86 m 010203040506");
        peer.receive("00 84 m 01020304");
        peer.receive("80 81 m");
        assertThat(peer.events()).containsExactly("violation(1009)");
        assertThat(peer.reason()).isEqualTo("message of 11 bytes or more, 10 is the limit (RFC 6455 §10.4)");
        assertThat(peer.listener().partSizes()).containsExactly(6, 4);
    }

    @Test
    void whatIsDecodedKeepsTheLimitToo() {
        RecordedEngine peer =
                new RecordedEngine(100, 100, Delivery.IN_PARTS, new MarkingTransform(30), new RecordingListener());
        peer.receive("c2 83 m 000000");
        peer.receive("42 82 m 0000");
        peer.receive("00 81 m 00");
        peer.receive("80 81 m 00");
        assertThat(peer.events()).containsExactly("binary(01*90)", "violation(1009)");
        assertThat(peer.reason()).contains("100 is the limit");
        assertThat(peer.listener().unfinished()).hasSize(60); // the transform holds a byte back
    }

    @Test
    void aCloseWithinAPartEndsTheMessage() {
        for (String wire : new String[] {
            Hex.of(Frames.frame(Frames.FIN | Frames.BINARY, Frames.KEY, new byte[200_000])),
            Hex.of(Frames.frame(Frames.FIN | 0x40 | Frames.BINARY, Frames.KEY, new byte[200_000])),
        }) {
            Reacting listener = new Reacting(engine -> engine.close(CloseStatus.GOING_AWAY));
            RecordedEngine peer = inParts(new MarkingTransform(1), listener);
            listener.engine = peer.engine();
            peer.receive(wire + " 82 81 m 01 88 82 m 03e8");
            assertThat(listener.partSizes()).containsExactly(65_536);
            assertThat(peer.events()).containsExactly("close(1000)");
            assertThat(peer.engine().heldBytes()).isZero();
        }
    }

    @Test
    void aCloseWithinTheLastFullPartsOfAnEndEndsTheMessageToo() {
        Reacting listener = new Reacting(engine -> engine.close(CloseStatus.GOING_AWAY));
        RecordedEngine peer = inParts(new MarkingTransform(100_000), listener);
        listener.engine = peer.engine();
        peer.receive("c2 81 m 00"); // all of it is decoded at the end
        assertThat(listener.partSizes()).containsExactly(65_536);
        assertThat(peer.events()).isEmpty();
    }

    @Test
    void nothingIsTakenWhileHeldAndNothingIsLost() {
        Reacting listener = new Reacting(ProtocolEngine::hold);
        RecordedEngine peer = inParts(null, listener);
        listener.engine = peer.engine();
        byte[] payload = new byte[200_000];
        Arrays.fill(payload, (byte) 7);
        ByteBuf wire = Unpooled.wrappedBuffer(
                Frames.frame(Frames.FIN | Frames.BINARY, Frames.KEY, payload), Frames.ping("x"), Frames.binary((byte)
                        1));
        peer.engine().receive(wire);
        assertThat(listener.partSizes()).containsExactly(65_536);
        int left = wire.readableBytes();
        peer.engine().receive(wire);
        assertThat(wire.readableBytes()).as("still held").isEqualTo(left);
        while (wire.isReadable()) {
            peer.engine().goOn();
            peer.engine().receive(wire);
        }
        assertThat(peer.events()).containsExactly("binary(07*200000)", "ping(\"x\")", "binary(01)");
    }

    @Test
    void fragmentsCostTimeAndMemoryInProportionToTheirNumber() {
        allocatedByFragments(1_000);
        long once = allocatedByFragments(20_000);
        long twice = allocatedByFragments(40_000);
        assertThat((double) twice / once).isLessThan(2.5);
    }

    private static long allocatedByFragments(int fragments) {
        RecordedEngine peer = new RecordedEngine(MAX_BYTES, 100_000, Delivery.IN_PARTS, null, new RecordingListener());
        byte[] fragment = Frames.frame(Frames.CONTINUATION, 0, new byte[] {1});
        ByteBuf wire = Unpooled.wrappedBuffer(Frames.join(
                Frames.frame(Frames.BINARY, 0, new byte[] {1}),
                Frames.join(Collections.nCopies(fragments, fragment).toArray(byte[][]::new))));
        return Allocation.bytesOf(() -> peer.engine().receive(wire));
    }

    @Test
    void betweenReadsNothingIsHeldButTheBytesOfACharacter() {
        RecordedEngine peer = inParts();
        peer.receive(Frames.header(Frames.FIN | Frames.TEXT, 500_000, 0), new byte[100_000]);
        assertThat(peer.engine().heldBytes()).isZero();
        peer.receive(new byte[] {(byte) 0xC3});
        assertThat(peer.engine().heldBytes()).isLessThanOrEqualTo(1_024);
    }

    @Test
    void whoDoesNotAskForPartsGetsNone() {
        MessageListener whole = new MessageListener() {
            @Override
            public void onText(io.hawser.Message message) {}

            @Override
            public void onBinary(io.hawser.Message message) {}

            @Override
            public void onPing(byte[] payload) {}

            @Override
            public void onPong(byte[] payload) {}

            @Override
            public void onClose(CloseStatus status) {}

            @Override
            public void onViolation(ProtocolViolation violation) {}
        };
        assertThatIllegalStateException().isThrownBy(() -> whole.onPart(MessagePart.binary(new byte[0], true)));
    }
}
