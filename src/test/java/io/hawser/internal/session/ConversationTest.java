package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.SendResult;
import io.hawser.SessionState;
import io.hawser.WebSocketSession;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A session's life: order, backpressure, deadlines, endings. */
class ConversationTest {

    /** The first frames of a large binary message of zeros, in hex: so much is gathered for one flush. */
    private static final String GATHERED =
            "027f0000000000010000" + "00".repeat(65_536) + ("007f0000000000010000" + "00".repeat(65_536)).repeat(3);

    private static final String PEERS_CLOSE_1000 = "8882 00000000 03e8";

    @Test
    void whatIsSentWithinOneReadBatchIsOneWriteAndOneFlush() {
        SessionFixture test = new SessionFixture();
        test.onMessage = WebSocketSession::send;
        int flushes = test.wire.flushes;
        test.receive("8181 00000000 61 8181 00000000 62 8181 00000000 63");
        assertThat(test.wire.takenHex()).isEqualTo("810161810162810163");
        assertThat(test.wire.flushes - flushes).isEqualTo(1);
    }

    @Test
    void messagesOfAnotherThreadKeepTheirOrder() {
        SessionFixture test = new SessionFixture();
        test.thread.asOtherThread(() -> {
            test.session.send("a");
            test.registry.broadcast(Message.text("b"));
            test.session.send("c");
            test.session.close();
            test.session.send("d");
        });
        test.thread.run();
        assertThat(test.wire.takenHex()).isEqualTo("810161" + "810162" + "810163" + "880203e8");
    }

    @Test
    void aPeerThatDoesNotReadCostsItsCapAndThenItsSession() {
        SessionFixture test = new SessionFixture(Limits.defaults().withMaxPendingBytes(300_000));
        test.wire.peerReads(false);
        Message message = Message.binary(new byte[10_000 - 4]);
        for (int i = 0; i < 30; i++) {
            assertThat(test.session.trySend(message)).isTrue();
        }
        assertThat(test.session.pendingBytes()).isEqualTo(300_000);
        assertThat(test.session.trySend(message)).isFalse();
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);

