package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.OverflowPolicy;
import io.hawser.SendResult;
import io.hawser.SendResult.Outcome;
import io.hawser.SessionState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** Messages that are given piece by piece: RFC 6455 §5.4, and the rules of publishers. */
class StreamedMessageTest {

    /** A publisher that does what the test says, right or wrong. */
    private static final class Pieces<T> implements Flow.Publisher<T> {
        final List<String> calls = new ArrayList<>();
        Flow.Subscriber<? super T> subscriber;

        @Override
        public void subscribe(Flow.Subscriber<? super T> to) {
            calls.add("subscribe");
            subscriber = to;
            to.onSubscribe(subscription(""));
        }

        Flow.Subscription subscription(String name) {
            return new Flow.Subscription() {
                @Override
                public void request(long n) {
                    calls.add(name + "request " + n);
                }

                @Override
                public void cancel() {
                    calls.add(name + "cancel");
                }
            };
        }

        List<String> newCalls() {
            List<String> seen = List.copyOf(calls);
            calls.clear();
            return seen;
        }
    }

    private final SessionFixture test = new SessionFixture();
    private final Pieces<String> text = new Pieces<>();
    private final Pieces<byte[]> binary = new Pieces<>();

    private static SendResult result(CompletionStage<SendResult> tracked) {
        return tracked.toCompletableFuture().getNow(new SendResult(Outcome.UNKNOWN, "still open"));
    }

    private <T> void give(Pieces<T> to, T piece) {
        to.subscriber.onNext(piece);
        test.thread.run();
    }

    private CompletionStage<SendResult> stream(Pieces<String> pieces) {
        CompletionStage<SendResult> result = test.session.sendText(pieces);
        test.thread.run();
        return result;
    }

    @Test
    void eachPieceIsAFrameAndAnEmptyOneEndsTheMessage() {
        CompletionStage<SendResult> result = stream(text);
        assertThat(text.newCalls()).containsExactly("subscribe", "request 1");
        give(text, "Hel");
        assertThat(text.newCalls()).containsExactly("request 1");
        give(text, "lo");
        assertThat(test.wire.takenFrames()).containsExactly("text Hel ...", "more 2 ...");
        text.subscriber.onComplete();
        test.thread.run();
        assertThat(test.wire.takenFrames()).containsExactly("more 0");
        assertThat(result(result)).isEqualTo(SendResult.WRITTEN);
        assertThat(test.session.pendingBytes()).isZero();
        assertThat(test.registry.metrics().messagesOut()).isEqualTo(1);
        assertThat(test.registry.metrics().bytesOut()).isEqualTo(5);
    }

    @Test
    void aMessageWithoutPiecesIsEmpty() {
        CompletionStage<SendResult> result = stream(text);
        text.subscriber.onComplete();
        test.thread.run();
        assertThat(test.wire.takenFrames()).containsExactly("text ");
        assertThat(result(result)).isEqualTo(SendResult.WRITTEN);
    }

    @Test
    void anEmptyPieceIsNoFrame() {
        stream(text);
        give(text, "");
        give(text, "x");
        assertThat(test.wire.takenFrames()).containsExactly("text x ...");
        assertThat(text.newCalls()).containsExactly("subscribe", "request 1", "request 1", "request 1");
    }

    @Test
    void theNextPieceIsAskedForWhenTheWireHasRoomForIt() {
        CompletionStage<SendResult> result = test.session.sendBinary(binary);
        test.thread.run();
        test.wire.peerReads(false);
        give(binary, new byte[150_000]);
        assertThat(binary.newCalls()).containsExactly("subscribe", "request 1");
        assertThat(test.session.pendingBytes()).isEqualTo(64 + 150_010);
        test.receive("8981 00000000 70");
        test.wire.peerReads(true);
        test.thread.run();
        assertThat(test.wire.takenFrames())
                .containsExactly("binary 65536 ...", "pong 1", "more 65536 ...", "more 18928 ...");
        assertThat(binary.newCalls()).containsExactly("request 1");
        assertThat(test.session.pendingBytes()).isEqualTo(64);
        binary.subscriber.onComplete();
        test.thread.run();
        assertThat(result(result)).isEqualTo(SendResult.WRITTEN);
        assertThat(test.session.pendingBytes()).isZero();
    }

