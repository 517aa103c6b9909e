package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Message;
import io.hawser.testing.Frames;
import io.hawser.testing.Hex;
import io.hawser.testing.RecordingListener;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolEngineTest {

    private final RecordingListener peer = new RecordingListener();
    private final ProtocolEngine engine = new ProtocolEngine(65_536, 1_024, null, peer, peer);

    private void receive(byte[]... frames) {
        engine.receive(Unpooled.wrappedBuffer(frames));
    }

    @Test
    void closeFromThePeerIsAnsweredWithItsCodeAndThenTheTransportCloses() {
        receive(Frames.close(3000, "bye"), Frames.text("too late"));

        assertThat(peer.events()).containsExactly("close(3000 \"bye\")");
        assertThat(peer.log()).containsExactly("close", "writeClose", "closeTransport");
        assertThat(peer.out()).isEqualTo("88020bb8");
    }

    @Test
    void ourCloseWaitsForThePeersAndDropsData() {
        engine.close(CloseStatus.NORMAL);
        receive(Frames.text("on the way"), Frames.ping("?"), Frames.close(1000, ""), Frames.text("too late"));

        assertThat(peer.log()).containsExactly("writeClose", "startCloseTimer", "close", "closeTransport");
        assertThat(peer.out()).isEqualTo("880203e8");
    }

    @Test
    void violationIsToldOnceAndEndsAll() {
        receive(Hex.bytes("81 05 48656c6c6f"), Frames.text("too late"));
        receive(Frames.text("too late"));

        assertThat(peer.log()).containsExactly("violation", "writeClose", "closeTransport");
        assertThat(peer.out()).isEqualTo("880203ea");
    }

    @Test
    void listenerThatClosesGetsNoMoreMessagesOfThatRead() {
        List<String> texts = new ArrayList<>();
        ProtocolEngine[] closing = new ProtocolEngine[1];
        RecordingListener once = new RecordingListener() {
            @Override
            public void onText(Message message) {
                texts.add(message.text());
                closing[0].close(CloseStatus.GOING_AWAY);
            }
        };
        closing[0] = new ProtocolEngine(65_536, 1_024, null, once, once);

        closing[0].receive(Unpooled.wrappedBuffer(Frames.text("one"), Frames.text("two"), Frames.close(1001, "")));

        assertThat(texts).containsExactly("one");
        assertThat(once.log()).containsExactly("writeClose", "startCloseTimer", "close", "closeTransport");
    }

    @Test
    void pingIsAnsweredBeforeItIsTold() {
        receive(Frames.ping("beat"));

        assertThat(peer.log()).containsExactly("writePong", "ping");
        assertThat(peer.out()).isEqualTo("8a0462656174");
    }

    @Test
    void messageIsTheSameWholeAndByteByByte() {
        byte[] bytes = Frames.join(
                Frames.text("Hellö"),
                Frames.binary(new byte[300]),
                Frames.binary(new byte[66_000 - 1_000]),
                Frames.text(""));
        receive(bytes);
        List<String> whole = List.copyOf(peer.events());
        peer.events().clear();
        for (byte b : bytes) {
            receive(new byte[] {b});
        }

        assertThat(peer.events()).hasSize(4).isEqualTo(whole);
    }
}
