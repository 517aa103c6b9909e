package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.BroadcastResult;
import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.OverflowPolicy;
import io.hawser.SendResult;
import io.hawser.SendResult.Outcome;
import io.hawser.ServerMetrics;
import io.hawser.SessionState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What gives way when a peer does not read and there is no room. */
class OverflowPolicyTest {

    /** A message that fills the wire: its frame is in wire form, and can be taken back no more. */
    private static final Message FILLER = Message.binary(new byte[65_536]);

    private static final int FILLER_COST = 65_546;
    /** What a small message costs. */
    private static final int SMALL = 64;

    /** The first letter: {@code a1} and {@code a2} have one key, {@code -} has none. */
    private static final OverflowPolicy BY_LETTER =
            OverflowPolicy.conflate(message -> message.text().startsWith("-")
                    ? Optional.empty()
                    : Optional.of(message.text().charAt(0)));

    private final SessionFixture test;
    private final LiveSession session;

    OverflowPolicyTest() {
        test = new SessionFixture(limits());
        session = test.session;
        fill(session, test.wire);
    }

    /** Room for four small messages behind the filler. */
    private static Limits limits() {
        return Limits.defaults().withMaxPendingBytes(FILLER_COST + 4 * SMALL);
    }

    private void fill(LiveSession of, FakeWire wire) {
        wire.peerReads(false);
        of.send(FILLER);
        test.thread.run();
        assertThat(of.pendingBytes()).isEqualTo(FILLER_COST);
    }

    private void sendAll(String... texts) {
        for (String text : texts) {
            session.send(text);
        }
    }

    /** What the peer gets when it reads again, after the filler. */
    private List<String> received() {
        test.wire.peerReads(true);
        test.thread.run();
        List<String> frames = test.wire.takenFrames();
        assertThat(frames.get(0)).isEqualTo("binary 65536");
        assertThat(session.pendingBytes()).isZero();
        return frames.subList(1, frames.size());
    }

    private static SendResult result(CompletionStage<SendResult> tracked) {
        return tracked.toCompletableFuture().getNow(new SendResult(Outcome.UNKNOWN, "still open"));
    }