    @Test
    void messagesSentMeanwhileWaitBehindItAndPingsDoNot() {
        stream(text);
        give(text, "a");
        test.session.send("behind");
        test.registry.broadcast(Message.text("behind too"));
        test.session.ping(new byte[3]);
        give(text, "b");
        text.subscriber.onComplete();
        test.thread.run();
        assertThat(test.wire.takenFrames())
                .containsExactly("text a ...", "ping 3", "more 1 ...", "more 0", "text behind", "text behind too");
    }

    @Test
    void itsOwnTurnComesAfterWhatWasSentBefore() {
        test.wire.peerReads(false);
        test.session.send(Message.binary(new byte[65_536]));
        test.session.send("before");
        stream(text);
        assertThat(text.newCalls()).isEmpty();
        test.wire.peerReads(true);
        test.thread.run();
        assertThat(text.newCalls()).containsExactly("subscribe", "request 1");
        text.subscriber.onComplete();
        test.thread.run();
        assertThat(test.wire.takenFrames()).containsExactly("binary 65536", "text before", "text ");
    }

    @Test
    void aPublisherThatFailsBeforeItsFirstPieceEndsTheSessionAndNothingOfItWasWritten() {
        CompletionStage<SendResult> result = stream(text);
        text.subscriber.onError(new IllegalStateException("no more"));
        test.thread.run();
        assertThat(test.wire.takenFrames()).containsExactly("close 1011 the server could not go on with a message");
        assertThat(result(result)).isEqualTo(new SendResult(Outcome.NOT_WRITTEN, "its publisher failed"));
        assertThat(test.calls).contains("error no more");
    }

