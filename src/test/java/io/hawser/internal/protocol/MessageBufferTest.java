package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MessageBufferTest {

    private static final byte[] THREE = {1, 2, 3};

    @Test
    void bytesComeOutAsTheyWentIn() {
        MessageBuffer buffer = new MessageBuffer(10);
        buffer.append(THREE, 1, 2);
        buffer.append(THREE, 0, 3);

        assertThat(buffer.size()).isEqualTo(5);
        assertThat(buffer.remaining()).isEqualTo(5);
        assertThat(buffer.take()).containsExactly(2, 3, 1, 2, 3);
        assertThat(buffer.size()).isZero();
        assertThat(buffer.take()).isEmpty();
    }

    @Test
    void whatWasTakenIsNotWrittenToAgain() {
        MessageBuffer buffer = new MessageBuffer(10);
        buffer.append(THREE, 0, 3);
        byte[] taken = buffer.take();
        buffer.append(new byte[3], 0, 3);

        assertThat(taken).containsExactly(1, 2, 3);
    }

    @Test
    void limitIsReachedButNotPassed() {
        MessageBuffer buffer = new MessageBuffer(5);
        buffer.append(THREE, 0, 3);
        buffer.append(THREE, 0, 2);
        assertThat(buffer.remaining()).isZero();
        assertThatThrownBy(() -> buffer.reserve(1))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessage("message of 6 bytes or more, 5 is the limit (RFC 6455 §10.4)");
        assertThat(buffer.take()).hasSize(5);
    }

    @Test
    void countThatWouldOverflowIsRefused() {
        MessageBuffer buffer = new MessageBuffer(Integer.MAX_VALUE);
        buffer.append(THREE, 0, 3);
        assertThatThrownBy(() -> buffer.reserve(Integer.MAX_VALUE))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("2147483650 bytes");
        assertThat(buffer.tooBig()).hasMessageContaining("2147483648 bytes");
    }

    @Test
    void arrayDoublesAndEndsAtTheTotal() {
        MessageBuffer buffer = new MessageBuffer(100_000);
        int[] counts = {1, 512, 500, 1_000, 1_000};

        assertThat(capacities(buffer, counts, 3_013)).containsExactly(512, 1_024, 1_024, 2_048, 3_013);
        assertThat(buffer.array()).isSameAs(buffer.take());
    }

    @Test
    void arrayOfAMessageThatIsNearlyWholeIsTheWholes() {
        assertThat(capacities(new MessageBuffer(100_000), new int[] {65_522}, 65_536))
                .containsExactly(65_536);
        assertThat(capacities(new MessageBuffer(100_000), new int[] {57_000}, 65_536))
                .as("held before it has come")
                .containsExactly(57_000);
    }

    @Test
    void arrayOfALargeMessageIsTheWholesWhenAQuarterIsThere() {
        int[] counts = {131_072, 131_072, 1};

        assertThat(capacities(new MessageBuffer(1 << 24), counts, 1 << 20)).containsExactly(131_072, 262_144, 1 << 20);
    }

    @Test
    void arrayIsNeverAMegabyteAheadOfWhatIsThereOfALargeMessage() {
        int[] counts = {1 << 20, 1 << 20};

        assertThat(capacities(new MessageBuffer(1 << 24), counts, (2 << 20) - 1))
                .startsWith((2 << 20) - 1);
        assertThat(capacities(new MessageBuffer(1 << 24), counts, 3 << 20)).containsExactly(1 << 20, 2 << 20);
    }

    @Test
    void arrayOfAMessageOfUnknownSizeDoublesToTheLimit() {
        int[] counts = {1, 512, 500, 1_000, 1_000};
        int[] capacities = capacities(new MessageBuffer(3_500), counts, MessageBuffer.UNKNOWN);

        assertThat(capacities).containsExactly(512, 1_024, 1_024, 2_048, 3_500);
    }

    private static int[] capacities(MessageBuffer buffer, int[] counts, long total) {
        int[] capacities = new int[counts.length];
        for (int i = 0; i < counts.length; i++) {
            buffer.reserve(counts[i], total);
            buffer.advance(counts[i]);
            capacities[i] = buffer.array().length;
        }
        return capacities;
    }

    @Test
    void arrayHoldsWhatIsReservedWhateverTheTotal() {
        MessageBuffer buffer = new MessageBuffer(1_000);
        buffer.reserve(700, 10);
        assertThat(buffer.array()).hasSize(700);
    }

    @Test
    void arrayNeverPassesTheLimit() {
        MessageBuffer buffer = new MessageBuffer(600);
        buffer.reserve(10);
        assertThat(buffer.array()).hasSize(512);
        buffer.advance(500);
        buffer.reserve(50);
        assertThat(buffer.array()).hasSize(600);
    }

    @Test
    void clearKeepsASmallArray() {
        MessageBuffer buffer = new MessageBuffer(1_000);
        buffer.append(THREE, 0, 3);
        byte[] array = buffer.array();
        buffer.clear(512);
        assertThat(buffer.array()).isSameAs(array);
        assertThat(buffer.size()).isZero();
        buffer.clear(511);
        assertThat(buffer.array()).isEmpty();
    }
}
