package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Message;
import io.hawser.SendResult.Outcome;
import io.hawser.SessionState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the Close frame stands among what was sent (RFC 6455 §5.5.1, §7.1). */
class CloseOrderTest {

    private final SessionFixture test = new SessionFixture();

    /** A message on the wire, which takes no more, and two that wait. */
    private void fill() {
        test.wire.peerReads(false);
        test.session.send(Message.binary(new byte[65_536]));
        test.session.send("a");
        test.session.send("b");
        test.thread.run();
    }

    private List<String> received() {
        test.wire.peerReads(true);
        test.thread.run();
        return test.wire.takenFrames();
    }

    @Test
    void aCloseGoesOutBehindWhatWasSentBeforeIt() {
        fill();
        test.session.close(new CloseStatus(4000, ""));
        test.session.send("too late");
        test.thread.run();
        assertThat(received()).containsExactly("binary 65536", "text a", "text b", "close 4000");
    }

    @Test
    void theAnswerToThePeersCloseDoesSoToo() {
        fill();
        test.receive("8882 00000000 03e8");
        assertThat(received()).containsExactly("binary 65536", "text a", "text b", "close 1000");
    }

    @Test
    void aViolationOvertakesWhatWaits() {
        fill();
        test.receive("8101 61"); // not masked
        List<String> frames = received();
        assertThat(frames).hasSize(2);
        assertThat(frames.get(0)).isEqualTo("binary 65536");
        assertThat(frames.get(1)).startsWith("close 1002");
    }

    @Test
    void aForcedEndNeedNotWaitForAnything() {
        fill();
        test.session.close();
        test.session.terminate();
        test.thread.run();
        assertThat(test.wire.cut).isTrue();
        assertThat(test.session.pendingBytes()).isZero();
    }

    @Test
    void aFrameThatIsHalfWithAPeerThatDoesNotReadEndsInAResetWithinTheCloseTimeout() {
        fill();
        test.receive("8101 61");
        test.thread.advanceMillis(4_800);
        assertThat(test.wire.cut).isFalse();
        test.thread.advanceMillis(500);
        assertThat(test.wire.cut).isTrue();
        assertThat(test.calls).containsExactly("open", "close 1002 SERVER");
    }

    @Test
    void soDoesACloseThatHasToWaitForOne() {
        fill();
        test.session.close();
        test.thread.run();
        test.thread.advanceMillis(5_300);
        assertThat(test.wire.cut).isTrue();
        assertThat(test.calls).containsExactly("open", "close 1000 SERVER");
    }

    @Test
    void whoHearsThatHisMessageWasDroppedCannotSendAnotherBeforeTheCloseFrame() {
        fill();
        List<Outcome> outcomes = new ArrayList<>();
        test.session.sendTracked(Message.text("c")).thenAccept(result -> {
            outcomes.add(result.outcome());
            test.session.send("again");
        });
        test.receive("8101 61");
        assertThat(outcomes).containsExactly(Outcome.NOT_WRITTEN);
        assertThat(test.session.state()).isEqualTo(SessionState.CLOSING);
        assertThat(received()).hasSize(2).noneMatch(frame -> frame.contains("again"));
    }

    @Test
    void theCloseFrameIsWrittenOnceThoughTheWireTakesTheRestInTheMiddle() {
        test.session.send(Message.binary(new byte[60_000]));
        test.session.send(Message.binary(new byte[60_000])); // the wire is full, of what it was not told to flush
        test.session.close(new CloseStatus(4000, ""));
        test.thread.run();
        assertThat(test.wire.takenFrames()).containsExactly("binary 60000", "binary 60000", "close 4000");
    }
}
