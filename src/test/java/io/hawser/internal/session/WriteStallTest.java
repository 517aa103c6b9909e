package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.SendResult;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A peer that takes nothing of what is written to it is given up. */
class WriteStallTest {

    private final SessionFixture test = new SessionFixture(Limits.defaults().withCloseTimeout(Duration.ofSeconds(60)));

    @Test
    void aPeerThatTakesNothingForTheTimeoutIsCut() {
        test.wire.peerReads(false);
        test.session.send("x");
        test.thread.run();
        test.thread.advanceMillis(9_900);
        assertThat(test.wire.cut).isFalse();
        test.thread.advanceMillis(1_000);
        assertThat(test.wire.cut).isTrue();
        assertThat(test.calls).containsExactly("open", "close 1006 NETWORK");
        assertThat(test.limitsHit("writeStallTimeout")).isEqualTo(1);
        assertThat(test.session.pendingBytes()).isZero();
    }

    @Test
    void aPartOfOneWriteIsProgress() {
        test.wire.peerReads(false);
        test.session.send(Message.binary(new byte[60_000]));
        for (int i = 0; i < 10; i++) {
            test.thread.advanceMillis(8_000);
            test.wire.trickle();
        }
        assertThat(test.wire.cut).isFalse();
        test.thread.advanceMillis(11_500);
        assertThat(test.wire.cut).isTrue();
    }

    @Test
    void whatWeWriteIsNoProgressOfThePeer() {
        test.wire.peerReads(false);
        for (int i = 0; i < 12; i++) {
            test.session.send("x");
            test.thread.run();
            test.thread.advanceMillis(1_000);
        }
        assertThat(test.wire.cut).isTrue();
    }

    @Test
    void aPeerThatHasEverythingHasAllTheTimeThereIs() {
        test.session.send("x");
        test.thread.run();
        test.thread.advanceMillis(60_000);
        test.wire.peerReads(false);
        test.thread.advanceMillis(60_000);
        test.session.send("y");
        test.thread.run();
        test.thread.advanceMillis(9_900);
        assertThat(test.wire.cut).isFalse();
    }

    @Test
    void aLoopThatWasStuckDoesNotBlameThePeer() {
        test.wire.peerReads(false);
        test.session.send("x");
        test.thread.run();
        test.thread.advanceMillis(5_000);
        test.thread.stallMillis(60_000);
        assertThat(test.wire.cut).isFalse();
        test.thread.advanceMillis(4_500);
        assertThat(test.wire.cut).isFalse();
        test.thread.advanceMillis(1_300);
        assertThat(test.wire.cut).isTrue();
    }

    @Test
    void aLoopThatIsStuckAgainAndAgainDoesNotKeepAPeerThatTakesNothing() {
        test.wire.peerReads(false);
        test.session.send("x");
        test.thread.run();
        for (int i = 0; i < 10; i++) {
            test.thread.stallMillis(2_000);
            assertThat(test.wire.cut).isFalse();
            test.thread.advanceMillis(900);
        }
        test.thread.advanceMillis(3_000);
        assertThat(test.wire.cut).isTrue();
    }

    @Test
    void itHoldsWhileClosingAndLeavesTheStatusAsItWas() {
        test.wire.peerReads(false);
        test.session.close(new CloseStatus(4000, ""));
        test.thread.run();
        test.thread.advanceMillis(10_900);
        assertThat(test.wire.cut).isTrue();
        assertThat(test.calls).containsExactly("open", "close 4000 SERVER");
    }

    @Test
    void itHoldsWhileReadingIsStopped() {
        SessionFixture slow = new SessionFixture(
                Limits.defaults().withMaxQueuedMessages(1),
                Heartbeat.onSilence(Duration.ofSeconds(5), Duration.ofSeconds(4)),
                task -> {}); // a handler that never comes to it
        slow.receiveText("x");
        assertThat(slow.wire.reading).isFalse();
        slow.wire.peerReads(false);
        CompletionStage<SendResult> result = slow.session.sendTracked(Message.text("y"));
        slow.thread.run();
        slow.thread.advanceMillis(10_900);
        assertThat(slow.wire.cut).isTrue();
        assertThat(slow.limitsHit("writeStallTimeout")).isEqualTo(1);
        assertThat(result).isNotNull();
    }
}
