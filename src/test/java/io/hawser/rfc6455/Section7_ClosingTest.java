package io.hawser.rfc6455;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.CloseStatus;
import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.ProtocolViolation;
import io.hawser.testing.Frames;
import io.hawser.testing.RecordedEngine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §7: closing, failing, and the codes that say why. */
class Section7_ClosingTest {

    /** §7.1.2: "an endpoint MUST send a Close control frame, as described in Section 5.5.1, whose status code is set to /code/" */
    @Test
    void startingTheClosingHandshakeMustSendACloseAndWait() {
        RecordedEngine server = new RecordedEngine();
        server.engine().close(new CloseStatus(4001, "moved"));

        assertThat(server.log()).containsExactly("writeClose", "startCloseTimer");
        assertThat(server.out()).isEqualTo("88020fa1");
        assertThat(server.engine().isOpen()).isFalse();
    }

    /** §7.1.5: the code "in the first Close control frame received by the application"; 1005 if it has none. */
    @Test
    void codeAndReasonAreThoseOfTheFirstCloseThatIsReceived() {
        assertThat(new RecordedEngine()
                        .receive("88 85 m 0bb8 627965 88 82 m 03e8")
                        .events())
                .containsExactly("close(3000 \"bye\")");
        assertThat(new RecordedEngine().receive("88 80 m").events()).containsExactly("close(1005)");
    }

    /**
     * §7.1.7: "An endpoint MUST NOT continue to attempt to process data (including a responding Close frame) from the remote endpoint
     * after being instructed to _Fail the WebSocket Connection_."
     */
    @ParameterizedTest
    @ValueSource(strings = {"81 80 m", "89 80 m", "88 82 m 03e8", "81 00", "01 80 m"})
    void mustNotProcessDataAfterFailing(String later) {
        RecordedEngine inOneRead = new RecordedEngine().receive("83 80 m " + later);
        assertThat(inOneRead.log()).containsExactly("violation", "writeClose", "closeTransport");

        RecordedEngine inTheNext = new RecordedEngine().receive("83 80 m").receive(later);
        assertThat(inTheNext.log()).containsExactly("violation", "writeClose", "closeTransport");

        RecordedEngine failed = new RecordedEngine();
        failed.engine().fail(new ProtocolViolation(1008, "policy"));
        failed.receive(later);
        assertThat(failed.log()).containsExactly("writeClose", "closeTransport");
    }

    /** §7.1.7: "the endpoint SHOULD send a Close frame with an appropriate status code before proceeding" */
    @Test
    void failingSendsACloseThatSaysWhy() {
        assertThat(new RecordedEngine().receive("81 00").out()).isEqualTo("880203ea");
        assertThat(new RecordedEngine().receive("81 81 m ff").out()).isEqualTo("880203ef");
        assertThat(new RecordedEngine().receive("82 ff 0000000100000000 m").out())
                .isEqualTo("880203f1");
    }

    /** §7.4.1: 1005, 1006 and 1015 "MUST NOT be set as a status code in a Close control frame by an endpoint". */
    @ParameterizedTest
    @ValueSource(ints = {1005, 1006, 1015})
    void codesThatMustNotBeSentAreRefusedAndNotSent(int code) {
        RecordedEngine server = new RecordedEngine().receive(Frames.close(code, ""));
        assertThat(server.out()).isEqualTo("880203ea");
        assertThat(server.reason()).isEqualTo("close code " + code + " may not be sent (RFC 6455 §7.4)");

        ByteBuf out = Unpooled.buffer();
        CloseStatus status = new CloseStatus(code, "");
        if (status.equals(CloseStatus.NO_STATUS)) {
            FrameWriter.writeClose(out, status);
            assertThat(out.readableBytes()).as("a Close without a body").isEqualTo(2);
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> FrameWriter.writeClose(out, status));
        }
    }

    /** §7.4.1, §7.4.2, and the registry of §11.7, where 1012 to 1014 were added. */
    @Test
    void everyCodeIsTakenOrRefusedAsItsRangeSays() {
        for (int code = 0; code <= 0xFFFF; code++) {
            boolean defined = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
            boolean free = code >= 3000 && code < 5000;
            String event = defined || free ? "close(" + code + ")" : "violation(1002)";
            assertThat(new RecordedEngine().receive(Frames.close(code, "")).events())
                    .containsExactly(event);
        }
    }

    /** §1.4, §5.5.1: what comes after the peer's Close is not looked at. */
    @Test
    void framesAfterThePeersCloseAreIgnored() {
        RecordedEngine server =
                new RecordedEngine().receive("88 82 m 03e8 81 00").receive("ffffffffff");

        assertThat(server.events()).containsExactly("close(1000)");
        assertThat(server.out()).isEqualTo("880203e8");
    }

    /** §7.1.3, S71: a peer that goes on sending after our Close gains nothing; the close timer runs. */
    @Test
    void dataAfterOurCloseIsDroppedUntilThePeersClose() {
        RecordedEngine server = new RecordedEngine();
        server.engine().close(CloseStatus.NORMAL);
        for (int i = 0; i < 1_000; i++) {
            server.receive("82 fe 1000 m 00*4096");
        }
        assertThat(server.events()).isEmpty();
        assertThat(server.log()).containsExactly("writeClose", "startCloseTimer");
        assertThat(server.receive("88 82 m 03e8").events()).containsExactly("close(1000)");
    }
}
