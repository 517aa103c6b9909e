package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpcodeTest {

    @Test
    void sixOfSixteenHaveAMeaning() {
        assertThat(those(Opcode::isReserved)).containsExactly(3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF);
    }

    @Test
    void upperHalfIsForControlFrames() {
        assertThat(those(Opcode::isControl)).containsExactly(8, 9, 0xA, 0xB, 0xC, 0xD, 0xE, 0xF);
    }

    @Test
    void textAndBinaryBeginAMessage() {
        assertThat(those(Opcode::beginsMessage)).containsExactly(1, 2);
    }

    private static int[] those(IntPredicate property) {
        return IntStream.range(0, 16).filter(property).toArray();
    }
}
