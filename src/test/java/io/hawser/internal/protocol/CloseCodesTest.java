package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.CloseStatus;
import io.hawser.testing.Hex;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CloseCodesTest {

    @Test
    void ofAllSixteenBitCodesThoseOfTheRegistryAndOfLibrariesAndProgramsAreLegal() {
        Set<Integer> legal = IntStream.concat(
                        IntStream.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014),
                        IntStream.rangeClosed(3000, 4999))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
        for (int code = 0; code <= 0xFFFF; code++) {
            byte[] body = {(byte) (code >> 8), (byte) code};
            if (legal.contains(code)) {
                assertThat(CloseCodes.parse(body)).isEqualTo(new CloseStatus(code, ""));
            } else {
                assertViolation(body, 1002, "(RFC 6455 §7.4)");
            }
            assertThat(CloseCodes.isLegal(code)).isEqualTo(legal.contains(code));
        }
    }

    @Test
    void bodyIsEmptyOrACodeAndAReason() {
        assertThat(CloseCodes.parse(new byte[0])).isEqualTo(CloseStatus.NO_STATUS);
        assertThat(CloseCodes.parse(Hex.bytes("0fa0 c3bc62"))).isEqualTo(new CloseStatus(4000, "üb"));
        assertViolation(new byte[1], 1002, "(RFC 6455 §5.5.1)");
    }

    @Test
    void reasonIsUtf8AndComplete() {
        assertViolation(Hex.bytes("03e8 ff"), 1007, "(RFC 6455 §5.5.1)");
        assertViolation(Hex.bytes("03e8 61 c3"), 1007, "(RFC 6455 §5.5.1)");
    }

    @Test
    void codeIsJudgedBeforeTheReason() {
        assertViolation(Hex.bytes("03ee ff"), 1002, "(RFC 6455 §7.4)");
    }

    private static void assertViolation(byte[] body, int code, String section) {
        assertThatThrownBy(() -> CloseCodes.parse(body))
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        violation -> assertThat(violation.status().code()).isEqualTo(code))
                .hasMessageEndingWith(section);
    }
}