        test.session.send(message);
        test.thread.run();
        assertThat(test.session.state()).isEqualTo(SessionState.CLOSING);
        test.thread.advanceMillis(5_200);
        assertThat(test.wire.cut).isTrue();
        assertThat(test.calls).containsExactly("open", "close 1008 SERVER");
        assertThat(test.session.pendingBytes()).isZero();
    }

    @Test
    void thePeerIsToldOfItsOverflowAtAFrameBoundary() {
        SessionFixture test = new SessionFixture(Limits.defaults().withMaxPendingBytes(400_000));
        test.wire.peerReads(false);
        test.session.send(Message.binary(new byte[390_000]));
        test.session.send(Message.binary(new byte[20_000]));
        test.thread.run();
        test.wire.peerReads(true);
        test.thread.run();
        String hex = test.wire.takenHex();
        assertThat(hex.startsWith(GATHERED)).isTrue();
        String rest = hex.substring(GATHERED.length());
        assertThat(rest).startsWith("88").contains("03f0");
    }

    @Test
    void aWritablePeerIsToldOnceWhenTheBacklogIsGone() {
        SessionFixture test = new SessionFixture();
        test.wire.peerReads(false);
        test.session.send(Message.binary(new byte[200_000]));
        test.thread.run();
        assertThat(test.session.isWritable()).isFalse();
        test.wire.peerReads(true);
        test.thread.run();
        assertThat(test.session.isWritable()).isTrue();
        assertThat(test.calls).containsExactly("open", "writable");
        assertThat(test.session.pendingBytes()).isZero();
    }

    @Test
    void aPongPassesBetweenTheFragmentsOfALargeMessage() {
        SessionFixture test = new SessionFixture();
        test.wire.peerReads(false);
        test.session.send(Message.binary(new byte[262_144 + 80_000]));
        test.thread.run();
        test.receive("8981 00000000 70");
        test.wire.peerReads(true);
        test.thread.run();
        String hex = test.wire.takenHex();
        String zeros = "00".repeat(80_000 - 65_536);
        assertThat(hex.startsWith(GATHERED + "8a0170" + "007f0000000000010000")).isTrue();
        assertThat(hex.endsWith("807e" + Integer.toHexString(80_000 - 65_536) + zeros))
                .isTrue();
    }

    @Test
    void whileTheWireIsFullOnlyTheNewestPongIsKept() {
        SessionFixture test = new SessionFixture();
        test.wire.peerReads(false);
        test.session.send(Message.binary(new byte[65_536]));
        test.thread.run();
        test.receive("8981 00000000 70 8981 00000000 71 8981 00000000 72");
        test.wire.peerReads(true);
        test.thread.run();
        assertThat(test.wire.takenHex()).endsWith("00" + "8a0172");
    }

    @Test
    void trackedSendsTellWhatBecameOfThem() {
        SessionFixture test = new SessionFixture();
        CompletionStage<SendResult> written = test.session.sendTracked(Message.text("a"));
        test.thread.run();
        assertThat(written.toCompletableFuture()).isCompletedWithValue(SendResult.WRITTEN);

        test.wire.peerReads(false);
        CompletionStage<SendResult> half = test.session.sendTracked(Message.binary(new byte[100_000]));
        CompletionStage<SendResult> never = test.session.sendTracked(Message.text("b"));
        test.thread.run();
        test.conversation.disconnected();
        test.thread.run();
        assertThat(outcome(half)).isEqualTo(SendResult.Outcome.UNKNOWN);
        assertThat(outcome(never)).isEqualTo(SendResult.Outcome.NOT_WRITTEN);
        assertThat(outcome(test.session.sendTracked(Message.text("c")))).isEqualTo(SendResult.Outcome.NOT_WRITTEN);
    }

    private static SendResult.Outcome outcome(CompletionStage<SendResult> stage) {
        return stage.toCompletableFuture().join().outcome();
    }

    @Test
    void thePeersCloseIsAnsweredThenOurDirectionEnds() {
        SessionFixture test = new SessionFixture();
        test.receive(PEERS_CLOSE_1000);
        assertThat(test.wire.takenHex()).isEqualTo("880203e8");
        assertThat(test.wire.outputClosed).isTrue();
        assertThat(test.calls).containsExactly("open");
        test.conversation.disconnected();
        assertThat(test.calls).containsExactly("open", "close 1000 PEER");
    }

    @Test
    void ourCloseWaitsForThePeersBeforeTheConnectionEnds() {
        SessionFixture test = new SessionFixture();
        test.session.send("last");
        test.session.close(new CloseStatus(4000, "x"));
        test.session.send("too late");
        test.thread.run();
        assertThat(test.wire.takenHex()).isEqualTo("81046c617374" + "88030fa078");
        assertThat(test.wire.outputClosed).isFalse();
        test.receive(PEERS_CLOSE_1000);
        assertThat(test.wire.outputClosed).isTrue();
        test.conversation.disconnected();
        assertThat(test.calls).containsExactly("open", "close 4000 SERVER");
    }

    @Test
    void aPeerThatNeverAnswersOurCloseIsCutAtTheCloseTimeout() {
        SessionFixture test = new SessionFixture();
        test.session.close();
        test.thread.run();
        test.thread.advanceMillis(4_900);
        assertThat(test.wire.cut).isFalse();
        test.thread.advanceMillis(300);
        assertThat(test.wire.cut).isTrue();
    }

    @Test
    void onCloseIsCalledOnceHoweverOftenTheEndIsTold() {
        SessionFixture test = new SessionFixture();
        test.conversation.disconnected();
        test.conversation.disconnected();
        test.thread.run();
        assertThat(test.calls).containsExactly("open", "close 1006 NETWORK");
        assertThat(test.registry.sessions()).isEmpty();
        assertThat(test.registry.sessionsOf("ada")).isEmpty();
    }

    @Test
    void aHandlerThatThrowsEndsItsSessionWith1011AndNoOther() {
        SessionFixture test = new SessionFixture();
        FakeWire otherWire = new FakeWire();
        LiveSession other = test.another(otherWire);
        test.onMessage = (session, message) -> {
            throw new StackOverflowError("deep");
        };
        test.receiveText("x");
        assertThat(test.wire.takenHex()).startsWith("88").contains("03f3");
        assertThat(test.calls).contains("error deep");
        assertThat(other.state()).isEqualTo(SessionState.OPEN);
    }

    @Test
    void aSilentPeerIsPingedAndThenGivenUp() {
        Heartbeat heartbeat = Heartbeat.onSilence(Duration.ofSeconds(10), Duration.ofSeconds(4));
        SessionFixture test = new SessionFixture(Limits.defaults(), heartbeat, null);
        awaitPing(test);
        test.thread.advanceMillis(3_900);
        assertThat(test.wire.cut).isFalse();
        test.thread.advanceMillis(300);
        assertThat(test.wire.cut).isTrue();
        assertThat(test.calls).containsExactly("open", "close 1006 NETWORK");
    }

    /** The first ping is jittered: between half an interval and a whole one. Returns its payload. */
    private static String awaitPing(SessionFixture test) {
        for (int waited = 0; waited <= 10_200; waited += 100) {
            test.thread.advanceMillis(100);
            String hex = test.wire.takenHex();
            if (!hex.isEmpty()) {
                assertThat(waited).isGreaterThanOrEqualTo(4_900);
                assertThat(hex).startsWith("8908");
                return hex.substring(4);
            }
        }
        throw new AssertionError("no ping");
    }

    @Test
    void anyByteFromThePeerIsASignOfLife() {
        Heartbeat heartbeat = Heartbeat.onSilence(Duration.ofSeconds(10), Duration.ofSeconds(4));
        SessionFixture test = new SessionFixture(Limits.defaults(), heartbeat, null);
        awaitPing(test);
        test.receive("81"); // half a header
        test.thread.advanceMillis(8_000);
        assertThat(test.wire.cut).isFalse();
    }

    @Test
    void aPongOfTheHeartbeatMeasuresTheRoundTripAndIsNotTheProgramsBusiness() {
        Heartbeat heartbeat = Heartbeat.always(Duration.ofSeconds(10), Duration.ofSeconds(4));
        SessionFixture test = new SessionFixture(Limits.defaults(), heartbeat, null);
        assertThat(test.session.rtt()).isEmpty();
        String payload = awaitPing(test);
        test.receive("8a88 00000000" + payload);
        assertThat(test.session.rtt()).isPresent();
        test.receive("8a81 00000000 00");
        assertThat(test.calls).containsExactly("open", "pong 1");
    }

    @Test
    void aLateLoopDoesNotBlameItsPeers() {
        Heartbeat heartbeat = Heartbeat.onSilence(Duration.ofSeconds(10), Duration.ofSeconds(4));
        SessionFixture test = new SessionFixture(Limits.defaults(), heartbeat, null);
        awaitPing(test);
        test.thread.stallMillis(60_000);
        assertThat(test.wire.cut).isFalse();
        test.receive("8a80 00000000"); // what waited in the socket is read before the next sweep
        test.thread.advanceMillis(1_000);
        assertThat(test.wire.cut).isFalse();
    }

    @Test
    void aMessageMustEndInItsTime() {
        SessionFixture test = new SessionFixture();
        test.receive("0181 00000000 61");
        test.thread.advanceMillis(20_000);
        test.receive("0081 00000000 61");
        test.thread.advanceMillis(9_500);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.thread.advanceMillis(1_000);
        assertThat(test.wire.takenHex()).startsWith("88").contains("03f0");
    }

    @Test
    void aStreamOfMessagesThatOverlapReadsIsNotOneLongMessage() {
        SessionFixture test = new SessionFixture();
        test.receive("8182 00000000 61");
        for (int i = 0; i < 10; i++) {
            test.thread.advanceMillis(10_000);
            test.receive("62 8182 00000000 61"); // ends one message and begins the next
        }
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
    }

    @Test
    void anIdleSessionIsClosedWhereThatIsAskedFor() {
        SessionFixture test = new SessionFixture(Limits.defaults().withIdleTimeout(Duration.ofSeconds(60)));
        test.thread.advanceMillis(50_000);
        test.receiveText("x");
        test.thread.advanceMillis(59_000);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.thread.advanceMillis(1_500);
        assertThat(test.wire.takenHex()).startsWith("88").contains("03e9");
    }

    @Test
    void roomsAreLeftWhenTheSessionEnds() {
        SessionFixture test = new SessionFixture();
        assertThat(test.session.join("lobby")).isTrue();
        assertThat(test.session.join("lobby")).isFalse();
        assertThat(test.registry.room("lobby").localSize()).isEqualTo(1);
        assertThat(test.registry.room("lobby").localMembers()).containsExactly(test.session);
        test.conversation.disconnected();
        assertThat(test.registry.room("lobby").localSize()).isZero();
        assertThat(test.session.join("lobby")).isFalse();
        assertThat(test.session.rooms()).isEmpty();
    }

    @Test
    void aBroadcastSaysWhatBecameOfIt() {
        SessionFixture test = new SessionFixture();
        FakeWire otherWire = new FakeWire();
        LiveSession other = test.another(otherWire);
        test.session.join("lobby");
        other.join("lobby");
        var all = test.registry.room("lobby").broadcast(Message.text("x"));
        var butOne = test.registry.room("lobby").broadcast(Message.text("y"), test.session);
        test.thread.run();
        assertThat(all.toCompletableFuture().join()).isEqualTo(new io.hawser.BroadcastResult(2, 2, 0, 0));
        assertThat(butOne.toCompletableFuture().join()).isEqualTo(new io.hawser.BroadcastResult(1, 1, 0, 0));
        assertThat(test.wire.takenHex()).isEqualTo("810178");
        assertThat(otherWire.takenHex()).isEqualTo("810178810179");
    }

    @Test
    void anExecutorGetsCallbacksInOrderAndReadingStopsWhileItsQueueIsFull() {
        Queue<Runnable> executor = new ArrayDeque<>();
        SessionFixture test =
                new SessionFixture(Limits.defaults().withMaxQueuedMessages(4), Heartbeat.off(), executor::add);
        List<String> expected = new ArrayList<>(List.of("open"));
        for (int i = 0; i < 4; i++) {
            test.receiveText("m" + i);
            expected.add("text m" + i);
        }
        assertThat(test.calls).isEmpty();
        assertThat(test.wire.reading).isFalse();
        for (Runnable task = executor.poll(); task != null; task = executor.poll()) {
            task.run();
        }
        test.thread.run();
        assertThat(test.wire.reading).isTrue();
        assertThat(test.calls).isEqualTo(expected);
    }
}
