package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hawser.CloseStatus;
import io.hawser.Message;
import io.hawser.testing.Frames;
import io.hawser.testing.RecordedEngine;
import io.hawser.testing.RecordingListener;
import io.hawser.testing.Vectors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ProtocolEngineTest {

    private final RecordedEngine peer = new RecordedEngine();
    private final ProtocolEngine engine = peer.engine();

    /** An engine whose listener does something, once, when a text message comes. */
    private static RecordedEngine onText(Consumer<ProtocolEngine> reaction) {
        ProtocolEngine[] self = new ProtocolEngine[1];
        RecordedEngine reacting =
                new RecordedEngine(Vectors.MAX_MESSAGE_BYTES, Vectors.MAX_FRAGMENTS, null, new RecordingListener() {
                    @Override
                    public void onText(Message message) {
                        super.onText(message);
                        reaction.accept(self[0]);
                    }
                });
        self[0] = reacting.engine();
        return reacting;
    }

    // ---- the closing handshake

    @Test
    void closeFromThePeerIsToldAnsweredWithItsCodeAndThenTheTransportCloses() {
        peer.receive(Frames.close(3000, "bye"), Frames.text("too late"));

        assertThat(peer.events()).containsExactly("close(3000 \"bye\")");
        assertThat(peer.log()).containsExactly("close", "writeClose", "closeTransport");
        assertThat(peer.out()).isEqualTo("88020bb8");
        assertThat(engine.isOpen()).isFalse();
    }

    @Test
    void reasonOfThePeerIsNotRepeated() {
        StringBuilder written = new StringBuilder("none");
        RecordingListener listener = new RecordingListener() {
            @Override
            public void writeClose(CloseStatus status) {
                written.replace(0, written.length(), status.reason());
            }
        };
        new RecordedEngine(100, 100, null, listener).receive(Frames.close(1000, "<script>"));

        assertThat(written).isEmpty();
    }

    @Test
    void ourCloseWaitsForThePeersAndDropsWhatComesBefore() {
        engine.close(CloseStatus.NORMAL);
        assertThat(engine.isOpen()).isFalse();
        peer.receive(
                Frames.text("on the way"), Frames.ping("?"), Frames.frame(Frames.FIN | Frames.PONG, 0, new byte[0]));
        assertThat(peer.log()).containsExactly("writeClose", "startCloseTimer");
        peer.receive(Frames.close(1000, ""), Frames.text("too late"));

        assertThat(peer.log()).containsExactly("writeClose", "startCloseTimer", "close", "closeTransport");
        assertThat(peer.out()).isEqualTo("880203e8");
    }

    @Test
    void ourCloseInsideAMessageDropsTheRestOfIt() {
        peer.receive("01 83 m 6162");
        engine.close(CloseStatus.GOING_AWAY);
        assertThat(engine.isInsideMessage()).isFalse();
        peer.receive("63 00 81 m 64 80 82 m ffff 88 82 m 03e9");

        assertThat(peer.events()).containsExactly("close(1001)");
        assertThat(peer.log()).containsExactly("writeClose", "startCloseTimer", "close", "closeTransport");
    }

    @Test
    void dataThatIsDroppedIsNotJudgedByItsSizeItsOrderOrItsText() {
        engine.close(CloseStatus.NORMAL);
        peer.receive("82 ff 0000000000010001 m 00*65537 80 81 m ff 01 81 m ff 01 81 m ff 88 80 m");

        assertThat(peer.events()).containsExactly("close(1005)");
    }

    @Test
    void brokenFrameAfterOurCloseClosesTheTransportWithoutASecondClose() {
        engine.close(CloseStatus.NORMAL);
        peer.receive("81 00 88 80 m");
        peer.receive("88 80 m");

        assertThat(peer.log()).containsExactly("writeClose", "startCloseTimer", "closeTransport");
    }

    @Test
    void brokenCloseAfterOurCloseClosesTheTransport() {
        engine.close(CloseStatus.NORMAL);
        peer.receive("88 81 m 61");

        assertThat(peer.log()).containsExactly("writeClose", "startCloseTimer", "closeTransport");
    }

    @Test
    void closeIsSentOnce() {
        engine.close(CloseStatus.NORMAL);
        engine.close(CloseStatus.GOING_AWAY);
        engine.fail(new ProtocolViolation(1008, "too late"));

        assertThat(peer.log()).containsExactly("writeClose", "startCloseTimer");
        assertThat(peer.out()).isEqualTo("880203e8");
    }

    @Test
    void closeAfterThePeersIsNothing() {
        peer.receive(Frames.close(1000, ""));
        engine.close(CloseStatus.NORMAL);

        assertThat(peer.log()).containsExactly("close", "writeClose", "closeTransport");
    }

    // ---- failing

    @Test
    void violationIsToldOnceAndEndsAll() {
        peer.receive("81 05 48656c6c6f 81 80 m");
        peer.receive(Frames.text("too late"));
        peer.receive(Frames.close(1000, ""));
        engine.close(CloseStatus.NORMAL);
        engine.fail(new ProtocolViolation(1008, "too late"));

        assertThat(peer.log()).containsExactly("violation", "writeClose", "closeTransport");
        assertThat(peer.out()).isEqualTo("880203ea");
        assertThat(engine.isOpen()).isFalse();
        assertThat(engine.isInsideMessage()).isFalse();
    }

    @Test
    void failureThatTheSessionFoundIsWrittenAndEndsAll() {
        peer.receive("01 81 m 61");
        engine.fail(new ProtocolViolation(1008, "slow"));
        peer.receive("80 81 m 62 88 80 m");

        assertThat(peer.log()).containsExactly("writeClose", "closeTransport");
        assertThat(peer.out()).isEqualTo("880203f0");
        assertThat(engine.isInsideMessage()).isFalse();
    }

    // ---- a listener that calls back

    @Test
    void listenerThatClosesGetsNoMoreMessagesOfThatRead() {
        RecordedEngine closing = onText(engine -> engine.close(CloseStatus.GOING_AWAY));
        closing.receive(Frames.text("one"), Frames.text("two"), Frames.ping("?"), Frames.close(1001, ""));

        assertThat(closing.log()).containsExactly("text", "writeClose", "startCloseTimer", "close", "closeTransport");
    }

    @Test
    void listenerThatFailsTheConnectionHearsNothingMore() {
        RecordedEngine failing = onText(engine -> engine.fail(new ProtocolViolation(1008, "enough")));
        failing.receive(Frames.text("one"), Frames.text("two"), Frames.close(1001, ""));

        assertThat(failing.log()).containsExactly("text", "writeClose", "closeTransport");
    }

    /** An engine whose listener closes when it hears that the connection ends. */
    private static RecordedEngine closingAtTheEnd() {
        ProtocolEngine[] self = new ProtocolEngine[1];
        RecordedEngine closing = new RecordedEngine(100, 100, null, new RecordingListener() {
            @Override
            public void onClose(CloseStatus status) {
                super.onClose(status);
                self[0].close(CloseStatus.INTERNAL_ERROR);
            }

            @Override
            public void onViolation(ProtocolViolation violation) {
                super.onViolation(violation);
                self[0].close(CloseStatus.INTERNAL_ERROR);
            }
        });
        self[0] = closing.engine();
        return closing;
    }

    @Test
    void listenerThatClosesInsideOnCloseIsTooLate() {
        RecordedEngine closing = closingAtTheEnd().receive(Frames.close(1001, ""));

        assertThat(closing.log()).containsExactly("close", "writeClose", "closeTransport");
        assertThat(closing.out()).isEqualTo("880203e9");
    }

    @Test
    void listenerThatClosesInsideOnViolationIsTooLate() {
        RecordedEngine closing = closingAtTheEnd().receive("81 00");

        assertThat(closing.log()).containsExactly("violation", "writeClose", "closeTransport");
        assertThat(closing.out()).isEqualTo("880203ea");
    }

    @Test
    void listenerThatThrowsLeavesNothingUnread() {
        RecordedEngine throwing = onText(engine -> {
            throw new IllegalStateException("listener");
        });
        ByteBuf in = Unpooled.wrappedBuffer(Frames.text("one"), Frames.text("two"));

        assertThatIllegalStateException().isThrownBy(() -> throwing.engine().receive(in));
        assertThat(in.isReadable()).isFalse();
    }

    // ---- the rest

    @Test
    void everyByteIsReadAndTheBufferStaysTheCallers() {
        ByteBuf in = Unpooled.directBuffer().writeBytes(Frames.join(Frames.text("a"), new byte[] {(byte) 0x81}));
        engine.receive(in);
        assertThat(in.isReadable()).isFalse();
        assertThat(in.refCnt()).isEqualTo(1);
        in.clear().writeBytes(new byte[] {0, 1, 2});
        engine.receive(in);
        assertThat(in.isReadable()).as("after the violation").isFalse();
        assertThat(in.release()).isTrue();
    }

    @Test
    void pingIsAnsweredBeforeItIsTold() {
        peer.receive(Frames.ping("beat"));

        assertThat(peer.log()).containsExactly("writePong", "ping");
        assertThat(peer.out()).isEqualTo("8a0462656174");
    }

    @Test
    void insideAMessageFromItsFirstHeaderToItsLastByte() {
        assertThat(engine.isInsideMessage()).isFalse();
        peer.receive("01 81 m");
        assertThat(engine.isInsideMessage()).isTrue();
        peer.receive("61 89 81");
        assertThat(engine.isInsideMessage()).isTrue();
        peer.receive("m 61 80 80 m");
        assertThat(engine.isInsideMessage()).isFalse();
        peer.receive("89 81 m");
        assertThat(engine.isInsideMessage()).as("a ping is no message").isFalse();
        peer.receive("61");
        assertThat(peer.events()).containsExactly("ping(\"a\")", "text(\"a\")", "ping(\"a\")");
    }

    @Test
    void listenerFindsTheMessageEnded() {
        boolean[] inside = {true};
        onText(engine -> inside[0] = engine.isInsideMessage()).receive("01 81 m 61 80 81 m 62");

        assertThat(inside[0]).isFalse();
    }
}