    static List<OverflowPolicy> policies() {
        return List.of(OverflowPolicy.CLOSE, OverflowPolicy.DROP_NEWEST, OverflowPolicy.DROP_OLDEST, BY_LETTER);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aTryIsRefusedWhenThereIsNoRoomWhateverThePolicy(OverflowPolicy policy) {
        session.setOverflowPolicy(policy);
        for (String text : List.of("a", "b", "c", "d")) {
            assertThat(session.trySend(Message.text(text))).isTrue();
        }
        assertThat(session.pendingBytes()).isEqualTo(FILLER_COST + 4 * SMALL);
        assertThat(session.trySend(Message.text("e"))).isFalse();
        test.thread.asOtherThread(
                () -> assertThat(session.trySend(Message.text("e"))).isFalse());
        assertThat(session.state()).isEqualTo(SessionState.OPEN);
        assertThat(received()).containsExactly("text a", "text b", "text c", "text d");
        assertThat(test.registry.metrics().droppedMessages()).isZero();
    }

    @Test
    void theNewestIsDroppedWhereThatIsThePolicy() {
        session.setOverflowPolicy(OverflowPolicy.DROP_NEWEST);
        sendAll("a", "b", "c", "d", "e");
        CompletionStage<SendResult> tracked = session.sendTracked(Message.text("f"));
        assertThat(result(tracked)).isEqualTo(new SendResult(Outcome.NOT_WRITTEN, "over the limit of pending bytes"));
        ServerMetrics metrics = test.registry.metrics();
        assertThat(metrics.droppedMessages()).isEqualTo(2);
        assertThat(metrics.limitsHit()).containsEntry("maxPendingBytes", 2L);
        assertThat(received()).containsExactly("text a", "text b", "text c", "text d");
        assertThat(session.state()).isEqualTo(SessionState.OPEN);
    }

    @Test
    void theOldestMakesRoomWhereThatIsThePolicy() {
        session.setOverflowPolicy(OverflowPolicy.DROP_OLDEST);
        CompletionStage<SendResult> oldest = session.sendTracked(Message.text("a"));
        sendAll("b", "c", "d", "e", "f");
        test.thread.run();
        assertThat(result(oldest).outcome()).isEqualTo(Outcome.NOT_WRITTEN);
        assertThat(result(oldest).reason()).contains("dropped");
        assertThat(session.pendingBytes()).isEqualTo(FILLER_COST + 4 * SMALL);
        assertThat(test.registry.metrics().droppedMessages()).isEqualTo(2);
        assertThat(received()).containsExactly("text c", "text d", "text e", "text f");
    }

    @Test
    void oneLargeMessageMayNeedTheRoomOfManySmall() {
        session.setOverflowPolicy(OverflowPolicy.DROP_OLDEST);
        sendAll("a", "b", "c", "d");
        session.send(Message.binary(new byte[3 * SMALL - 4])); // with its header of 4 bytes
        assertThat(received()).containsExactly("text d", "binary 188");
    }

    @Test
    void nothingIsDroppedForAMessageThatHasNoRoomEvenSo() {
        session.setOverflowPolicy(OverflowPolicy.DROP_OLDEST);
        sendAll("a", "b", "c", "d");
        session.send(Message.binary(new byte[5 * SMALL]));
        assertThat(test.registry.metrics().droppedMessages()).isEqualTo(1);
        assertThat(received()).containsExactly("text a", "text b", "text c", "text d");
    }

    @Test
    void whatHasBegunIsNotDroppedAndNorAreControlFrames() {
        SessionFixture large = new SessionFixture(Limits.defaults().withMaxPendingBytes(346_618 + 2 * SMALL));
        large.session.setOverflowPolicy(OverflowPolicy.DROP_OLDEST);
        large.wire.peerReads(false);
        CompletionStage<SendResult> begun = large.session.sendTracked(Message.binary(new byte[346_608]));
        large.session.ping(new byte[1]);
        large.receive("8981 00000000 70");
        for (String text : List.of("a", "b", "c")) {
            large.session.send(text);
        }
        large.wire.peerReads(true);
        large.thread.run();
        assertThat(large.wire.takenFrames())
                .containsExactly(
                        "binary 65536 ...",
                        "more 65536 ...",
                        "more 65536 ...",
                        "more 65536 ...",
                        "pong 1",
                        "ping 1",
                        "more 65536 ...",
                        "more 18928",
                        "text c");
        assertThat(result(begun)).isEqualTo(SendResult.WRITTEN);
    }

    @Test
    void theHeartbeatsPingHasRoomWhereAMessageHasNone() {
        SessionFixture pinged =
                new SessionFixture(limits(), Heartbeat.always(Duration.ofSeconds(4), Duration.ofSeconds(3)), null);
        pinged.session.setOverflowPolicy(OverflowPolicy.DROP_OLDEST);
        pinged.wire.peerReads(false);
        pinged.session.send(FILLER);
        for (int i = 0; i < 10; i++) {
            pinged.session.send("x");
        }
        pinged.thread.advanceMillis(4_200);
        pinged.wire.peerReads(true);
        pinged.thread.run();
        assertThat(pinged.wire.takenFrames()).containsSequence("binary 65536", "ping 8", "text x");
        assertThat(pinged.session.pendingBytes()).isZero();
    }

    @Test
    void aNewerMessageTakesThePlaceOfTheOneWithItsKeyFullOrNot() {
        session.setOverflowPolicy(BY_LETTER);
        CompletionStage<SendResult> first = session.sendTracked(Message.text("a1"));
        sendAll("b1", "-1", "a2");
        assertThat(session.pendingBytes()).isEqualTo(FILLER_COST + 3 * SMALL);
        sendAll("-2", "b2", "a3");
        assertThat(result(first)).isEqualTo(new SendResult(Outcome.NOT_WRITTEN, "replaced by a newer message"));
        assertThat(session.pendingBytes()).isEqualTo(FILLER_COST + 4 * SMALL);
        assertThat(test.registry.metrics().droppedMessages()).isEqualTo(3);
        assertThat(test.registry.metrics().limitsHit()).doesNotContainKey("maxPendingBytes");
        assertThat(received()).containsExactly("text a3", "text b2", "text -1", "text -2");
    }

    @Test
    void theReplacementIsCountedByItsOwnSize() {
        session.setOverflowPolicy(BY_LETTER);
        session.send("a");
        session.send("a" + "x".repeat(200));
        assertThat(session.pendingBytes()).isEqualTo(FILLER_COST + 205);
        session.send("a");
        assertThat(session.pendingBytes()).isEqualTo(FILLER_COST + SMALL);
        assertThat(received()).containsExactly("text a");
    }

    @Test
    void aKeyThatWasSentMayWaitAgain() {
        session.setOverflowPolicy(BY_LETTER);
        session.send("a1");
        received();
        fill(session, test.wire);
        sendAll("a2", "a3");
        assertThat(received()).containsExactly("text a3");
    }

    @Test
    void aFullQueueOfOtherKeysEndsTheSession() {
        session.setOverflowPolicy(BY_LETTER);
        sendAll("a", "b", "c", "d", "e");
        test.thread.run();
        assertThat(session.state()).isEqualTo(SessionState.CLOSING);
        assertThat(test.limitsHit("maxPendingBytes")).isEqualTo(1);
        test.wire.peerReads(true);
        test.thread.run();
        assertThat(test.wire.takenFrames())
                .containsExactly("binary 65536", "close 1008 reads too slowly: more than 65802 bytes pending");
    }

    @Test
    void whoOverflowsAndTakesNotEvenTheCloseFrameIsCutWithinTwoSeconds() {
        sendAll("a", "b", "c", "d", "e");
        test.thread.run();
        assertThat(session.state()).isEqualTo(SessionState.CLOSING);
        test.thread.advanceMillis(1_300);
        assertThat(test.wire.cut).isFalse();
        test.thread.advanceMillis(400);
        assertThat(test.wire.cut).isTrue();
        assertThat(test.calls).containsExactly("open", "close 1008 SERVER");
    }

    @Test
    void whoOverflowsAndTakesTheCloseFrameHasTheCloseTimeoutToAnswer() {
        sendAll("a", "b", "c", "d", "e");
        test.thread.run();
        test.wire.peerReads(true);
        test.thread.run();
        test.thread.advanceMillis(4_500);
        assertThat(test.wire.cut).isFalse();
    }

    @Test
    void aKeyFunctionThatThrowsFailsTheCallAndLeavesTheQueueAlone() {
        session.setOverflowPolicy(OverflowPolicy.conflate(message -> {
            if (message.text().startsWith("!")) {
                throw new IllegalStateException("no key");
            }
            return Optional.of(message.text());
        }));
        session.send("a");
        assertThatThrownBy(() -> session.send("!")).isInstanceOf(IllegalStateException.class);
        test.thread.asOtherThread(
                () -> assertThatThrownBy(() -> session.send("!")).isInstanceOf(IllegalStateException.class));
        session.send("b");
        assertThat(session.pendingBytes()).isEqualTo(FILLER_COST + 2 * SMALL);
        assertThat(received()).containsExactly("text a", "text b");
    }

    @Test
    void aKeyFunctionThatThrowsCostsABroadcastOneMember() {
        FakeWire otherWire = new FakeWire();
        test.another(otherWire);
        session.setOverflowPolicy(OverflowPolicy.conflate(message -> {
            throw new IllegalStateException("no key");
        }));
        var result = test.registry.broadcast(Message.text("x"));
        assertThat(result.toCompletableFuture()).isCompletedWithValue(new BroadcastResult(2, 1, 1, 0));
        test.thread.run();
        assertThat(otherWire.takenFrames()).containsExactly("text x");
        assertThat(test.registry.metrics().handlerFailures()).isEqualTo(1);
        assertThat(session.state()).isEqualTo(SessionState.OPEN);
    }

    @Test
    void aBroadcastCountsByEachMembersPolicy() {
        FakeWire[] wires = {new FakeWire(), new FakeWire(), new FakeWire(), new FakeWire()};
        OverflowPolicy[] policies = {
            OverflowPolicy.CLOSE, OverflowPolicy.DROP_NEWEST, OverflowPolicy.DROP_OLDEST, BY_LETTER
        };
        for (int i = 0; i < 4; i++) {
            LiveSession member = test.open(limits(), wires[i]);
            member.setOverflowPolicy(policies[i]);
            fill(member, wires[i]);
            for (String text : List.of("a", "b", "c", "d")) {
                member.send(text);
            }
            member.join("room");
        }
        var result = test.registry.room("room").broadcast(Message.text("a2"));
        assertThat(result.toCompletableFuture()).isCompletedWithValue(new BroadcastResult(4, 2, 1, 1));
        var again = test.registry.room("room").broadcast(Message.text("e"));
        assertThat(again.toCompletableFuture()).isCompletedWithValue(new BroadcastResult(4, 1, 1, 2));
        wires[2].peerReads(true);
        test.thread.run();
        assertThat(wires[2].takenFrames()).containsExactly("binary 65536", "text c", "text d", "text a2", "text e");
    }

    /** What is written at the end of the pass is queued until then. */
    @ParameterizedTest
    @CsvSource({"1000, 3", "65536, 2"})
    void aMemberThatCannotBeWrittenToIsCutAndTheOthersGetTheMessage(int size, int queued) {
        test.wire.peerReads(true);
        FakeWire broken = new FakeWire();
        LiveSession unlucky = test.another(broken);
        broken.failure = new OutOfMemoryError("direct memory, as if");
        FakeWire otherWire = new FakeWire();
        test.another(otherWire);
        Message message = Message.binary(new byte[size]);
        var result = test.registry.broadcast(message);
        assertThat(result.toCompletableFuture()).isCompletedWithValue(new BroadcastResult(3, queued, 0, 3 - queued));
        test.thread.run();
        assertThat(otherWire.takenFrames()).containsExactly("binary " + size);
        assertThat(broken.cut).isTrue();
        assertThat(unlucky.state()).isEqualTo(SessionState.CLOSED);
        assertThat(unlucky.pendingBytes()).isZero();
        assertThat(test.calls).contains("error direct memory, as if", "close 1006 SERVER");
    }

    @Test
    void whatIsOnItsWayFromOtherThreadsCountsAgainstTheCap() {
        test.thread.asOtherThread(() -> {
            for (String text : List.of("a", "b", "c", "d")) {
                assertThat(session.trySend(Message.text(text))).isTrue();
            }
            assertThat(session.trySend(Message.text("e"))).isFalse();
        });
        assertThat(session.pendingBytes()).isEqualTo(FILLER_COST + 4 * SMALL);
        assertThat(session.trySend(Message.text("e"))).isFalse();
        test.thread.run();
        assertThat(received()).containsExactly("text a", "text b", "text c", "text d");
    }

    @Test
    void anOverflowFromAnotherThreadIsToldOnceHoweverOftenItSends() {
        test.thread.asOtherThread(() -> {
            for (int i = 0; i < 100; i++) {
                session.send("x");
            }
        });
        assertThat(session.pendingBytes()).isEqualTo(FILLER_COST + 4 * SMALL);
        test.thread.run();
        assertThat(test.limitsHit("maxPendingBytes")).isEqualTo(1);
        assertThat(session.state()).isEqualTo(SessionState.CLOSING);
    }

    @Test
    void theOldestMakesRoomForWhatComesFromOtherThreadsWhichNeverHoldsMoreThanTheCapAgain() {
        session.setOverflowPolicy(OverflowPolicy.DROP_OLDEST);
        sendAll("a", "b", "c", "d");
        long cap = limits().maxPendingBytes();
        test.thread.asOtherThread(() -> {
            for (int i = 0; i < 5_000; i++) {
                session.send("" + i);
            }
        });
        assertThat(session.pendingBytes()).isBetween(2 * cap - SMALL, 2 * cap);
        int underWay = (int) (session.pendingBytes() - cap) / SMALL;
        test.thread.run();
        test.thread.advanceMillis(1);
        assertThat(session.pendingBytes()).isEqualTo(cap);
        assertThat(test.registry.metrics().droppedMessages()).isEqualTo(5_004 - 4);
        assertThat(received())
                .containsExactly(
                        "text " + (underWay - 4),
                        "text " + (underWay - 3),
                        "text " + (underWay - 2),
                        "text " + (underWay - 1));
    }

    @Test
    void ofAKeyThatAnotherThreadSendsAgainAndAgainOneMessageIsUnderWay() {
        session.setOverflowPolicy(BY_LETTER);
        test.thread.asOtherThread(() -> {
            for (int i = 0; i < 5_000; i++) {
                session.send("a" + i);
                session.send("b" + i);
            }
        });
        assertThat(session.pendingBytes()).isEqualTo(FILLER_COST + 2 * SMALL);
        test.thread.run();
        assertThat(received()).containsExactly("text a4999", "text b4999");
        assertThat(test.registry.metrics().droppedMessages()).isEqualTo(9_998);
    }

    @Test
    void aTrackedMessageThatIsReplacedOnItsWayIsToldSo() {
        session.setOverflowPolicy(BY_LETTER);
        List<CompletionStage<SendResult>> results = new java.util.ArrayList<>();
        test.thread.asOtherThread(() -> {
            results.add(session.sendTracked(Message.text("a1")));
            session.send("a2");
            results.add(session.sendTracked(Message.text("a3")));
        });
        test.thread.run();
        assertThat(result(results.get(0)).reason()).isEqualTo("replaced by a newer message");
        assertThat(session.pendingBytes()).isEqualTo(FILLER_COST + SMALL);
        assertThat(received()).containsExactly("text a3");
        assertThat(result(results.get(1))).isEqualTo(SendResult.WRITTEN);
    }

    @Test
    void whatArrivesReplacesWhatWaits() {
        session.setOverflowPolicy(BY_LETTER);
        sendAll("a1", "b1", "c1", "d1");
        test.thread.asOtherThread(() -> sendAll("b2", "d2"));
        test.thread.run();
        assertThat(received()).containsExactly("text a1", "text b2", "text c1", "text d2");
    }

    @Test
    void aBurstOverflowsNobodyWhoReads() {
        test.wire.peerReads(true);
        test.thread.run();
        test.wire.takenFrames();
        Message message = Message.binary(new byte[10_000]);
        for (int i = 0; i < 100; i++) {
            session.send(message); // a megabyte, within one turn of the loop
        }
        test.thread.run();
        assertThat(session.state()).isEqualTo(SessionState.OPEN);
        assertThat(test.wire.takenFrames()).hasSize(100);
    }

    @Test
    void aSendFromTheResultOfADroppedOneIsSafe() {
        session.setOverflowPolicy(OverflowPolicy.DROP_OLDEST);
        session.sendTracked(Message.text("a")).thenAccept(dropped -> session.send("again"));
        sendAll("b", "c", "d", "e");
        test.thread.run();
        assertThat(session.pendingBytes()).isEqualTo(FILLER_COST + 4 * SMALL);
        assertThat(received()).hasSize(4).contains("text again", "text e");
    }
}
