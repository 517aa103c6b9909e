package io.hawser.rfc6455;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.Opcode;
import io.hawser.testing.Frames;
import io.hawser.testing.MarkingTransform;
import io.hawser.testing.RecordedEngine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §5.2: the base framing protocol. */
class Section5_2_FramingTest {

    private static RecordedEngine server(String frames) {
        return new RecordedEngine().receive(frames);
    }

    private static void assertFails(RecordedEngine server, String reason) {
        assertThat(server.log()).containsExactly("violation", "writeClose", "closeTransport");
        assertThat(server.out()).isEqualTo("880203ea");
        assertThat(server.reason()).isEqualTo(reason);
    }

    /**
     * "If a nonzero value is received and none of the negotiated extensions defines the meaning of such a nonzero value, the receiving
     * endpoint MUST _Fail the WebSocket Connection_."
     */
    @Test
    void mustFailUponAReservedBitThatNoExtensionDefines() {
        for (int opcode : new int[] {0, 1, 2, 8, 9, 10}) {
            for (int bits = 0x10; bits <= 0x70; bits += 0x10) {
                byte[] frame = Frames.frame(Frames.FIN | bits | opcode, Frames.KEY, new byte[0]);
                assertFails(new RecordedEngine().receive(frame), "reserved bit is set (RFC 6455 §5.2)");
            }
        }
    }

    /** RFC 7692 §6, the only extension there is: RSV1 is for the first frame of a data message. */
    @ParameterizedTest
    @ValueSource(
            strings = {"c9 80 m", "ca 80 m", "c8 80 m", "01 80 m c0 80 m", "a1 80 m", "92 80 m", "f1 80 m", "d2 80 m"})
    void mustFailUponAReservedBitThatTheExtensionDoesNotDefineHere(String frames) {
        RecordedEngine server = new RecordedEngine(100, 10, new MarkingTransform(1)).receive(frames);

        assertFails(server, "reserved bit is set (RFC 6455 §5.2)");
    }

    /** "If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket Connection_." */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    void mustFailUponAnUnknownOpcode(int opcode) {
        RecordedEngine server = new RecordedEngine().receive(Frames.frame(Frames.FIN | opcode, 0, new byte[2]));

        assertFails(server, "reserved opcode " + opcode + " (RFC 6455 §5.2)");
    }

    /** "the following 8 bytes interpreted as a 64-bit unsigned integer (the most significant bit MUST be 0)" */
    @ParameterizedTest
    @ValueSource(strings = {"8000000000000000", "8000000000000001", "ffffffffffffffff"})
    void mostSignificantBitOfALengthMustBeZero(String length) {
        assertFails(server("82 ff " + length + " m"), "payload length has its first bit set (RFC 6455 §5.2)");
    }

    /** "in all cases, the minimal number of bytes MUST be used to encode the length" */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "fe 0000",
                "fe 0001",
                "fe 007d",
                "ff 0000000000000000",
                "ff 000000000000007e",
                "ff 000000000000ffff"
            })
    void lengthMustBeInItsShortestForm(String length) {
        assertFails(server("82 " + length + " m"), "payload length is not in its shortest form (RFC 6455 §5.2)");
    }

    @ParameterizedTest
    @CsvSource({"82 fd, 125", "82 fe 007e, 126", "82 fe ffff, 65535", "82 ff 0000000000010000, 65536"})
    void lengthAtTheEdgeOfEachFormIsTaken(String header, int length) {
        assertThat(server(header + " m 00*" + length).events()).containsExactly("binary(00*" + length + ")");
    }

    /** The same two rules for what is sent. */
    @ParameterizedTest
    @CsvSource({"0, 2", "125, 2", "126, 4", "65535, 4", "65536, 10", "2147483647, 10"})
    void mustSendALengthInItsShortestForm(int length, int headerBytes) {
        ByteBuf out = Unpooled.buffer();
        FrameWriter.writeHeader(out, true, false, Opcode.BINARY, length);

        assertThat(out.readableBytes()).isEqualTo(headerBytes);
        assertThat(FrameWriter.headerBytes(length)).isEqualTo(headerBytes);
    }
}
