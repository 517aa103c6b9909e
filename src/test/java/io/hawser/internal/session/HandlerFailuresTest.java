package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Heartbeat;
import io.hawser.Initiator;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.MessagePart;
import io.hawser.SendResult;
import io.hawser.ServerMetrics;
import io.hawser.SessionState;
import io.hawser.StreamingHandler;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketSession;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A callback that throws, whatever it throws, ends its own session with 1011 and costs nobody else anything. */
class HandlerFailuresTest {

    private enum Hook {
        OPEN,
        TEXT,
        BINARY,
        PONG,
        PART,
        WRITABLE,
        ERROR,
        CLOSE;

        /** Whether the session ends by it. */
        boolean ends() {
            return this != CLOSE && this != ERROR;
        }
    }

    private static final class Unchecked extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final List<Supplier<Throwable>> THROWN = List.of(
            Unchecked::new,
            () -> new IOException("sneaky"),
            StackOverflowError::new,
            OutOfMemoryError::new,
            () -> new Error("another"),
            ThreadDeath::new);

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Throws from one of its callbacks. */
    private static class Throwing implements WebSocketHandler {
        final Hook at;
        Supplier<Throwable> thrown = Unchecked::new;
        final AtomicInteger closed = new AtomicInteger();
        final AtomicInteger errors = new AtomicInteger();

        Throwing(Hook at) {
            this.at = at;
        }

        void reached(Hook hook) {
            if (hook == at) {
                HandlerFailuresTest.<RuntimeException>sneak(thrown.get());
            }
        }

        @Override
        public void onOpen(WebSocketSession session) {
            session.join("room");
            reached(Hook.OPEN);
        }

        @Override
        public void onText(WebSocketSession session, Message message) {
            reached(Hook.TEXT);
        }

        @Override
        public void onBinary(WebSocketSession session, Message message) {
            reached(Hook.BINARY);
        }

        @Override
        public void onPong(WebSocketSession session, Message payload) {
            reached(Hook.PONG);
        }

        @Override
        public void onWritable(WebSocketSession session) {
            reached(Hook.WRITABLE);
        }

        @Override
        public void onError(WebSocketSession session, Throwable error) {
            errors.incrementAndGet();
            reached(Hook.ERROR);
        }

        @Override
        public void onClose(WebSocketSession session, CloseStatus status, Initiator initiator) {
            closed.incrementAndGet();
            reached(Hook.CLOSE);
        }
    }

    private static final class ThrowingInParts extends Throwing implements StreamingHandler {
        ThrowingInParts() {
            super(Hook.PART);
        }

        @Override
        public void onPart(WebSocketSession session, MessagePart part) {
            reached(Hook.PART);
        }
    }

    private static Throwing handler(Hook at) {
        return at == Hook.PART ? new ThrowingInParts() : new Throwing(at);
    }

    private final Queue<Runnable> executor = new ArrayDeque<>();

    private void run(SessionFixture test) {
        test.thread.run();
        for (Runnable task = executor.poll(); task != null; task = executor.poll()) {
            task.run();
            test.thread.run();
        }
    }

    /** Makes callbacks happen, this one among them. */
    private void live(Hook hook, SessionFixture test, LiveSession session, FakeWire wire) {
        wire.attach(session.conversation());
        session.conversation().open(null);
        run(test);
        if (hook == Hook.WRITABLE) {
            wire.peerReads(false);
            session.send(Message.binary(new byte[100_000]));
            run(test);
            wire.peerReads(true);
            run(test);
        }
        for (byte[] frame : List.of(
                RawClient.frame(0x81, new byte[] {'a'}),
                RawClient.frame(0x8A, new byte[1]),
                RawClient.frame(0x82, new byte[1]))) {
            ByteBuf in = Unpooled.wrappedBuffer(frame);
            session.conversation().receive(in);
            in.release();
            session.conversation().readComplete();
            run(test);
        }
        if (session.state() == SessionState.OPEN) {
            session.conversation().failed(new IOException("reset"));
        }
        session.conversation().disconnected();
        run(test);
    }

