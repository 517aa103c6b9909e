package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProtocolViolationTest {

    @Test
    void isWhatToTellThePeerAndNoTraceOfThisProgram() {
        ProtocolViolation violation = new ProtocolViolation(1002, "rule (RFC 6455 §5.1)");

        assertThat(violation.status().code()).isEqualTo(1002);
        assertThat(violation.status().reason()).isEqualTo(violation.getMessage());
        assertThat(violation.getStackTrace()).isEmpty();
    }
}
