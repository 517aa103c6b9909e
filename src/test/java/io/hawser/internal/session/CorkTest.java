package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.SendResult;
import io.hawser.SendResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CorkTest {

    private final SessionFixture test = new SessionFixture();

    /** A pong costs nothing of what may be pending, and a peer that takes one has not stalled. */
    @Test
    void aWholeWriteThatCostsNothingIsProgress() {
        Cork cork = new Cork(test.loop, new FakeWire(), null);
        cork.room(2).writeShort(0x8A00);
        cork.added(0);
        assertThat(cork.flush()).isEqualTo(Cork.TOLD_BY_WIRE);
        long before = cork.progress();
        cork.written(0);
        assertThat(cork.progress()).isNotEqualTo(before);
        assertThat(cork.isEmpty()).isTrue();
    }

    /** A session that has room is not taken for one whose peer is slow because its handler, when it heard of room, sent more. */
    @Test
    void whatIsSentWithinAFlushIsStillToBeFlushed() {
        SessionFixture small = new SessionFixture(
                Limits.defaults().withMaxPendingBytes(100_000).withWaterMarks(60_000, 30_000));
        small.onWritable = session -> {
            small.onWritable = again -> {};
            session.send(Message.text("a"));
            small.registry.broadcast(Message.binary(new byte[50_000])); // a write of its own, behind what is open
        };
        small.session.send(Message.binary(new byte[70_000])); // more than the wire takes without a flush
        assertThat(small.session.pendingBytes()).isGreaterThan(50_000);
        assertThat(small.session.trySend(Message.binary(new byte[90_000]))).isTrue();
        small.thread.run();
        assertThat(small.session.pendingBytes()).isZero();
    }

    /** Where nothing is queued before it, the kernel is offered what is to be flushed without the wire's queue in between. */
    @Nested
    class PastTheWire {

        private final FakeWire wire = test.wire;
        private final List<SendResult> results = new ArrayList<>();

        private void assertBothAreWritten() {
            assertThat(wire.takenFrames()).containsExactly("text a", "text b");
            assertThat(results).extracting(SendResult::outcome).containsExactly(Outcome.WRITTEN, Outcome.WRITTEN);
            assertThat(test.session.pendingBytes()).isZero();
        }

        private void send(String text) {
            test.session.sendTracked(Message.text(text)).thenAccept(results::add);
        }

        @Test
        void whatTheKernelTakesWholeIsWritten() {
            wire.takesAtOnce = Integer.MAX_VALUE;
            send("a");
            send("b");
            test.thread.run();
            assertBothAreWritten();
            assertThat(wire.offers).isOne();
            assertThat(wire.handedOver).isZero();
        }

        @Test
        void theRestOfWhatItTakesInPartComesByTheWire() {
            wire.takesAtOnce = 4;
            send("a");
            send("b");
            test.thread.run();
            assertBothAreWritten();
            assertThat(wire.handedOver).isOne();
        }

        @Test
        void nothingPassesWhatIsQueued() {
            wire.peerReads(false);
            send("a");
            test.thread.run();
            wire.takesAtOnce = Integer.MAX_VALUE;
            send("b");
            test.thread.run();
            assertThat(results).isEmpty();
            wire.peerReads(true);
            test.thread.run();
            assertBothAreWritten();
            assertThat(wire.handedOver).isEqualTo(2);
            assertThat(wire.passedQueue).isFalse();
        }

        @Test
        void aPartForOneOfABroadcastIsNotTakenFromTheOthers() {
            FakeWire second = new FakeWire();
            LiveSession other = test.another(second);
            wire.takesAtOnce = 3;
            second.takesAtOnce = Integer.MAX_VALUE;
            test.registry.broadcast(Message.text("all of it"));
            test.thread.run();
            assertThat(wire.takenFrames()).containsExactly("text all of it");
            assertThat(second.takenFrames()).containsExactly("text all of it");
            assertThat(other.pendingBytes()).isZero();
        }

        /** The Close frame costs nothing, and its end is what the connection's end waits for. */
        @Test
        void aCloseFrameThatIsTakenAtOnceIsTold() {
            wire.takesAtOnce = Integer.MAX_VALUE;
            test.session.close(new CloseStatus(4000, "done"));
            test.thread.run();
            test.receive("8882 00000000 0fa0");
            test.thread.run();
            assertThat(wire.takenFrames()).containsExactly("close 4000 done");
            assertThat(wire.outputClosed).isTrue();
        }
    }
}