    private void assertOnlyTheSessionEnds(Hook hook, boolean onExecutor, int times) {
        SessionFixture test = new SessionFixture();
        test.session.join("room");
        Throwing handler = handler(hook);
        for (int i = 0; i < times; i++) {
            handler.thrown = THROWN.get(i % THROWN.size());
            FakeWire wire = new FakeWire();
            LiveSession session = test.newSession(onExecutor ? executor::add : null, wire, handler);
            live(hook, test, session, wire);
            assertThat(session.state()).isEqualTo(SessionState.CLOSED);
            if (hook.ends()) {
                assertThat(wire.takenFrames()).last().isEqualTo("close 1011 the handler failed");
            }
        }
        assertThat(handler.closed).hasValue(times);
        ServerMetrics metrics = test.registry.metrics();
        assertThat(metrics.handlerFailures()).isEqualTo(times);
        assertThat(metrics.closedSessions()).isEqualTo(Map.of(hook.ends() ? 1011 : 1006, (long) times));
        assertThat(metrics.receivedBytes()).isZero();
        assertThat(metrics.pendingBytes()).isZero();
        assertThat(test.registry.sessions()).containsExactly(test.session);
        assertThat(test.registry.room("room").localMembers()).containsExactly(test.session);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
    }

    @ParameterizedTest
    @EnumSource
    void anyThrowFromAnyCallbackOnTheEventLoop(Hook hook) {
        try (CapturedLog log = CapturedLog.start()) {
            assertOnlyTheSessionEnds(hook, false, 60);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyThrowFromAnyCallbackOnAnExecutor(Hook hook) {
        try (CapturedLog log = CapturedLog.start()) {
            assertOnlyTheSessionEnds(hook, true, 60);
        }
    }

    @Test
    void aHundredThousandThrowsLeaveNothingBehind() {
        try (CapturedLog log = CapturedLog.start()) {
            for (Hook hook : Hook.values()) {
                assertOnlyTheSessionEnds(hook, false, hook == Hook.WRITABLE ? 100 : 14_300);
            }
            assertThat(log.lines()).hasSizeLessThan(2_000); // of 100,000
        }
    }

    @Test
    void aRealStackOverflowLeavesTheLoopAlive() {
        SessionFixture test = new SessionFixture();
        test.onMessage = (session, message) -> deeper(0);
        try (CapturedLog log = CapturedLog.start()) {
            test.receiveText("x");
        }
        assertThat(test.wire.takenHex()).contains("03f3");
        assertThat(test.registry.metrics().handlerFailures()).isEqualTo(1);
    }

    private static int deeper(int depth) {
        return deeper(depth + 1) + deeper(depth + 2);
    }

    @Test
    void trackedSendsThatArePendingCompleteAllTheSame() {
        SessionFixture test = new SessionFixture();
        test.wire.peerReads(false);
        List<CompletionStage<SendResult>> results = new ArrayList<>();
        test.onMessage = (session, message) -> {
            for (int i = 0; i < 10; i++) {
                results.add(session.sendTracked(Message.binary(new byte[50_000])));
            }
            throw new Unchecked();
        };
        try (CapturedLog log = CapturedLog.start()) {
            test.receiveText("x");
        }
        test.conversation.disconnected();
        test.thread.run();
        assertThat(results)
                .hasSize(10)
                .allSatisfy(result -> assertThat(result.toCompletableFuture()
                                .getNow(SendResult.WRITTEN)
                                .outcome())
                        .isNotEqualTo(SendResult.Outcome.WRITTEN));
        assertThat(test.session.pendingBytes()).isZero();
    }

    @Test
    void aFailureAfterTheEndChangesTheEndNoMore() {
        SessionFixture test = new SessionFixture(Limits.defaults(), Heartbeat.off(), executor::add);
        run(test);
        test.onMessage = (session, message) -> {
            throw new Unchecked();
        };
        test.receiveText("x");
        test.conversation.disconnected();
        try (CapturedLog log = CapturedLog.start()) {
            run(test);
        }
        assertThat(test.session.state()).isEqualTo(SessionState.CLOSED);
        assertThat(test.calls).endsWith("close 1006 NETWORK");
    }

    @Test
    void anExecutorThatFailsWithAnErrorIsStoodInForByTheLoop() {
        int[] turns = {0};
        SessionFixture test = new SessionFixture(Limits.defaults(), Heartbeat.off(), task -> {
            turns[0]++;
            throw new OutOfMemoryError("unable to create native thread");
        });
        test.thread.run();
        test.receiveText("x");
        test.conversation.disconnected();
        test.thread.run();
        assertThat(turns[0]).isPositive();
        assertThat(test.calls).containsExactly("open", "text x", "close 1006 NETWORK");
    }
}
