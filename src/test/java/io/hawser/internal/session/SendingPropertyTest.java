package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.OverflowPolicy;
import io.hawser.SendResult;
import io.hawser.SendResult.Outcome;
import io.hawser.SessionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/**
 * What holds whatever is sent, from wherever, in whatever order with what the peer and the clock do: each tracked send ends once and
 * truly, what is written is whole messages, nothing comes behind a Close frame, and no byte is left on the accounts.
 */
class SendingPropertyTest {

    private static final int RUNS = 3_000;
    private static final int STEPS = 60;
    private static final int CAP = 200_000;

    @Test
    void whateverHappensMessagesAreWholeAndToldOnce() {
        for (int seed = 0; seed < RUNS; seed++) {
            try {
                new Run(new Random(seed)).run();
            } catch (Throwable t) {
                throw new AssertionError("seed " + seed, t);
            }
        }
    }

    /** One life of a session. */
    private static final class Run {
        private final Random random;
        private final SessionFixture test;
        private final Map<Integer, List<SendResult>> results = new HashMap<>();
        private int number;

        Run(Random random) {
            this.random = random;
            this.test = new SessionFixture(Limits.defaults()
                    .withMaxPendingBytes(CAP)
                    .withWriteStallTimeout(Duration.ofSeconds(2))
                    .withCloseTimeout(Duration.ofSeconds(3)));
        }

        private void run() {
            int steps = random.nextInt(STEPS);
            for (int i = 0; i < steps; i++) {
                if (random.nextInt(3) == 0) {
                    test.thread.asOtherThread(this::step);
                } else {
                    step();
                }
                if (random.nextInt(3) == 0) {
                    test.thread.run();
                }
                assertThat(test.session.pendingBytes()).isLessThanOrEqualTo(2 * CAP + 71_000); // and a lone or held one
            }
            end();
            check();
        }

        private void step() {
            switch (random.nextInt(21)) {
                case 0, 1, 2, 3, 4 -> track();
                case 5, 6, 7 -> test.session.send(message());
                case 8 -> test.registry.broadcast(message());
                case 9 -> test.session.trySend(message());
                case 10 -> stream();
                case 11 -> test.session.ping(new byte[random.nextInt(126)]);
                case 12, 13 -> onLoop(() -> test.wire.peerReads(false));
                case 14 -> onLoop(() -> test.wire.peerReads(true));
                case 15 -> test.session.setOverflowPolicy(policy());
                case 16 -> onLoop(() -> test.thread.advanceMillis(random.nextInt(1_500)));
                case 17 ->
                    onLoop(() -> {
                        if (test.session.state() != SessionState.CLOSED) {
                            test.receive("8981 00000000 70");
                        }
                    });
                case 18 ->
                    onLoop(() ->
                            test.wire.takesAtOnce = random.nextBoolean() ? random.nextInt(80_000) : Integer.MAX_VALUE);
                default -> rarely();
            }
        }

        private void rarely() {
            switch (random.nextInt(12)) {
                case 0 -> test.session.close(new CloseStatus(4000, "done"));
                case 1 -> test.session.terminate();
                case 2 -> onLoop(() -> test.conversation.disconnected());
                case 3 -> onLoop(() -> test.receive("8882 00000000 03e8"));
                case 4 -> onLoop(() -> test.receive("8101 61")); // not masked
                case 5 -> test.session.shed();
                case 6 -> onLoop(() -> test.wire.failure = new OutOfMemoryError("as if"));
                default -> test.session.setOverflowPolicy(policy());
            }
        }

        /** What the peer and the clock do is never another thread's doing. */
        private void onLoop(Runnable call) {
            test.thread.asLoop(call);
        }

        private OverflowPolicy policy() {
            return switch (random.nextInt(4)) {
                case 0 -> OverflowPolicy.CLOSE;
                case 1 -> OverflowPolicy.DROP_NEWEST;
                case 2 -> OverflowPolicy.DROP_OLDEST;
                default ->
                    OverflowPolicy.conflate(message -> message.isText()
                            ? Optional.of(message.text().charAt(message.text().length() - 1))
                            : Optional.empty());
            };
        }

        private Message message() {
            int bytes = random.nextInt(4) == 0 ? random.nextInt(150_000) : random.nextInt(200);
            return Message.text(number++ + ":" + "x".repeat(bytes) + (char) ('a' + random.nextInt(3)));
        }

        private void track() {
            int id = number;
            results.put(id, new ArrayList<>());
            test.session
                    .sendTracked(message())
                    .thenAccept(result -> results.get(id).add(result));
        }

        /** A publisher of three pieces, each given when it is asked for, which sometimes fails. */
        private void stream() {
            int id = number++;
            results.put(id, new ArrayList<>());
            boolean fails = random.nextInt(8) == 0;
            int size = random.nextInt(70_000);
            test.session
                    .sendText(subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
                        int given;

                        @Override
                        public void request(long n) {
                            given++;
                            if (given <= 3) {
                                subscriber.onNext(
                                        (given == 1 ? id + ":" : "") + "y".repeat(size) + (given == 3 ? "z" : ""));
                            } else if (fails) {
                                subscriber.onError(new IllegalStateException("fails"));
                            } else {
                                subscriber.onComplete();
                            }
                        }

                        @Override
                        public void cancel() {}
                    }))
                    .thenAccept(result -> results.get(id).add(result));
        }

        private void end() {
            test.thread.run();
            test.thread.advanceMillis(10);
            if (random.nextBoolean()) {
                test.wire.peerReads(true);
                test.thread.run();
            }
            test.thread.advanceMillis(random.nextInt(8_000));
            test.conversation.disconnected();
            test.thread.run();
            test.thread.advanceMillis(10);
        }

        private void check() {
            assertThat(test.session.pendingBytes()).isZero();
            assertThat(test.wire.passedQueue).isFalse();
            assertThat(test.calls.stream().filter(call -> call.startsWith("close")))
                    .hasSize(1);
            List<Integer> whole = wholeMessages();
            results.forEach((id, told) -> {
                assertThat(told).as("message " + id).hasSize(1);
                if (told.get(0).outcome() == Outcome.WRITTEN) {
                    assertThat(whole).contains(id);
                } else if (told.get(0).outcome() == Outcome.NOT_WRITTEN) {
                    assertThat(whole).doesNotContain(id);
                }
            });
            assertThat(whole).doesNotHaveDuplicates();
        }

        private static String abbreviated(String frame) {
            return frame.length() <= 20 ? frame : frame.substring(0, 12) + "…" + frame.substring(frame.length() - 4);
        }

        /** The numbers of the messages that the peer has whole; fails for torn ones, and for anything behind a Close frame. */
        private List<Integer> wholeMessages() {
            List<Integer> whole = new ArrayList<>();
            String open = null;
            boolean closed = false;
            for (String frame : test.wire.takenFrames()) {
                assertThat(closed).as("behind the Close frame: " + frame).isFalse();
                if (frame.startsWith("text ")) {
                    assertThat(open).as("open at " + abbreviated(frame)).isNull();
                    open = frame.substring(5, frame.indexOf(':') < 0 ? frame.length() : frame.indexOf(':'));
                } else if (frame.startsWith("more ")) {
                    assertThat(open).isNotNull();
                } else if (frame.startsWith("close ")) {
                    closed = true;
                }
                if (open != null && !frame.endsWith(" ...") && !frame.startsWith("p")) {
                    if (!frame.startsWith("close ")) {
                        whole.add(Integer.parseInt(open));
                    }
                    open = null;
                }
            }
            return whole;
        }
    }
}
