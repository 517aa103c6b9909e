package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.OverflowPolicy;
import io.hawser.SendResult;
import io.hawser.ServerMetrics;
import io.hawser.WebSocketHandler;
import io.hawser.testing.Await;
import io.hawser.testing.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Senders, a close and the peer's end meet in session after session, each from a thread of its own. Every tracked send has to be told
 * once what became of it, and rightly; nothing may follow a Close frame.
 */
public final class SendingRace implements AutoCloseable {

    private static final int RACE_SECONDS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ENDS_AT_ONCE = 50;
    private static final Limits LIMITS = Limits.defaults().withMaxPendingBytes(2_000);
    private static final byte[] PEER_CLOSE = RawClient.frame(0x88, new byte[] {3, (byte) 0xE8});

    private final OverflowPolicy policy;
    private final int senders;
    private final int sends;
    private final ExecutorService racers;
    private final RealLoop thread = new RealLoop();
    private final SessionFixture test =
            new SessionFixture(Limits.defaults(), Heartbeat.off(), null, new WebSocketHandler() {});
    private final SessionLoop loop = test.registry.newLoop(thread);
    private final long[] outcomes = new long[SendResult.Outcome.values().length]; // the loop's
    private int number;

    /** With so many threads that send so many messages to each session, every fourth to a room. */
    public SendingRace(OverflowPolicy policy, int senders, int sends) {
        this.policy = policy;
        this.senders = senders;
        this.sends = sends;
        this.racers = Executors.newFixedThreadPool(senders + 2);
    }

    /** Races for so many sessions at once, and returns what was wrong. */
    public List<String> run(int sessions) throws Exception {
        List<Race> races = new ArrayList<>(sessions);
        thread.onLoop(() -> {
            for (int i = 0; i < sessions; i++) {
                races.add(new Race(number++));
            }
        });
        List<Runnable> parts = new ArrayList<>();
        for (int i = 0; i < senders; i++) {
            String sender = "sender " + i;
            parts.add(() -> races.forEach(race -> race.send(sender)));
        }
        parts.add(() -> races.forEach(Race::close));
        parts.add(() -> {
            for (int i = 0; i < sessions; i += ENDS_AT_ONCE) {
                List<Race> some = races.subList(i, Math.min(sessions, i + ENDS_AT_ONCE));
                thread.execute(() -> some.forEach(Race::peerEnds));
            }
        });
        together(parts);
        thread.onLoop(() -> races.forEach(Race::end));
        Await.until(PATIENCE, () -> races.stream().allMatch(Race::isOver)); // the check finds who is not
        List<String> wrong = new ArrayList<>();
        thread.onLoop(() -> races.forEach(race -> race.check(wrong)));
        for (String thrown = thread.thrown.poll(); thrown != null; thrown = thread.thrown.poll()) {
            wrong.add(thrown);
        }
        return wrong;
    }