    @Test
    void aPublisherThatFailsInTheMiddleLeavesAPart() {
        CompletionStage<SendResult> result = stream(text);
        give(text, "a");
        text.subscriber.onError(new IllegalStateException("no more"));
        test.thread.run();
        assertThat(test.wire.takenFrames())
                .containsExactly("text a ...", "close 1011 the server could not go on with a message");
        assertThat(result(result).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(test.session.pendingBytes()).isZero();
    }

    @Test
    void halfACharacterIsNoPiece() {
        stream(text);
        give(text, "\uD83D");
        assertThat(test.wire.takenFrames()).containsExactly("close 1011 the server could not go on with a message");
        assertThat(text.newCalls()).endsWith("cancel");
        assertThat(test.calls).contains("error text has an unpaired surrogate (RFC 6455 §5.6)");
    }

    @Test
    void nullIsNoPiece() {
        stream(text);
        give(text, null);
        assertThat(test.session.state()).isEqualTo(SessionState.CLOSING);
        assertThat(text.newCalls()).endsWith("cancel");
    }

    @Test
    void moreThanWasAskedForEndsTheSession() {
        test.session.sendBinary(binary);
        test.thread.run();
        binary.subscriber.onNext(new byte[1]);
        binary.subscriber.onNext(new byte[1]);
        test.thread.run();
        assertThat(test.wire.takenFrames()).endsWith("close 1011 the server could not go on with a message");
        assertThat(test.session.pendingBytes()).isZero();
    }

    @Test
    void aPublisherThatThrowsInSubscribeHasFailed() {
        CompletionStage<SendResult> result = test.session.sendText(subscriber -> {
            throw new IllegalStateException("not today");
        });
        test.thread.run();
        assertThat(test.calls).contains("error not today");
        assertThat(result(result).outcome()).isEqualTo(Outcome.NOT_WRITTEN);
        assertThat(test.wire.takenFrames()).containsExactly("close 1011 the server could not go on with a message");
    }

    @Test
    void lateAndDoubledSignalsAreIgnored() {
        CompletionStage<SendResult> result = stream(text);
        text.subscriber.onSubscribe(text.subscription("second "));
        test.thread.run();
        assertThat(text.newCalls()).containsExactly("subscribe", "request 1", "second cancel");
        text.subscriber.onComplete();
        text.subscriber.onComplete();
        test.thread.run();
        assertThat(result(result)).isEqualTo(SendResult.WRITTEN);
        text.subscriber.onComplete();
        text.subscriber.onNext("late");
        text.subscriber.onError(new IllegalStateException("late"));
        text.subscriber.onSubscribe(text.subscription("third "));
        test.thread.run();
        assertThat(text.newCalls()).containsExactly("third cancel");
        assertThat(test.wire.takenFrames()).containsExactly("text ");
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        assertThat(test.session.pendingBytes()).isZero();
    }

    @Test
    void theEndOfTheSessionCancels() {
        CompletionStage<SendResult> result = stream(text);
        give(text, "a");
        test.conversation.disconnected();
        text.subscriber.onNext("late");
        test.thread.run();
        assertThat(text.newCalls()).endsWith("cancel");
        assertThat(result(result).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(test.session.pendingBytes()).isZero();
    }

    @Test
    void whatIsWholeButNotTakenWhenTheConnectionEndsIsUnknown() {
        test.wire.peerReads(false);
        CompletionStage<SendResult> result = stream(text);
        give(text, "a");
        text.subscriber.onComplete();
        test.thread.run();
        test.conversation.disconnected();
        test.thread.run();
        assertThat(result(result).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(text.newCalls()).doesNotContain("cancel");
    }

    @Test
    void ourCloseWaitsForItsEnd() {
        stream(text);
        give(text, "a");
        test.session.close(new CloseStatus(4000, ""));
        test.thread.run();
        assertThat(test.wire.takenFrames()).containsExactly("text a ...");
        give(text, "b");
        text.subscriber.onComplete();
        test.thread.run();
        assertThat(test.wire.takenFrames()).containsExactly("more 1 ...", "more 0", "close 4000");
    }

    @Test
    void aViolationOvertakesItAtAFrameBoundary() {
        CompletionStage<SendResult> result = stream(text);
        give(text, "a");
        test.receive("8101 61"); // not masked
        assertThat(test.wire.takenFrames().get(1)).startsWith("close 1002");
        assertThat(text.newCalls()).endsWith("cancel");
        assertThat(result(result).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void oneThatWaitsMayBeDroppedAndIsThenNeverSubscribedTo() {
        SessionFixture full = new SessionFixture(Limits.defaults().withMaxPendingBytes(65_546 + 64));
        full.session.setOverflowPolicy(OverflowPolicy.DROP_OLDEST);
        full.wire.peerReads(false);
        full.session.send(Message.binary(new byte[65_536]));
        CompletionStage<SendResult> result = full.session.sendText(text);
        full.session.send("newer");
        full.thread.run();
        assertThat(result(result).outcome()).isEqualTo(Outcome.NOT_WRITTEN);
        assertThat(text.newCalls()).isEmpty();
    }

    @Test
    void signalsMayComeFromAnyThread() {
        List<CompletionStage<SendResult>> results = new ArrayList<>();
        test.thread.asOtherThread(() -> results.add(test.session.sendText(text)));
        test.thread.run();
        test.thread.asOtherThread(() -> text.subscriber.onNext("a"));
        test.thread.run();
        test.thread.asOtherThread(() -> text.subscriber.onComplete());
        test.thread.run();
        assertThat(test.wire.takenFrames()).containsExactly("text a ...", "more 0");
        assertThat(result(results.get(0))).isEqualTo(SendResult.WRITTEN);
    }

    @Test
    void afterTheEndOfTheSessionNothingIsSubscribedTo() {
        test.conversation.disconnected();
        assertThat(result(test.session.sendText(text)).outcome()).isEqualTo(Outcome.NOT_WRITTEN);
        test.thread.run();
        assertThat(text.newCalls()).isEmpty();
    }

    @Test
    void aPublisherThatWaitsIsNoStallOfThePeer() {
        stream(text);
        give(text, "a");
        test.session.send("behind");
        test.thread.run();
        test.thread.advanceMillis(60_000);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
    }
}
