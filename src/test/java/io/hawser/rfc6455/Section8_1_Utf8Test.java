package io.hawser.rfc6455;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.Frames;
import io.hawser.testing.Hex;
import io.hawser.testing.MarkingTransform;
import io.hawser.testing.RecordedEngine;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §5.6 and §8.1: text is UTF-8. */
class Section8_1_Utf8Test {

    /**
     * "When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in fact, a valid UTF-8 stream, that
     * endpoint MUST _Fail the WebSocket Connection_."
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff",
                "80",
                "c0af",
                "e080af",
                "eda080",
                "edbfbf",
                "f4908080",
                "f880808080",
                "c3",
                "e282",
                "f09f98"
            })
    void mustFailUponTextThatIsNotUtf8(String payload) {
        byte[] utf8 = Hex.bytes("61 " + payload);
        RecordedEngine server = new RecordedEngine().receive(Frames.frame(Frames.FIN | Frames.TEXT, Frames.KEY, utf8));

        assertThat(server.log()).containsExactly("violation", "writeClose", "closeTransport");
        assertThat(server.out()).isEqualTo("880203ef");
        assertThat(server.reason()).isEqualTo("text is not UTF-8 (RFC 6455 §8.1)");
    }

    /** §5.6: "a particular text frame might include a partial UTF-8 sequence; however, the whole message MUST contain valid UTF-8" */
    @Test
    void characterMayBeCutByFragmentsAnywhere() {
        byte[] text = "é€😀".getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= text.length; cut++) {
            byte[] first = Arrays.copyOf(text, cut);
            byte[] rest = Arrays.copyOfRange(text, cut, text.length);
            RecordedEngine server = new RecordedEngine()
                    .receive(
                            Frames.frame(Frames.TEXT, Frames.KEY, first),
                            Frames.frame(Frames.CONTINUATION, Frames.KEY, new byte[0]),
                            Frames.frame(Frames.FIN, ~Frames.KEY, rest));
            assertThat(server.events()).containsExactly("text(c3a9e282acf09f9880)");
        }
    }

    @Test
    void messageMustNotEndInsideACharacter() {
        assertThat(new RecordedEngine().receive("01 82 m e282 80 80 m").events())
                .containsExactly("violation(1007)");
        assertThat(new RecordedEngine().receive("01 82 m e282 80 81 m ac").events())
                .containsExactly("text(e282ac)");
    }

    /** Nothing demands that it be found so early; Autobahn calls all else NON-STRICT, and it saves the rest of the message. */
    @ParameterizedTest
    @ValueSource(strings = {"ff", "c080", "e09f", "eda0", "f08f", "f490", "f5", "e282 41"})
    void faultIsFoundAtItsFirstByteInsideAFrame(String fault) {
        RecordedEngine server =
                new RecordedEngine().receive("81 fe 4000 m 61*8192").receive(fault);

        assertThat(server.events()).containsExactly("violation(1007)");
    }

    @Test
    void binaryIsNotText() {
        assertThat(new RecordedEngine().receive("82 81 m ff 02 81 m c3 80 80 m").events())
                .containsExactly("binary(ff)", "binary(c3)");
    }

    /** RFC 7692 §6.2: the text is what the payload is decoded to. */
    @Test
    void textOfAnExtensionIsCheckedAfterDecoding() {
        assertThat(new RecordedEngine(100, 10, new MarkingTransform(1))
                        .receive("c1 82 m c2a8")
                        .events())
                .as("valid only once it is decoded")
                .containsExactly("text(c3a9)");
        assertThat(new RecordedEngine(100, 10, new MarkingTransform(1))
                        .receive("41 81 m fe 80 80 m")
                        .events())
                .containsExactly("violation(1007)");
    }
}
