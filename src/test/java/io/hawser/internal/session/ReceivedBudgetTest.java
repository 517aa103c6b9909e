package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Limits;
import io.hawser.SessionState;
import io.hawser.testing.Frames;
import io.hawser.testing.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What all sessions together may hold of what peers sent: {@link SessionFixture#BUDGET}, 8 MiB. */
class ReceivedBudgetTest {

    private static final int MEGABYTE = 1 << 20;
    private static final Limits WIDE = Limits.defaults()
            .withMaxMessageBytes(16 * MEGABYTE)
            .withMaxQueuedBytes(16 * MEGABYTE)
            .withMaxQueuedMessages(1_000);

    private final Queue<Runnable> executor = new ArrayDeque<>();
    private final SessionFixture test = new SessionFixture(WIDE);

    private LiveSession open(@Nullable Executor handlers) {
        FakeWire wire = new FakeWire();
        LiveSession session = test.open(WIDE, handlers, wire, test.loop);
        test.thread.run();
        return session;
    }

    private void receive(LiveSession session, byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        session.conversation().receive(in);
        in.release();
        session.conversation().readComplete();
        test.thread.run();
    }

    /** A message begins that will have 16 MiB, and so much of it comes. */
    private LiveSession unfinished(int megabytes) {
        LiveSession session = open(null);
        receive(session, Frames.header(0x82, 16 * MEGABYTE, 0));
        receive(session, new byte[megabytes * MEGABYTE]);
        return session;
    }

    private void deliver() {
        for (Runnable task = executor.poll(); task != null; task = executor.poll()) {
            task.run();
            test.thread.run();
        }
    }

    private long received() {
        return test.registry.metrics().receivedBytes();
    }

    @Test
    void whoHoldsMostGoesFirstAndIsToldWhy() {
        LiveSession small = unfinished(2);
        LiveSession large = unfinished(4);
        assertThat(received()).isEqualTo(6L * MEGABYTE);
        test.receive(Frames.header(0x82, 16 * MEGABYTE, 0));
        test.receive(new byte[3 * MEGABYTE]);
        assertThat(large.state()).isEqualTo(SessionState.CLOSING);
        assertThat(small.state()).isEqualTo(SessionState.OPEN);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        assertThat(received()).isEqualTo(5L * MEGABYTE);
        assertThat(test.limitsHit("server.maxReceivedBytes")).isEqualTo(1);
        receive(large, new byte[MEGABYTE]);
        assertThat(received()).as("of an ended session nothing is held").isEqualTo(5L * MEGABYTE);
        large.conversation().disconnected();
        assertThat(test.calls).contains("close 1008 SERVER");
    }

    @Test
    void thePeerReadsTheReason() {
        test.receive(Frames.header(0x82, 16 * MEGABYTE, 0));
        test.receive(new byte[9 * MEGABYTE]);
        assertThat(test.wire.takenFrames()).containsExactly("close 1008 the server has no memory for what is sent");
    }

    @Test
    void aFinishedMessageIsHeldNoMore() {
        for (int i = 0; i < 20; i++) {
            LiveSession session = unfinished(3);
            receive(session, new byte[13 * MEGABYTE]); // in the same read as its end: not held between reads
            assertThat(received()).isZero();
        }
        assertThat(test.registry.metrics().limitsHit()).isEmpty();
    }

    @Test
    void messagesThatWaitForDemandCount() {
        test.session.pause();
        for (int i = 0; i < 7; i++) {
            test.receive(RawClient.frame(0x82, new byte[MEGABYTE]));
        }
        assertThat(received()).isEqualTo(7L * MEGABYTE);
        test.session.request(3);
        test.thread.run();
        assertThat(received()).isEqualTo(4L * MEGABYTE);
        test.thread.advanceMillis(200); // the budget learns of it by the sweep
        LiveSession other = unfinished(3);
        assertThat(other.state()).isEqualTo(SessionState.OPEN);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        receive(other, new byte[2 * MEGABYTE]);
        assertThat(other.state()).as("5 of 9").isEqualTo(SessionState.CLOSING);
    }

    @Test
    void messagesThatWaitForABlockedHandlerAreDroppedAtOnce() {
        LiveSession blocked = open(executor::add);
        for (int i = 0; i < 9; i++) {
            receive(blocked, RawClient.frame(0x82, new byte[MEGABYTE]));
        }
        assertThat(blocked.state()).isEqualTo(SessionState.CLOSING);
        assertThat(received()).isZero();
        assertThat(test.registry.metrics().discardedMessages()).isEqualTo(9);
        test.calls.clear();
        deliver();
        assertThat(test.calls).containsExactly("open");
    }

    @Test
    void whatASessionLeftBehindCountsUntilItIsDelivered() {
        LiveSession gone = open(executor::add);
        for (int i = 0; i < 6; i++) {
            receive(gone, RawClient.frame(0x82, new byte[MEGABYTE]));
        }
        receive(gone, RawClient.frame(0x88, new byte[] {3, (byte) 0xE8}));
        gone.conversation().disconnected();
        test.thread.run();
        assertThat(received()).isEqualTo(6L * MEGABYTE);
        LiveSession other = unfinished(3);
        assertThat(other.state()).as("the one that is gone holds more").isEqualTo(SessionState.OPEN);
        assertThat(received()).isEqualTo(3L * MEGABYTE);
        test.calls.clear();
        deliver();
        assertThat(test.calls).containsExactly("open", "close 1000 PEER");

        LiveSession next = open(executor::add);
        receive(next, RawClient.frame(0x82, new byte[MEGABYTE]));
        next.conversation().disconnected();
        deliver();
        assertThat(test.calls).endsWith("binary " + MEGABYTE, "close 1006 NETWORK");
        assertThat(received()).as("delivered").isEqualTo(3L * MEGABYTE);
    }

    @Test
    void bytesThatWereNotParsedCountToo() {
        SessionFixture narrow = new SessionFixture(Limits.defaults().withMaxQueuedMessages(1));
        narrow.session.pause();
        narrow.receive(Frames.join(RawClient.frame(0x82, new byte[1]), RawClient.frame(0x82, new byte[60_000])));
        assertThat(narrow.registry.metrics().receivedBytes()).isBetween(60_000L, 60_100L);
        narrow.session.resume();
        narrow.thread.run();
        assertThat(narrow.registry.metrics().receivedBytes()).isZero();
    }

    @Test
    void itIsOneBudgetForAllEventLoopsAndEndsWithItsSessions() {
        ManualLoop otherThread = new ManualLoop();
        SessionLoop otherLoop = test.registry.newLoop(otherThread);
        FakeWire otherWire = new FakeWire();
        LiveSession other = test.open(WIDE, null, otherWire, otherLoop);
        receive(other, Frames.header(0x82, 16 * MEGABYTE, 0));
        receive(other, new byte[5 * MEGABYTE]);
        LiveSession here = unfinished(4);
        assertThat(here.state()).isEqualTo(SessionState.OPEN);
        otherThread.run();
        assertThat(other.state()).isEqualTo(SessionState.CLOSING);
        other.conversation().disconnected();
        here.conversation().disconnected();
        assertThat(received()).isZero();
        for (int i = 0; i < 10; i++) {
            LiveSession session = unfinished(7);
            assertThat(session.state()).isEqualTo(SessionState.OPEN);
            session.conversation().disconnected();
        }
    }
}
