package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.SessionState;
import io.hawser.WebSocketSession;
import io.hawser.testing.Allocation;
import io.hawser.testing.Frames;
import io.hawser.testing.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pause}, {@code request}, {@code resume}: on the event loop and with an executor, the same rules. */
class DemandTest {

    private static final String PEERS_CLOSE_1000 = "8882 00000000 03e8";

    private final Queue<Runnable> executor = new ArrayDeque<>();

    private SessionFixture fixture(Limits limits, boolean onExecutor) {
        return new SessionFixture(limits, Heartbeat.off(), onExecutor ? executor::add : null);
    }

    /** Lets loop and executor do all they have to do. */
    private void run(SessionFixture test) {
        test.thread.run();
        for (Runnable task = executor.poll(); task != null; task = executor.poll()) {
            task.run();
            test.thread.run();
        }
    }

    private static byte[] texts(int from, int to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = from; i < to; i++) {
            out.writeBytes(RawClient.frame(0x81, ("m" + i).getBytes(StandardCharsets.UTF_8)));
        }
        return out.toByteArray();
    }

    private static List<String> calls(int from, int to, String... then) {
        List<String> calls = new ArrayList<>();
        for (int i = from; i < to; i++) {
            calls.add("text m" + i);
        }
        calls.addAll(Arrays.asList(then));
        return calls;
    }

    private void receive(SessionFixture test, byte[] bytes) {
        test.receive(bytes);
        run(test);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pauseWithinAMessageStopsTheNextOfTheSameBatch(boolean onExecutor) {
        SessionFixture test = fixture(Limits.defaults(), onExecutor);
        run(test);
        test.calls.clear();
        test.onMessage = (session, message) -> {
            if (message.text().equals("m3")) {
                session.pause();
            }
        };
        receive(test, texts(0, 10));
        assertThat(test.calls).isEqualTo(calls(0, 4));
        assertThat(test.wire.reading).isTrue();
        test.session.resume();
        run(test);
        assertThat(test.calls).isEqualTo(calls(0, 10));
        receive(test, texts(10, 12));
        assertThat(test.calls).isEqualTo(calls(0, 12));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void soManyMessagesAsWereRequestedAreDeliveredAndThenNone(boolean onExecutor) {
        SessionFixture test = fixture(Limits.defaults(), onExecutor);
        run(test);
        test.calls.clear();
        test.session.pause();
        test.session.request(2);
        test.session.request(1);
        receive(test, texts(0, 2));
        receive(test, texts(2, 10));
        assertThat(test.calls).isEqualTo(calls(0, 3));
        test.thread.asOtherThread(() -> test.session.request(4));
        run(test);
        assertThat(test.calls).isEqualTo(calls(0, 7));
        test.onMessage = (session, message) -> session.request(1); // from within a callback
        test.session.request(1);
        run(test);
        assertThat(test.calls).isEqualTo(calls(0, 10));
        receive(test, texts(10, 40));
        assertThat(test.calls).isEqualTo(calls(0, 40));
        assertThatIllegalArgumentException().isThrownBy(() -> test.session.request(0));
        test.onMessage = (session, message) -> {};
        test.session.pause();
        test.session.request(Long.MAX_VALUE - 1);
        test.session.request(Long.MAX_VALUE - 1); // no end, and no overflow
        receive(test, texts(40, 50));
        assertThat(test.calls).isEqualTo(calls(0, 50));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWaitsIsBoundedHoweverMuchComesInOneRead(boolean onExecutor) {
        SessionFixture test = fixture(Limits.defaults().withMaxQueuedMessages(8), onExecutor);
        run(test);
        test.calls.clear();
        test.session.pause();
        receive(test, texts(0, 1_000));
        assertThat(test.wire.reading).isFalse();
        assertThat(test.registry.metrics().messagesIn()).as("parsed").isEqualTo(8);
        assertThat(test.limitsHit("maxQueued")).isEqualTo(1);
        receive(test, texts(1_000, 1_005)); // the same batch of reads
        assertThat(test.registry.metrics().messagesIn()).isEqualTo(8);

        test.session.request(3);
        run(test);
        assertThat(test.calls).isEqualTo(calls(0, 3));
        assertThat(test.registry.metrics().messagesIn()).as("over half").isEqualTo(8);
        test.session.request(1);
        run(test);
        assertThat(test.calls).isEqualTo(calls(0, 4));
        assertThat(test.registry.metrics().messagesIn()).as("half").isEqualTo(12);
        assertThat(test.wire.reading).isFalse();

        test.session.resume();
        run(test);
        assertThat(test.calls).isEqualTo(calls(0, 1_005));
        assertThat(test.wire.reading).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theBoundOfBytesHoldsToOneMessage(boolean onExecutor) {
        SessionFixture test = fixture(Limits.defaults().withMaxQueuedBytes(100_000), onExecutor);
        run(test);
        test.session.pause();
        byte[] frame = RawClient.frame(0x82, new byte[30_000]);
        for (int i = 0; i < 6; i++) {
            receive(test, frame);
        }
        assertThat(test.wire.reading).isFalse();
        assertThat(test.registry.metrics().bytesIn()).isEqualTo(120_000);
        test.session.request(2);
        run(test);
        assertThat(test.wire.reading).isFalse();
        test.session.request(1);
        run(test);
        assertThat(test.wire.reading)
                .as("under half, and the kept bytes are parsed")
                .isTrue();
        assertThat(test.registry.metrics().bytesIn()).isEqualTo(180_000);
    }

    @Test
    void pingsAreAnsweredWhileReadingGoesOnAndPongsKeepTheirPlace() {
        SessionFixture test = new SessionFixture();
        test.session.pause();
        test.receive("8a81 00000000 01"); // nothing waits: no message is overtaken
        test.receive(texts(0, 1));
        test.receive("8981 00000000 70 8a82 00000000 0102");
        assertThat(test.wire.takenHex()).isEqualTo("8a0170");
        assertThat(test.calls).containsExactly("open", "pong 1");
        test.session.request(1);
        test.thread.run();
        assertThat(test.calls).containsExactly("open", "pong 1", "text m0", "pong 2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void afterThePeersCloseWhatNobodyWantsIsDiscardedAndCounted(boolean onExecutor) {
        SessionFixture test = fixture(Limits.defaults(), onExecutor);
        test.session.pause();
        test.session.request(2);
        receive(test, texts(0, 5));
        test.receive(PEERS_CLOSE_1000);
        test.conversation.disconnected();
        run(test);
        assertThat(test.calls).containsExactly("open", "text m0", "text m1", "close 1000 PEER");
        assertThat(test.registry.metrics().discardedMessages()).isEqualTo(3);
        test.session.resume();
        run(test);
        assertThat(test.calls).hasSize(4);
    }

    @Test
    void afterThePeersCloseWhatWaitsForTheExecutorComesFirst() {
        SessionFixture test = fixture(Limits.defaults(), true);
        test.receive(texts(0, 5));
        test.receive(PEERS_CLOSE_1000);
        test.conversation.disconnected();
        run(test);
        assertThat(test.calls).isEqualTo(withOpen(calls(0, 5, "close 1000 PEER")));
        assertThat(test.registry.metrics().discardedMessages()).isZero();
    }

    private static List<String> withOpen(List<String> calls) {
        calls.add(0, "open");
        return calls;
    }

    @Test
    void aPauseWhileTheLastMessagesAreDeliveredEndsThem() {
        SessionFixture test = fixture(Limits.defaults(), true);
        test.onMessage = (session, message) -> session.pause();
        test.receive(texts(0, 5));
        test.receive(PEERS_CLOSE_1000);
        test.conversation.disconnected();
        run(test);
        assertThat(test.calls).containsExactly("open", "text m0", "close 1000 PEER");
        assertThat(test.registry.metrics().discardedMessages()).isEqualTo(4);
    }

    @Test
    void afterAResetNothingThatWaitsIsDelivered() {
        SessionFixture test = fixture(Limits.defaults(), true);
        run(test);
        test.receive(texts(0, 5));
        test.conversation.failed(new java.io.IOException("reset"));
        test.conversation.disconnected();
        run(test);
        assertThat(test.calls).containsExactly("open", "error reset", "close 1006 NETWORK");
        assertThat(test.registry.metrics().discardedMessages()).isEqualTo(5);
    }

    @Test
    void terminateDropsWhatWaits() {
        SessionFixture test = fixture(Limits.defaults(), true);
        run(test);
        test.receive(texts(0, 5));
        test.session.terminate();
        run(test);
        assertThat(test.calls).containsExactly("open", "close 1006 SERVER");
        assertThat(test.registry.metrics().discardedMessages()).isEqualTo(5);
    }

    @Test
    void aHandlerThatThrewGetsNoFurtherMessage() {
        SessionFixture test = fixture(Limits.defaults(), true);
        test.onMessage = (session, message) -> {
            throw new AssertionError("boom");
        };
        receive(test, texts(0, 5));
        test.conversation.disconnected();
        run(test);
        assertThat(test.calls).containsExactly("open", "text m0", "error boom", "close 1011 SERVER");
        assertThat(test.registry.metrics().discardedMessages()).isEqualTo(4);
        assertThat(test.registry.metrics().handlerFailures()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bytesThatWereNotParsedAreLookedThroughAtTheEnd(boolean onExecutor) {
        SessionFixture test = fixture(Limits.defaults().withMaxQueuedMessages(2), onExecutor);
        run(test);
        test.session.pause();
        receive(test, Frames.join(texts(0, 5), RawClient.frame(0x88, new byte[] {0x0F, (byte) 0xA0})));
        test.conversation.disconnected();
        run(test);
        assertThat(test.calls).containsExactly("open", "close 4000 PEER");
        assertThat(test.registry.metrics().discardedMessages()).isEqualTo(5);
    }

    @Test
    void thePeerOwesNothingWhileItIsNotRead() {
        Limits limits = Limits.defaults().withMaxQueuedMessages(1).withIdleTimeout(Duration.ofSeconds(60));
        SessionFixture test =
                new SessionFixture(limits, Heartbeat.onSilence(Duration.ofSeconds(10), Duration.ofSeconds(4)), null);
        test.session.pause();
        test.receive(Frames.join(texts(0, 1), new byte[] {1, (byte) 0x81, 0, 0, 0, 0, 'a'}));
        assertThat(test.wire.reading).isFalse();
        test.thread.advanceMillis(600_000);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.session.resume();
        test.thread.run();
        test.thread.advanceMillis(3_900);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.thread.advanceMillis(300);
        assertThat(test.registry.metrics().limitsHit()).isEqualTo(Map.of("maxQueued", 1L, "pongWithin", 1L));
    }

    @Test
    void afterOurCloseThePeersIsReadThoughMuchWaits() {
        SessionFixture test = fixture(Limits.defaults().withMaxQueuedMessages(2), false);
        test.session.pause();
        test.receive(texts(0, 10));
        assertThat(test.wire.reading).isFalse();
        test.session.close();
        test.thread.run();
        assertThat(test.wire.reading).isTrue();
        test.receive(PEERS_CLOSE_1000);
        assertThat(test.wire.outputClosed).isTrue();
        test.conversation.disconnected();
        test.thread.run();
        assertThat(test.calls).containsExactly("open", "close 1000 SERVER");
    }

    @Test
    void moreThanAnyReadBatchIsNotKept() {
        SessionFixture test = fixture(Limits.defaults().withMaxQueuedMessages(2), false);
        test.session.pause();
        test.receive(texts(0, 10));
        for (int i = 0; i < 100; i++) { // as when the kernel hands over all it has at FIN
            test.receive(RawClient.frame(0x82, new byte[60_000]));
        }
        assertThat(test.registry.metrics().messagesIn()).isEqualTo(2);
        test.session.resume();
        test.thread.run();
        assertThat(test.wire.cut).as("a gap cannot be read over").isTrue();
        assertThat(test.calls).contains("text m9", "binary 60000").doesNotContain("error");
    }

    /** Whatever the cuts and the demand, the handler is given the same, in order, once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anySplitAndAnyPatternOfDemandGiveTheSameCalls(long seed) {
        for (int round = 0; round < 50; round++) {
            Random random = new Random(seed * 1_000 + round);
            boolean onExecutor = random.nextBoolean();
            executor.clear();
            SessionFixture test = fixture(
                    Limits.defaults()
                            .withMaxQueuedMessages(1 + random.nextInt(6))
                            .withMaxQueuedBytes(1 + random.nextInt(40)),
                    onExecutor);
            int count = 60;
            byte[] wire = texts(0, count);
            test.onMessage = (session, message) -> demand(random, session);
            for (int at = 0; at < wire.length; ) {
                int end = Math.min(wire.length, at + 1 + random.nextInt(50));
                step(random, test, Arrays.copyOfRange(wire, at, end));
                at = end;
            }
            test.session.resume();
            run(test);
            test.session.resume(); // a callback may have paused again
            for (int i = 0; i < 2 * count && test.calls.size() < count + 1; i++) {
                test.session.request(1);
                run(test);
            }
            assertThat(test.calls).as("seed %s, round %s", seed, round).isEqualTo(withOpen(calls(0, count)));
            assertThat(test.registry.metrics().messagesIn()).isEqualTo(count);
        }
    }

    private static void demand(Random random, WebSocketSession session) {
        switch (random.nextInt(6)) {
            case 0 -> session.pause();
            case 1 -> session.request(1 + random.nextInt(3));
            case 2 -> session.resume();
            default -> {}
        }
    }

    private void step(Random random, SessionFixture test, byte @Nullable [] bytes) {
        if (random.nextBoolean()) {
            test.thread.asOtherThread(() -> demand(random, test.session));
        }
        test.receive(bytes);
        Runnable task = random.nextBoolean() ? executor.poll() : null;
        if (task != null) {
            task.run();
        }
        test.thread.run();
    }

    @Test
    void whereNothingWaitsAMessageCostsItsBytesAndNothingMore() {
        SessionFixture test = new SessionFixture();
        int messages = 1_000;
        ByteBuf batch = Unpooled.buffer();
        for (int i = 0; i < messages; i++) {
            batch.writeBytes(RawClient.frame(0x82, new byte[8]));
        }
        LiveSession silent = new SessionFixture(Limits.defaults(), Heartbeat.off(), null).another(new FakeWire());
        Runnable receive = () -> silent.conversation().receive(batch.duplicate());
        for (int i = 0; i < 20; i++) {
            receive.run();
        }
        assertThat(test.calls).hasSize(1);
        long each = Allocation.bytesOf(receive) / messages;
        assertThat(each)
                .as("a message, its payload, and the two words that the fixture writes down")
                .isLessThan(250);
    }
}
