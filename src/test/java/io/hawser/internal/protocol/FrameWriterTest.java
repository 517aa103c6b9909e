package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.CloseStatus;
import io.hawser.testing.Hex;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameWriterTest {

    @ParameterizedTest
    @CsvSource({
        "0, 8200",
        "1, 8201",
        "125, 827d",
        "126, 827e007e",
        "127, 827e007f",
        "65535, 827effff",
        "65536, 827f0000000000010000",
        "2147483647, 827f000000007fffffff"
    })
    void lengthIsInItsShortestForm(int length, String header) {
        assertThat(written(out -> FrameWriter.writeHeader(out, true, false, Opcode.BINARY, length)))
                .isEqualTo(header);
        assertThat(FrameWriter.headerBytes(length)).isEqualTo(header.length() / 2);
    }

    @Test
    void firstByteHasTheBitsAndTheOpcode() {
        assertThat(written(out -> FrameWriter.writeHeader(out, false, false, Opcode.TEXT, 0)))
                .isEqualTo("0100");
        assertThat(written(out -> FrameWriter.writeHeader(out, true, false, Opcode.CONTINUATION, 0)))
                .isEqualTo("8000");
        assertThat(written(out -> FrameWriter.writeHeader(out, false, true, Opcode.TEXT, 200)))
                .isEqualTo("417e00c8");
        assertThat(written(out -> FrameWriter.writeHeader(out, true, true, Opcode.BINARY, 70_000)))
                .isEqualTo("c27f0000000000011170");
    }

    @Test
    void controlFrameIsWrittenWhole() {
        assertThat(written(out -> FrameWriter.writeControl(out, Opcode.PING, new byte[0])))
                .isEqualTo("8900");
        assertThat(written(out -> FrameWriter.writeControl(out, Opcode.PONG, Hex.bytes("0102"))))
                .isEqualTo("8a020102");
        assertThat(written(out -> FrameWriter.writeControl(out, Opcode.PONG, new byte[125])))
                .isEqualTo("8a7d 00*125");
    }

    @Test
    void controlFrameOver125BytesIsRefused() {
        ByteBuf out = Unpooled.buffer();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrameWriter.writeControl(out, Opcode.PING, new byte[126]))
                .withMessageContaining("126");
        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void closeHasItsCodeInNetworkOrderAndItsReasonInUtf8() {
        assertThat(written(out -> FrameWriter.writeClose(out, CloseStatus.NORMAL)))
                .isEqualTo("880203e8");
        assertThat(written(out -> FrameWriter.writeClose(out, new CloseStatus(4999, "ü"))))
                .isEqualTo("88041387c3bc");
        assertThat(written(out -> FrameWriter.writeClose(out, CloseStatus.NORMAL.withReason("*".repeat(123)))))
                .isEqualTo("887d03e8 2a*123");
        assertThat(written(out -> FrameWriter.writeClose(out, CloseStatus.NO_STATUS)))
                .isEqualTo("8800");
    }

    @Test
    void codeThatIsNeverSentIsRefused() {
        ByteBuf out = Unpooled.buffer();
        for (int code : new int[] {1006, 1015}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FrameWriter.writeClose(out, new CloseStatus(code, "")))
                    .withMessageContaining("" + code);
        }
        assertThat(out.isReadable()).isFalse();
    }

    private static String written(Consumer<ByteBuf> writer) {
        ByteBuf out = Unpooled.buffer();
        writer.accept(out);
        return Hex.of(ByteBufUtil.getBytes(out));
    }
}
