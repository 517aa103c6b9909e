package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CorkTest {

    private final SessionFixture test = new SessionFixture();
    private final Cork cork = new Cork(test.loop, new FakeWire(), null);

    /** A pong costs nothing of what may be pending, and a peer that takes one has not stalled. */
    @Test
    void aWholeWriteThatCostsNothingIsProgress() {
        cork.room(2).writeShort(0x8A00);
        cork.added(0);
        cork.flush();
        long before = cork.progress();
        cork.written(0);
        assertThat(cork.progress()).isNotEqualTo(before);
        assertThat(cork.isEmpty()).isTrue();
    }
}
