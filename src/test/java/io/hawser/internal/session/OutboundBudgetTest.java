package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.BroadcastResult;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.OverflowPolicy;
import io.hawser.SessionState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What all sessions together may hold for peers that do not read: {@link SessionFixture#BUDGET}. */
class OutboundBudgetTest {

    private static final int MEGABYTE = 1 << 20;
    private static final Limits WIDE = Limits.defaults().withMaxPendingBytes(16 * MEGABYTE);

    private final SessionFixture test = new SessionFixture(WIDE);

    private LiveSession stuck(int megabytes) {
        FakeWire wire = new FakeWire();
        LiveSession session = test.open(WIDE, wire);
        wire.peerReads(false);
        hold(session, megabytes);
        return session;
    }

    private void hold(LiveSession session, int megabytes) {
        for (int i = 0; i < megabytes; i++) {
            session.send(Message.binary(new byte[MEGABYTE - 10]));
        }
        test.thread.run();
    }

    @Test
    void theLargestBacklogGoesFirst() {
        LiveSession small = stuck(2);
        LiveSession large = stuck(4);
        assertThat(large.state()).isEqualTo(SessionState.OPEN);
        test.wire.peerReads(false);
        hold(test.session, 3);
        assertThat(large.state()).isEqualTo(SessionState.CLOSED); // at once: its wire is full
        assertThat(test.calls).contains("close 1008 SERVER");
        assertThat(small.state()).isEqualTo(SessionState.OPEN);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        assertThat(test.limitsHit("server.maxPendingBytes")).isEqualTo(1);
        assertThat(test.registry.metrics().pendingBytes()).isEqualTo(5L * MEGABYTE);
        hold(small, 3);
        assertThat(small.state()).isEqualTo(SessionState.OPEN); // what is gone counts no more
        hold(small, 1);
        assertThat(small.state()).isEqualTo(SessionState.CLOSED);
    }

    @Test
    void whereTheWireHasRoomThePeerIsToldWhy() {
        FakeWire wire = new FakeWire();
        LiveSession session = test.open(WIDE, wire);
        session.shed();
        test.thread.run();
        assertThat(wire.cut).isFalse();
        assertThat(wire.takenFrames())
                .containsExactly("close 1008 reads too slowly for a server that is short of memory");
    }

    @Test
    void whatAnEndingSessionHasNotLetGoOfYetCostsNobodyElse() {
        FakeWire wire = new FakeWire();
        wire.endsLater = true;
        LiveSession first = test.open(WIDE, wire);
        wire.peerReads(false);
        hold(first, 5);
        LiveSession second = stuck(4);
        assertThat(wire.cut).isTrue();
        assertThat(first.pendingBytes()).as("with the wire still").isBetween(65_536L, 512L * 1024);
        hold(second, 3);
        second.send(Message.binary(new byte[MEGABYTE - 32 * 1024]));
        test.thread.run();
        assertThat(second.state()).isEqualTo(SessionState.OPEN);
        wire.disconnect();
        hold(second, 1);
        assertThat(second.state()).isEqualTo(SessionState.CLOSED);
        assertThat(test.limitsHit("server.maxPendingBytes")).isEqualTo(2);
    }

    @Test
    void itIsOneBudgetForAllEventLoops() {
        ManualLoop otherThread = new ManualLoop();
        SessionLoop otherLoop = test.registry.newLoop(otherThread);
        FakeWire otherWire = new FakeWire();
        LiveSession other = test.open(WIDE, null, otherWire, otherLoop);
        otherWire.peerReads(false);
        hold(other, 5);
        assertThat(other.state()).isEqualTo(SessionState.OPEN);
        LiveSession here = stuck(4);
        assertThat(here.state()).isEqualTo(SessionState.OPEN);
        otherThread.run();
        assertThat(other.state()).isEqualTo(SessionState.CLOSED);
        assertThat(here.state()).isEqualTo(SessionState.OPEN);
    }

    @Test
    void aLoopThatIsSlowerThanWhoBroadcastsDoesNotFillTheMemory() {
        test.session.setOverflowPolicy(OverflowPolicy.DROP_NEWEST);
        Message message = Message.binary(new byte[MEGABYTE - 10]);
        List<CompletionStage<BroadcastResult>> results = new ArrayList<>();
        test.thread.asOtherThread(() -> {
            for (int i = 0; i < 20; i++) {
                results.add(test.registry.broadcast(message));
            }
        });
        test.thread.run();
        long queued = results.stream()
                .map(result -> result.toCompletableFuture().getNow(BroadcastResult.NONE))
                .mapToInt(BroadcastResult::queued)
                .sum();
        long dropped = results.stream()
                .map(result -> result.toCompletableFuture().getNow(BroadcastResult.NONE))
                .mapToInt(BroadcastResult::dropped)
                .sum();
        assertThat(queued).isEqualTo(8);
        assertThat(dropped).isEqualTo(12);
        assertThat(test.registry.metrics().droppedMessages()).isEqualTo(12);
        assertThat(test.limitsHit("server.maxPendingBytes")).isEqualTo(12);
        assertThat(test.wire.takenFrames())
                .filteredOn(frame -> frame.startsWith("binary"))
                .hasSize(8);

        var after = test.registry.broadcast(message);
        assertThat(after.toCompletableFuture()).isCompletedWithValue(new BroadcastResult(1, 1, 0, 0));
        test.thread.run();
    }

    @Test
    void aSessionThatMissesABroadcastEndsWhereItsPolicyIsToClose() {
        Message message = Message.binary(new byte[MEGABYTE - 10]);
        test.thread.asOtherThread(() -> {
            for (int i = 0; i < 20; i++) {
                test.registry.broadcast(message);
            }
        });
        test.thread.run();
        assertThat(test.session.state()).isEqualTo(SessionState.CLOSING);
        assertThat(test.wire.takenFrames()).endsWith("close 1008 the server has no memory for more to send");
        assertThat(test.limitsHit("server.maxPendingBytes")).isEqualTo(1);
    }

    @Test
    void soMayOneSessionsMessagesOnTheirWay() {
        Limits huge = Limits.defaults().withMaxPendingBytes(100 * MEGABYTE);
        FakeWire wire = new FakeWire();
        LiveSession session = test.open(huge, wire);
        int[] accepted = {0};
        test.thread.asOtherThread(() -> {
            while (session.trySend(Message.binary(new byte[MEGABYTE - 10]))) {
                accepted[0]++;
            }
        });
        assertThat(accepted[0]).isEqualTo(8);
        test.thread.run();
        assertThat(session.pendingBytes()).isZero();
        test.thread.asOtherThread(
                () -> assertThat(session.trySend(Message.text("x"))).isTrue());
        test.thread.run();
    }

    @Test
    void aThreadThatSendsWithoutEndLeavesTheLoopItsTurns() {
        List<String> order = new ArrayList<>();
        test.thread.asOtherThread(() -> {
            for (int i = 0; i < 2_000; i++) {
                int number = i;
                test.loop.submitLater(() -> order.add("task " + number));
            }
        });
        test.thread.execute(() -> order.add("a socket's turn"));
        test.thread.run();
        assertThat(order).hasSize(1_025).last().isEqualTo("a socket's turn");
        test.thread.advanceMillis(1);
        assertThat(order).hasSize(2_001);
    }
}
