package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.OverflowPolicy;
import io.hawser.SendResult;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends, closes and the peer's end from threads of their own, over and over: each send ends once, nothing comes behind a Close. */
class SendingRaceTest {

    private static final int ROUNDS = 1_000;
    private static final int SENDERS = 3;
    private static final int SENDS = 12;

    /** An event loop that is a thread. */
    private static final class RealLoop implements LoopThread {
        private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "loop");
            this.thread = thread;
            return thread;
        });
        private volatile Thread thread;

        @Override
        public boolean isCurrent() {
            return Thread.currentThread() == thread;
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(task);
        }

        @Override
        public void schedule(Runnable task, long delayNanos) {
            executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long currentTimeMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public ByteBufAllocator allocator() {
            return UnpooledByteBufAllocator.DEFAULT;
        }

        void onLoop(Runnable task) throws Exception {
            executor.submit(task).get(10, TimeUnit.SECONDS);
        }
    }

    private final RealLoop thread = new RealLoop();
    private final SessionFixture test = new SessionFixture();
    private final SessionLoop loop = test.registry.newLoop(thread);

    @AfterEach
    void stop() {
        thread.executor.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLOSE", "DROP_NEWEST", "DROP_OLDEST", "CONFLATE"})
    void sendsClosesAndThePeersEndMayMeet(String policy) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            new Round(round, policy(policy)).run();
        }
        assertThat(test.registry.metrics().openSessions()).isEqualTo(1); // the fixture's own
        assertThat(test.registry.metrics().pendingBytes()).isZero();
        assertThat(test.registry.metrics().rooms()).isZero();
    }

    private static OverflowPolicy policy(String name) {
        return switch (name) {
            case "CLOSE" -> OverflowPolicy.CLOSE;
            case "DROP_NEWEST" -> OverflowPolicy.DROP_NEWEST;
            case "DROP_OLDEST" -> OverflowPolicy.DROP_OLDEST;
            default -> OverflowPolicy.conflate(message -> Optional.of(message.sizeBytes() % 3));
        };
    }

    private final class Round {
        private final int number;
        private final FakeWire wire = new FakeWire();
        private final List<AtomicInteger> told = Collections.synchronizedList(new ArrayList<>());
        private final List<CompletableFuture<SendResult>> results = Collections.synchronizedList(new ArrayList<>());
        private final CyclicBarrier together = new CyclicBarrier(SENDERS + 2);
        private final LiveSession session;

        Round(int number, OverflowPolicy policy) throws Exception {
            this.number = number;
            CompletableFuture<LiveSession> made = new CompletableFuture<>();
            thread.onLoop(() -> {
                LiveSession fresh = test.newSession(Limits.defaults().withMaxPendingBytes(2_000), wire, loop);
                wire.attach(fresh.conversation());
                fresh.conversation().open(null);
                fresh.setOverflowPolicy(policy);
                fresh.join("race");
                made.complete(fresh);
            });
            session = made.get(10, TimeUnit.SECONDS);
        }

        void run() throws Exception {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                threads.add(new Thread(guarded(this::send)));
            }
            threads.add(new Thread(guarded(() -> {
                if (number % 3 == 0) {
                    session.terminate();
                } else {
                    session.close();
                }
            })));
            threads.forEach(Thread::start);
            together.await(10, TimeUnit.SECONDS);
            if (number % 2 == 0) {
                thread.onLoop(() -> wire.peerReads(false));
            }
            if (number % 5 == 0) {
                thread.onLoop(() -> session.conversation().disconnected());
            }
            for (Thread each : threads) {
                each.join();
            }
            thread.onLoop(() -> {}); // what they submitted is before this
            thread.onLoop(() -> wire.peerReads(true));
            thread.onLoop(() -> session.conversation().disconnected());
            thread.onLoop(this::check);
        }

        private Runnable guarded(Runnable work) {
            return () -> {
                try {
                    together.await(10, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                work.run();
            };
        }

        private void send() {
            for (int i = 0; i < SENDS; i++) {
                Message message = Message.binary(new byte[i * 30]);
                if (i % 4 == 0) {
                    test.registry.room("race").broadcast(message);
                } else {
                    AtomicInteger times = new AtomicInteger();
                    told.add(times);
                    CompletableFuture<SendResult> result = new CompletableFuture<>();
                    results.add(result);
                    session.sendTracked(message).thenAccept(became -> {
                        times.incrementAndGet();
                        result.complete(became);
                    });
                }
            }
        }

        private void check() {
            assertThat(results).hasSize(SENDERS * SENDS * 3 / 4);
            assertThat(told).allSatisfy(times -> assertThat(times.get()).isEqualTo(1));
            assertThat(session.pendingBytes()).isZero();
            List<String> frames = wire.takenFrames();
            int close = frames.indexOf("close 1000");
            assertThat(close).isIn(-1, frames.size() - 1);
            long written = results.stream()
                    .filter(result -> result.join().equals(SendResult.WRITTEN))
                    .count();
            assertThat(written).isLessThanOrEqualTo(frames.size());
        }
    }
}