    private void together(List<Runnable> parts) throws Exception {
        CyclicBarrier start = new CyclicBarrier(parts.size());
        List<Future<?>> running = new ArrayList<>();
        for (Runnable part : parts) {
            Callable<?> racer = () -> {
                start.await(RACE_SECONDS, TimeUnit.SECONDS);
                part.run();
                return null;
            };
            running.add(racers.submit(racer));
        }
        for (Future<?> part : running) {
            part.get(RACE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** How many tracked sends were told that. */
    public long told(SendResult.Outcome outcome) {
        return outcomes[outcome.ordinal()];
    }

    /** Of all sessions; one more is open, which takes no part. */
    public ServerMetrics metrics() {
        return test.registry.metrics();
    }

    /** Bytes of buffers that are in use. */
    public long bufferBytes() {
        return thread.allocator.metric().usedHeapMemory()
                + thread.allocator.metric().usedDirectMemory();
    }

    @Override
    public void close() {
        racers.shutdownNow();
        thread.executor.shutdownNow();
    }

    private record Sent(String text, AtomicInteger times, CompletableFuture<SendResult> result) {}

    private final class Race {
        private final int fate;
        private final String room;
        private final FakeWire wire = new FakeWire();
        private final LiveSession session;
        private final List<Sent> tracked = Collections.synchronizedList(new ArrayList<>());

        Race(int number) {
            fate = number;
            room = "race " + number;
            wire.takesAtOnce = number % 4 == 0 ? 0 : number % 4 == 1 ? Integer.MAX_VALUE : 40 * number;
            session = test.open(LIMITS, null, wire, loop);
            session.setOverflowPolicy(policy);
            session.join(room);
        }

        void send(String sender) {
            for (int i = 0; i < sends; i++) {
                String text = sender + " " + i + " " + "x".repeat(i * 30);
                Message message = Message.text(text);
                if (i % 4 == 3) {
                    test.registry.room(room).broadcast(message);
                } else {
                    Sent sent = new Sent(text, new AtomicInteger(), new CompletableFuture<>());
                    tracked.add(sent);
                    session.sendTracked(message).thenAccept(became -> {
                        sent.times.incrementAndGet();
                        sent.result.complete(became);
                    });
                }
            }
        }

        void close() {
            if (fate % 3 == 0) {
                session.terminate();
            } else {
                session.close(CloseStatus.NORMAL);
            }
        }

        /** On the loop: the peer stops reading or goes on, and sends a Close frame, fails, is gone, is cut, or does nothing. */
        void peerEnds() {
            wire.peerReads(fate % 2 == 0);
            switch (fate % 5) {
                case 0 -> {
                    ByteBuf in = Unpooled.wrappedBuffer(PEER_CLOSE);
                    session.conversation().receive(in);
                    in.release();
                    session.conversation().readComplete();
                }
                case 1 -> session.conversation().failed(new IOException("reset"));
                case 2 -> wire.disconnect();
                case 3 -> session.terminate();
                default -> {}
            }
        }

        /** Who is still there reads all. */
        void end() {
            wire.peerReads(true);
            wire.disconnect();
        }

        boolean isOver() {
            return session.pendingBytes() == 0 && tracked.stream().allMatch(sent -> sent.result.isDone());
        }

        void check(List<String> wrong) {
            List<String> frames = wire.takenFrames();
            for (int i = 0; i < frames.size() - 1; i++) {
                if (frames.get(i).startsWith("close ")) {
                    wrong.add("behind a Close frame: " + frames);
                }
            }
            if (wire.passedQueue) {
                wrong.add("offered past what waits");
            }
            if (tracked.size() != senders * (sends - sends / 4)) {
                wrong.add("tracked: " + tracked.size());
            }
            if (session.pendingBytes() != 0) {
                wrong.add("pending: " + session.pendingBytes());
            }
            for (Sent sent : tracked) {
                if (sent.times.get() != 1) {
                    wrong.add("told " + sent.times + " times");
                } else if (!isTrue(sent.result.join().outcome(), Collections.frequency(frames, "text " + sent.text))) {
                    wrong.add(sent + " and yet " + frames);
                }
            }
        }

        private boolean isTrue(SendResult.Outcome outcome, int times) {
            outcomes[outcome.ordinal()]++;
            return switch (outcome) {
                case WRITTEN -> times == 1;
                case NOT_WRITTEN -> times == 0;
                case UNKNOWN -> times <= 1;
            };
        }
    }

    /** An event loop that is a thread. */
    private static final class RealLoop implements LoopThread {
        final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        final Queue<String> thrown = new ConcurrentLinkedQueue<>();
        final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "loop");
            made.setDaemon(true);
            this.thread = made;
            return made;
        });
        private volatile Thread thread;

        void onLoop(Runnable task) throws Exception {
            executor.submit(task).get(RACE_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public boolean isCurrent() {
            return Thread.currentThread() == thread;
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(() -> run(task));
        }

        @Override
        public void schedule(Runnable task, long delayNanos) {
            executor.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
        }

        /** The executor would keep to itself what a task throws. */
        private void run(Runnable task) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                thrown.add("thrown: " + e);
            }
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
            return allocator;
        }
    }
}
