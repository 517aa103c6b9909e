package io.hawser.rfc6455;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Limits;
import io.hawser.testing.Allocation;
import io.hawser.testing.RecordedEngine;
import org.junit.jupiter.api.Test;

/**
 * RFC 6455 §10.4: "Implementations that have implementation- and/or platform-specific limitations regarding the frame size or total
 * message size after reassembly from multiple frames MUST protect themselves against exceeding those limits."
 */
class Section10_4_LimitsTest {

    private static final int LIMIT = Limits.defaults().maxMessageBytes();
    private static final int FRAGMENTS = Limits.defaults().maxFragments();

    private static RecordedEngine server() {
        return new RecordedEngine(LIMIT, FRAGMENTS, null);
    }

    @Test
    void frameOverTheLimitIsRefusedByItsHeader() {
        String header = String.format("82 ff %016x m", LIMIT + 1L);

        assertThat(server().receive(header).events()).containsExactly("violation(1009)");
        assertThat(server().receive(header).out()).isEqualTo("880203f1");
    }

    @Test
    void sumOfTheFragmentsIsLimitedAtEachHeader() {
        RecordedEngine server = server().receive("02 fe 0400 m 00*1024");
        for (int sum = 2_048; sum <= LIMIT; sum += 1_024) {
            server.receive("00 fe 0400 m 00*1024");
        }
        assertThat(server.events()).isEmpty();
        assertThat(server.receive("00 81 m").events()).containsExactly("violation(1009)");
    }

    @Test
    void sumThatWouldOverflowIsRefused() {
        assertThat(server().receive("01 81 m 61 80 ff 7fffffffffffffff m").events())
                .containsExactly("violation(1009)");
    }

    @Test
    void lengthIsNotBelievedBeforeItsBytesCome() {
        RecordedEngine server = new RecordedEngine(Integer.MAX_VALUE, FRAGMENTS, null);
        new RecordedEngine(Integer.MAX_VALUE, FRAGMENTS, null).receive("82 ff 000000007fffffff m 00");

        assertThat(Allocation.bytesOf(() -> server.receive("82 ff 000000007fffffff m 00")))
                .isLessThan(20_000);
        assertThat(server.engine().isInsideMessage()).isTrue();
    }

    @Test
    void numberOfFragmentsIsLimitedEmptyOnesCounted() {
        int more = FRAGMENTS - 1;
        assertThat(server().receive("01 80 m [00 80 m]*" + (more - 1) + " 80 80 m")
                        .events())
                .containsExactly("text(\"\")");
        assertThat(server().receive("01 80 m [00 80 m]*" + (more + 1)).events()).containsExactly("violation(1008)");
        assertThat(server().receive("01 81 m 61 [00 81 m 61]*" + (more + 1)).out())
                .isEqualTo("880203f0");
    }
}
