package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.testing.Frames;
import io.hawser.testing.Hex;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

    private static final long[] LENGTHS = {0, 1, 125, 126, 127, 65_535, 65_536, Integer.MAX_VALUE + 1L, Long.MAX_VALUE};

    private final RecordingConsumer consumer = new RecordingConsumer();
    private final FrameReader reader = new FrameReader(consumer, false);

    /** Writes the calls down; payloads unmasked, pieces and all. */
    private static class RecordingConsumer implements FrameConsumer {
        private final List<String> calls = new ArrayList<>();
        private int framesWanted = Integer.MAX_VALUE;
        private int bytesWanted = Integer.MAX_VALUE; // of those it is told at once

        @Override
        public void header(int opcode, boolean fin, boolean rsv1, long length) {
            calls.add(opcode + (fin ? " fin" : "") + (rsv1 ? " rsv1" : "") + " " + length);
        }

        @Override
        public void payload(ByteBuf in, int count, int maskingKey, boolean ends) {
            byte[] out = new byte[Math.min(count, bytesWanted)];
            Masking.unmask(in, out.length, out, 0, maskingKey);
            if (count != 0) {
                calls.add(Hex.of(out));
            }
            if (ends && out.length == count) {
                calls.add("end");
                framesWanted--;
            }
        }

        @Override
        public boolean isDone() {
            return framesWanted == 0;
        }
    }

    private List<String> read(byte[]... pieces) {
        for (byte[] piece : pieces) {
            reader.read(Unpooled.wrappedBuffer(piece));
        }
        return consumer.calls;
    }

    @Test
    void frameIsHeaderPayloadEnd() {
        assertThat(read(Hex.bytes("81 85 37fa213d 7f9f4d5158"))).containsExactly("1 fin 5", "48656c6c6f", "end");
    }

    @Test
    void emptyFrameHasNoPayload() {
        assertThat(read(Hex.bytes("02 80 m"))).containsExactly("2 0", "end");
    }

    @Test
    void payloadComesAsItArrivesAndIsUnmaskedAcrossTheCuts() {
        assertThat(read(Hex.bytes("81 85 37fa213d 7f"), Hex.bytes("9f4d"), Hex.bytes("5158")))
                .containsExactly("1 fin 5", "48", "656c", "6c6f", "end");
    }

    @Test
    void headerOfAnyLengthIsReadWholeAndAtEveryCut() {
        for (long length : LENGTHS) {
            byte[] header = Frames.header(Frames.FIN | Frames.BINARY, length, Frames.KEY);
            for (int cut = 0; cut <= header.length; cut++) {
                consumer.calls.clear();
                FrameReader cutReader = new FrameReader(consumer, false);
                cutReader.read(Unpooled.wrappedBuffer(header, 0, cut));
                assertThat(consumer.calls).hasSize(cut < header.length ? 0 : length == 0 ? 2 : 1);
                cutReader.read(Unpooled.wrappedBuffer(header, cut, header.length - cut));
                assertThat(consumer.calls.get(0)).isEqualTo("2 fin " + length);
            }
        }
    }

    @Test
    void cutHeaderForgetsTheOneBefore() {
        byte[] first = Frames.frame(Frames.FIN | Frames.BINARY, 0x01020304, new byte[300]);
        byte[] second = Frames.frame(Frames.FIN | Frames.BINARY, 0x05060708, new byte[] {9, 9});
        for (int cut = 1; cut < 6; cut++) {
            consumer.calls.clear();
            reader.read(Unpooled.wrappedBuffer(first));
            reader.read(Unpooled.wrappedBuffer(second, 0, cut));
            reader.read(Unpooled.wrappedBuffer(second, cut, second.length - cut));
            assertThat(consumer.calls).containsExactly("2 fin 300", "00*300", "end", "2 fin 2", "0909", "end");
        }
    }

    @Test
    void nothingIsReadOnceTheConsumerIsDone() {
        consumer.framesWanted = 1;
        ByteBuf in = Unpooled.wrappedBuffer(Frames.text("a"), Frames.text("b"));
        reader.read(in);
        assertThat(consumer.calls).containsExactly("1 fin 1", "61", "end");
        assertThat(in.readableBytes()).isEqualTo(Frames.text("b").length);
    }

    @Test
    void whatTheConsumerLeavesIsToldAgain() {
        consumer.bytesWanted = 3;
        assertThat(read(Hex.bytes("81 85 37fa213d 7f9f4d5158"))).containsExactly("1 fin 5", "48656c", "6c6f", "end");
    }

    @Test
    void frameIsOverBeforeItsEndIsTold() {
        List<Boolean> between = new ArrayList<>();
        FrameReader[] asked = new FrameReader[1];
        RecordingConsumer asking = new RecordingConsumer() {
            @Override
            public void payload(ByteBuf in, int count, int maskingKey, boolean ends) {
                super.payload(in, count, maskingKey, ends);
                between.add(asked[0].isBetweenFrames());
            }
        };
        asked[0] = new FrameReader(asking, false);
        asked[0].read(Unpooled.wrappedBuffer(Hex.bytes("81 82 m 61")));
        asked[0].read(Unpooled.wrappedBuffer(Hex.bytes("62 82 80 m")));
        assertThat(between).containsExactly(false, true, true);
    }

    @Test
    void allOfTheBufferIsReadWhereverItBegins() {
        ByteBuf in = Unpooled.wrappedBuffer(Hex.bytes("ffff 81 81 m 61 81")).readerIndex(2);
        reader.read(in);
        assertThat(in.isReadable()).isFalse();
        assertThat(consumer.calls).containsExactly("1 fin 1", "61", "end");
    }

    @Test
    void rsv1IsToldWhereTheExtensionMayUseIt() {
        FrameReader extended = new FrameReader(consumer, true);
        extended.read(Unpooled.wrappedBuffer(Hex.bytes("41 80 m c2 80 m 81 80 m 00 80 m 89 80 m")));
        assertThat(consumer.calls)
                .containsExactly(
                        "1 rsv1 0", "end", "2 fin rsv1 0", "end", "1 fin 0", "end", "0 0", "end", "9 fin 0", "end");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c0", "40", "c8", "c9", "ca", "d1", "e1", "f1", "91", "a1"})
    void reservedBitsAreRefusedElsewhereEvenWithTheExtension(String firstByte) {
        FrameReader extended = new FrameReader(consumer, true);
        ByteBuf in = Unpooled.wrappedBuffer(Hex.bytes(firstByte + "80 m"));
        assertThatThrownBy(() -> extended.read(in)).hasMessage("reserved bit is set (RFC 6455 §5.2)");
    }

    @Test
    void everyFirstByteIsAcceptedOrRefusedAsTheTableSays() {
        for (int first = 0; first <= 0xFF; first++) {
            int opcode = first & 0xF;
            boolean data = opcode <= 2;
            boolean control = opcode >= 8 && opcode <= 10 && first >= 0x80;
            boolean legal = (first & 0x70) == 0 && (data || control);
            assertThat(accepts(first, 0x80)).as("%02x", first).isEqualTo(legal);
            assertThat(accepts(first, 0x00)).as("%02x, unmasked", first).isFalse();
        }
    }

    private boolean accepts(int first, int second) {
        try {
            byte[] header = {(byte) first, (byte) second, 0, 0, 0, 0};
            new FrameReader(consumer, false).read(Unpooled.wrappedBuffer(header));
            return true;
        } catch (ProtocolViolation violation) {
            assertThat(violation.status().code()).isEqualTo(1002);
            return false;
        }
    }

    @Test
    void violationsNameWhatIsWrong() {
        assertRefused("83 80 m", "reserved opcode 3 (RFC 6455 §5.2)");
        assertRefused("81 00", "client frame is not masked (RFC 6455 §5.1)");
        assertRefused("09 80 m", "control frame is fragmented (RFC 6455 §5.5)");
        assertRefused("89 fe", "control frame is over 125 bytes (RFC 6455 §5.5)");
        assertRefused("89 ff", "control frame is over 125 bytes (RFC 6455 §5.5)");
        assertRefused("82 fe 007d", "payload length is not in its shortest form (RFC 6455 §5.2)");
        assertRefused("82 ff 000000000000ffff", "payload length is not in its shortest form (RFC 6455 §5.2)");
        assertRefused("82 ff 8000000000000000", "payload length has its first bit set (RFC 6455 §5.2)");
        assertRefused("82 ff ffffffffffffffff m 00*20", "payload length has its first bit set (RFC 6455 §5.2)");
    }

    private void assertRefused(String hex, String reason) {
        ByteBuf in = Unpooled.wrappedBuffer(Hex.bytes(hex));
        FrameReader fresh = new FrameReader(consumer, false);
        assertThatThrownBy(() -> fresh.read(in))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessage(reason);
        assertThat(consumer.calls).isEmpty();
    }
}
