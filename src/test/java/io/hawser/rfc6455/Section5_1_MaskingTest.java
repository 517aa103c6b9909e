package io.hawser.rfc6455;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.Opcode;
import io.hawser.testing.Frames;
import io.hawser.testing.RecordedEngine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6455 §5.1 and §5.3: clients mask, servers do not. */
class Section5_1_MaskingTest {

    /** "The server MUST close the connection upon receiving a frame that is not masked." */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "continuation, 80 05 48656c6c6f",
        "text,         81 05 48656c6c6f",
        "empty text,   81 00",
        "binary,       82 05 48656c6c6f",
        "16-bit,       82 7e 0080 00*128",
        "64-bit,       82 7f 0000000000010000 00*65536",
        "close,        88 02 03e8",
        "empty close,  88 00",
        "ping,         89 05 48656c6c6f",
        "pong,         8a 00"
    })
    void serverMustCloseUponAFrameThatIsNotMasked(String name, String frame) {
        RecordedEngine server = new RecordedEngine().receive(frame);

        assertThat(server.log()).containsExactly("violation", "writeClose", "closeTransport");
        assertThat(server.out()).isEqualTo("880203ea");
        assertThat(server.reason()).isEqualTo("client frame is not masked (RFC 6455 §5.1)");
    }

    /** "A server MUST NOT mask any frames that it sends to the client." */
    @Test
    void serverMustNotMaskAnyFrame() {
        for (int length : new int[] {0, 125, 126, 65_535, 65_536}) {
            for (int opcode : new int[] {Opcode.CONTINUATION, Opcode.TEXT, Opcode.BINARY}) {
                ByteBuf out = Unpooled.buffer();
                FrameWriter.writeHeader(out, true, false, opcode, length);
                assertUnmasked(out);
            }
        }
        for (int opcode : new int[] {Opcode.PING, Opcode.PONG}) {
            ByteBuf out = Unpooled.buffer();
            FrameWriter.writeControl(out, opcode, new byte[125]);
            assertUnmasked(out);
        }
        ByteBuf out = Unpooled.buffer();
        FrameWriter.writeClose(out, CloseStatus.NORMAL);
        assertUnmasked(out);
    }

    private static void assertUnmasked(ByteBuf frame) {
        assertThat(frame.getByte(1) & 0x80).isZero();
    }

    /** §6.2: "a server MUST remove masking for data frames received from a client as described in Section 5.3." */
    @ParameterizedTest
    @CsvSource({"0", "-1", "1", "16909060", "939139389", "-2147483648"})
    void serverMustRemoveTheMaskingWhateverTheKey(int key) {
        byte[] payload = new byte[67];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) ('a' + i % 26);
        }
        String hex = HexFormat.of().formatHex(payload);

        assertThat(new RecordedEngine()
                        .receive(Frames.frame(Frames.FIN | Frames.TEXT, key, payload))
                        .events())
                .containsExactly("text(" + hex + ")");
    }

    /** §5.3: "the masking key ... octet i modulo 4": it begins anew with each frame, and goes on over a cut in it. */
    @Test
    void eachFrameHasItsOwnKeyFromItsFirstByte() {
        RecordedEngine server = new RecordedEngine();
        server.receive("01 83 01020304 4967");
        server.receive("6f 89 81 ffffffff be 80 82 0a0b0c0d 6664");

        assertThat(server.events()).containsExactly("ping(\"A\")", "text(\"Hello\")");
    }
}
