package io.hawser.rfc6455;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.CloseStatus;
import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.Opcode;
import io.hawser.testing.Frames;
import io.hawser.testing.Hex;
import io.hawser.testing.RecordedEngine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §5.5: Close, Ping and Pong. */
class Section5_5_ControlFramesTest {

    private static RecordedEngine server(String frames) {
        return new RecordedEngine().receive(frames);
    }

    /** "All control frames MUST have a payload length of 125 bytes or less and MUST NOT be fragmented." */
    @ParameterizedTest
    @ValueSource(strings = {"88 fe 007e m", "89 fe 007e m", "8a fe 007e m", "88 fe 0002 m", "89 ff 0000000000010000 m"})
    void controlFramesMustBeOf125BytesOrLess(String frame) {
        assertThat(server(frame).reason()).isEqualTo("control frame is over 125 bytes (RFC 6455 §5.5)");
        assertThat(server(frame).out()).isEqualTo("880203ea");
    }

    @Test
    void controlFrameOf125BytesIsTaken() {
        assertThat(server("89 fd m 61*125 8a fd m 61*125 88 fd m 03e8 61*123").events())
                .hasSize(3)
                .noneMatch(event -> event.startsWith("violation"));
    }

    @Test
    void noControlFrameOver125BytesIsSent() {
        ByteBuf out = Unpooled.buffer();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrameWriter.writeControl(out, Opcode.PING, new byte[126]));
        assertThatIllegalArgumentException().isThrownBy(() -> new CloseStatus(1000, "*".repeat(124)));
        assertThat(out.isReadable()).isFalse();
    }

    /** §5.5.1: "the first two bytes of the body MUST be a 2-byte unsigned integer (in network byte order)" */
    @Test
    void bodyOfACloseMustBeginWithATwoByteCode() {
        assertThat(server("88 81 m 03").reason()).isEqualTo("close body of one byte (RFC 6455 §5.5.1)");
        assertThat(server("88 82 m 0bb8").events()).containsExactly("close(3000)");
        assertThat(server("88 82 m b80b").events()).as("the other byte order").containsExactly("violation(1002)");
    }

    /** §5.5.1: the reason is "UTF-8-encoded data" (§8.1: or the connection fails). */
    @ParameterizedTest
    @ValueSource(strings = {"88 83 m 03e8 ff", "88 83 m 03e8 c3", "88 85 m 03e8 eda080"})
    void reasonOfACloseMustBeUtf8(String frame) {
        assertThat(server(frame).events()).containsExactly("violation(1007)");
        assertThat(server(frame).out()).isEqualTo("880203ef");
    }

    /** §5.5.1: "The application MUST NOT send any more data frames after sending a Close frame"; here: nor pongs. */
    @Test
    void nothingMustBeSentAfterAClose() {
        RecordedEngine server = new RecordedEngine();
        server.engine().close(CloseStatus.NORMAL);
        server.receive("89 80 m 81 81 m 61 89 80 m 88 82 m 03e8 89 80 m");

        assertThat(server.out()).isEqualTo("880203e8");
    }

    /**
     * §5.5.1: "If an endpoint receives a Close frame and did not previously send a Close frame, the endpoint MUST send a Close frame in
     * response."
     */
    @ParameterizedTest
    @CsvSource({"88 80 m, 8800", "88 82 m 03e8, 880203e8", "88 85 m 0fa0 627965, 88020fa0", "88 82 m 03f4, 880203f4"})
    void closeMustBeAnsweredByOneClose(String frame, String answer) {
        RecordedEngine server = server(frame);
        server.receive(frame);
        server.engine().close(CloseStatus.GOING_AWAY);

        assertThat(server.out()).isEqualTo(answer);
    }

    @Test
    void closeThatAnswersOursMustNotBeAnswered() {
        RecordedEngine server = new RecordedEngine();
        server.engine().close(CloseStatus.GOING_AWAY);
        server.receive("88 82 m 03e9");

        assertThat(server.out()).isEqualTo("880203e9");
    }

    /** §5.5.1: "The server MUST close the underlying TCP connection immediately" after both sending and receiving a Close. */
    @Test
    void serverMustCloseTcpOnceBothCloseFramesWent() {
        assertThat(server("88 82 m 03e8").log()).containsExactly("close", "writeClose", "closeTransport");

        RecordedEngine server = new RecordedEngine();
        server.engine().close(CloseStatus.NORMAL);
        assertThat(server.log()).doesNotContain("closeTransport");
        server.receive("88 82 m 03e8");
        assertThat(server.log()).endsWith("closeTransport");
    }

    /**
     * §5.5.2: "Upon receipt of a Ping frame, an endpoint MUST send a Pong frame in response, unless it already received a Close frame."
     */
    @Test
    void pingMustBeAnsweredByAPong() {
        assertThat(server("89 80 m").out()).isEqualTo("8a00");
        assertThat(server("88 80 m 89 80 m").out()).as("after a Close").isEqualTo("8800");
    }

    /** §5.5.3: a Pong "must have identical "Application data" as found in the message body of the Ping frame being replied to" */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 124, 125})
    void pongMustHaveTheIdenticalApplicationData(int length) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (i * 37 + 200);
        }
        byte[] ping = Frames.frame(0x89, 0x12345678, payload);

        String expected = Hex.of(Frames.join(new byte[] {(byte) 0x8A, (byte) length}, payload));
        assertThat(new RecordedEngine().receive(ping).out()).isEqualTo(expected);
    }

    /** §5.5.3: "A response to an unsolicited Pong frame is not expected." */
    @Test
    void unsolicitedPongIsNotAnswered() {
        RecordedEngine server = server("8a 80 m 8a 81 m 61");

        assertThat(server.out()).isEmpty();
        assertThat(server.events()).containsExactly("pong(\"\")", "pong(\"a\")");
    }
}
