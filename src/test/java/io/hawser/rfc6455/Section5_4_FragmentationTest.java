package io.hawser.rfc6455;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.RecordedEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §5.4: fragments. */
class Section5_4_FragmentationTest {

    private static RecordedEngine server(String frames) {
        return new RecordedEngine().receive(frames);
    }

    /** "Control frames themselves MUST NOT be fragmented." */
    @ParameterizedTest
    @ValueSource(strings = {"08 82 m 03e8", "09 80 m", "0a 80 m", "01 80 m 09 80 m 80 80 m"})
    void controlFramesMustNotBeFragmented(String frames) {
        RecordedEngine server = server(frames);

        assertThat(server.out()).isEqualTo("880203ea");
        assertThat(server.reason()).isEqualTo("control frame is fragmented (RFC 6455 §5.5)");
    }

    /** "Message fragments MUST be delivered to the recipient in the order sent by the sender." */
    @Test
    void fragmentsMustBeDeliveredInOrder() {
        assertThat(server("01 81 m 61 00 81 m 62 00 80 m 00 82 m 6364 80 81 m 65")
                        .events())
                .containsExactly("text(\"abcde\")");
    }

    /**
     * "The fragments of one message MUST NOT be interleaved between the fragments of another message unless an extension has been
     * negotiated that can interpret the interleaving."
     */
    @ParameterizedTest
    @ValueSource(
            strings = {"01 80 m 01 80 m", "01 80 m 81 80 m", "01 80 m 82 80 m", "02 80 m 02 80 m", "02 80 m 81 80 m"})
    void fragmentsOfTwoMessagesMustNotBeInterleaved(String frames) {
        RecordedEngine server = server(frames);

        assertThat(server.events()).containsExactly("violation(1002)");
        assertThat(server.reason()).isEqualTo("new message inside another (RFC 6455 §5.4)");
    }

    /** A message "consists of a single frame with the FIN bit clear and an opcode other than 0", then those with opcode 0. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "80 80 m",
                "00 80 m",
                "80 81 m 61",
                "89 80 m 80 80 m",
                "81 80 m 80 80 m",
                "01 80 m 80 80 m 00 80 m"
            })
    void continuationMustContinueAMessage(String frames) {
        RecordedEngine server = server(frames);

        assertThat(server.reason()).isEqualTo("continuation of no message (RFC 6455 §5.4)");
        assertThat(server.out()).endsWith("880203ea");
    }

    /** "An endpoint MUST be capable of handling control frames in the middle of a fragmented message." */
    @Test
    void mustHandleControlFramesInTheMiddleOfAFragmentedMessage() {
        RecordedEngine server = server("01 81 m 61 89 81 m 31 8a 81 m 32 00 81 m 62 89 80 m 80 81 m 63");

        assertThat(server.events()).containsExactly("ping(\"1\")", "pong(\"2\")", "ping(\"\")", "text(\"abc\")");
        assertThat(server.out()).isEqualTo("8a01318a00");
        assertThat(server("01 81 m 61 88 82 m 03e8").events()).containsExactly("close(1000)");
    }

    /** "Clients and servers MUST support receiving both fragmented and unfragmented messages." */
    @Test
    void mustSupportFragmentedAndUnfragmentedMessages() {
        assertThat(server("81 81 m 61 01 81 m 62 80 81 m 63 82 81 m 00 02 81 m 01 80 81 m 02")
                        .events())
                .containsExactly("text(\"a\")", "text(\"bc\")", "binary(00)", "binary(0102)");
    }

    /** The type of a message is that of its first frame: "all fragments of a message are of the same type". */
    @Test
    void continuationHasTheTypeOfTheFirstFragment() {
        assertThat(server("02 80 m 80 81 m ff").events()).containsExactly("binary(ff)");
        assertThat(server("01 80 m 80 81 m ff").events()).containsExactly("violation(1007)");
    }

    /** An empty fragment is legal (§5.2: "0 or more"), and counts. */
    @Test
    void emptyFragmentsAreLegalAndCounted() {
        assertThat(new RecordedEngine(9, 3, null)
                        .receive("01 80 m 00 80 m 80 80 m")
                        .events())
                .containsExactly("text(\"\")");
        assertThat(new RecordedEngine(9, 3, null)
                        .receive("01 80 m 00 80 m 00 80 m 80 80 m")
                        .events())
                .containsExactly("violation(1008)");
    }
}
