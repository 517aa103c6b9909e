package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseStatusTest {

    @Test
    void everyCodeOfTheTableIsJudgedRight() {
        for (int code = -1; code <= 65_536; code++) {
            boolean wire = code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
            boolean local = code == 1005 || code == 1006 || code == 1015;
            if (wire || local) {
                assertThat(new CloseStatus(code, "").isSendable())
                        .as("%d", code)
                        .isEqualTo(wire);
            } else {
                int illegal = code;
                assertThatIllegalArgumentException().isThrownBy(() -> new CloseStatus(illegal, ""));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1005, 1006, 1015})
    void aCodeThatIsNeverSentHasNoReason(int code) {
        assertThatIllegalArgumentException().isThrownBy(() -> new CloseStatus(code, "because"));
    }

    @Test
    void aReasonHasAtMost123BytesOfUtf8() {
        assertThat(new CloseStatus(1000, "x".repeat(123)).reason()).hasSize(123);
        assertThat(new CloseStatus(1000, "\u20ac".repeat(41)).reason()).hasSize(41);
        assertThatIllegalArgumentException().isThrownBy(() -> new CloseStatus(1000, "x".repeat(124)));
        assertThatIllegalArgumentException().isThrownBy(() -> new CloseStatus(1000, "\u20ac".repeat(41) + "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\udc00\ud800", "\ud83d"})
    void aReasonHasNoUnpairedSurrogate(String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> new CloseStatus(1000, reason));
    }

    @Test
    void aReasonMayHoldPairsAndQuestionMarks() {
        assertThat(new CloseStatus(1000, "why? \ud83d\ude00").reason()).isEqualTo("why? \ud83d\ude00");
    }

    @Test
    void aReasonIsEmptyAndNotNull() {
        assertThatNullPointerException().isThrownBy(() -> new CloseStatus(1000, null));
    }

    @Test
    void aReasonCanBeAddedToAConstant() {
        assertThat(CloseStatus.GOING_AWAY.withReason("bye")).isEqualTo(new CloseStatus(1001, "bye"));
        assertThatIllegalArgumentException().isThrownBy(() -> CloseStatus.ABNORMAL.withReason("bye"));
    }

    @Test
    void theMessageOfARefusalDoesNotEchoTheReason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CloseStatus(1000, "s3cr3t".repeat(30)))
                .withMessageNotContaining("s3cr3t");
    }
}
