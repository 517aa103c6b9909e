package io.hawser.hostile.runner;

import io.hawser.CloseStatus;
import io.hawser.Handshake;
import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.OverflowPolicy;
import io.hawser.SendResult;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.internal.session.LiveSession;
import io.hawser.internal.session.LoopThread;
import io.hawser.internal.session.SessionLoop;
import io.hawser.internal.session.SessionRegistry;
import io.hawser.internal.session.SessionSettings;
import io.hawser.internal.session.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * R24: two sends, a close, and the peer's end race for each of ten million sessions: every tracked send is told once what became of
 * it, and rightly; nothing follows the Close frame; no buffer is left or released twice.
 */
final class Races implements Scenario {

    private static final int BATCH = 2_000;
    private static final byte[] PEER_CLOSE = PeerFrames.frame(0x88, new byte[] {3, (byte) 0xE8});

    private final SessionRegistry registry =
            new SessionRegistry(WebSocketServer.builder().build(), Long.MAX_VALUE, Long.MAX_VALUE);
    private final SingleThread thread = new SingleThread();
    private final SessionLoop loop = registry.newLoop(thread);
    private final SessionSettings settings = new SessionSettings(
            new WebSocketHandler() {}, Limits.defaults(), Heartbeat.off(), OverflowPolicy.CLOSE, null);
    private final Handshake handshake = (Handshake) Proxy.newProxyInstance(
            Races.class.getClassLoader(),
            new Class<?>[] {Handshake.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "path" -> "/race";
                case "remoteAddress" -> new InetSocketAddress(0);
                default -> throw new UnsupportedOperationException(method.getName());
            });
    private final AtomicLong forbidden = new AtomicLong();
    private final long[] outcomes = new long[SendResult.Outcome.values().length];

    @Override
    public void run(Trial trial) throws Exception {
        long wanted = trial.isSmall() ? 200_000 : 10_000_000;
        ExecutorService racers = trial.closing(new Racers()).threads;
        for (long done = 0; done < wanted; done += BATCH) {
            batch(racers);
        }
        trial.figure(
                "%d races, outcomes WRITTEN %d, NOT_WRITTEN %d, UNKNOWN %d",
                wanted, outcomes[0], outcomes[1], outcomes[2]);
        trial.atMost("forbidden results", forbidden.get(), 0, "");
        trial.require(thread.allocator.metric().usedDirectMemory() == 0, "direct buffers are in use");
        trial.require(thread.allocator.metric().usedHeapMemory() == 0, "heap buffers are in use");
        trial.require(registry.sessions().isEmpty(), "sessions are left");
        trial.require(outcomes[0] > 0 && outcomes[1] > 0, "the races were none");
        thread.end();
    }

    private void batch(ExecutorService racers) throws Exception {
        List<Race> races = new ArrayList<>(BATCH);
        onLoop(() -> {
            for (int i = 0; i < BATCH; i++) {
                races.add(new Race());
            }
        });
        CyclicBarrier start = new CyclicBarrier(4);
        CountDownLatch done = new CountDownLatch(4);
        race(
                racers,
                start,
                done,
                () -> races.forEach(race -> race.first = race.session.sendTracked(Message.text("a"))));
        race(
                racers,
                start,
                done,
                () -> races.forEach(race -> race.second = race.session.sendTracked(Message.text("b"))));
        race(racers, start, done, () -> races.forEach(race -> race.session.close(CloseStatus.NORMAL)));
        race(racers, start, done, () -> {
            for (int i = 0; i < BATCH; i += 50) {
                List<Race> some = races.subList(i, i + 50);
                thread.execute(() -> some.forEach(Race::peerEnds));
            }
        });
        if (!done.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the racers hang");
        }
        onLoop(() -> races.forEach(Race::disconnect));
        CompletableFuture<?>[] told = races.stream()
                .flatMap(race -> Stream.of(race.first, race.second))
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(told)
                .completeOnTimeout(null, 10, TimeUnit.SECONDS)
                .join(); // who is not told is counted
        onLoop(() -> {}); // what the last of them led to
        races.forEach(race -> forbidden.addAndGet(race.isRight() ? 0 : 1));
    }

    private static void race(ExecutorService racers, CyclicBarrier start, CountDownLatch done, Runnable part) {
        racers.execute(() -> {
            try {
                start.await();
                part.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                done.countDown();
            }
        });
    }

    private void onLoop(Runnable task) throws Exception {
        CompletableFuture<Void> ran = new CompletableFuture<>();
        thread.execute(() -> {
            task.run();
            ran.complete(null);
        });
        ran.get(60, TimeUnit.SECONDS);
    }

    /** One session, and a wire that takes a while to write. */
    private final class Race implements Wire {
        final LiveSession session = new LiveSession(
                handshake, Optional.empty(), Map.of(), Optional.empty(), settings, null, registry, loop, this);
        volatile CompletionStage<SendResult> first;
        volatile CompletionStage<SendResult> second;
        private final StringBuilder taken = new StringBuilder(8);
        private final int fate = ThreadLocalRandom.current().nextInt(4);
        private final List<byte[]> queued = new ArrayList<>(2);
        private final List<Integer> costs = new ArrayList<>(2);
        private boolean over;

        Race() {
            session.conversation().open(null);
        }

        /** A Close frame, a failure, an end, or nothing before the end that all come to. */
        void peerEnds() {
            switch (fate) {
                case 0 -> {
                    ByteBuf in = Unpooled.wrappedBuffer(PEER_CLOSE);
                    session.conversation().receive(in);
                    in.release();
                    session.conversation().readComplete();
                }
                case 1 -> session.conversation().failed(new java.io.IOException("reset"));
                case 2 -> disconnect();
                default -> session.terminate();
            }
        }

        void disconnect() {
            over = true;
            session.conversation().disconnected();
        }

        boolean isRight() {
            boolean right = matches(first, "a") & matches(second, "b");
            int close = taken.indexOf("c");
            return right && (close < 0 || close == taken.length() - 1) && session.pendingBytes() == 0;
        }

        /** Told what is true: all its bytes were taken, or none. */
        private boolean matches(CompletionStage<SendResult> stage, String text) {
            CompletableFuture<SendResult> future = stage.toCompletableFuture();
            if (!future.isDone() || future.isCompletedExceptionally()) {
                return false;
            }
            SendResult.Outcome outcome = future.join().outcome();
            synchronized (outcomes) {
                outcomes[outcome.ordinal()]++;
            }
            int times = taken.length() - taken.toString().replace(text, "").length();
            return switch (outcome) {
                case WRITTEN -> times == 1;
                case NOT_WRITTEN -> times == 0;
                case UNKNOWN -> times <= 1;
            };
        }

        @Override
        public void write(ByteBuf frames, int cost) {
            byte[] bytes = new byte[frames.readableBytes()];
            frames.readBytes(bytes).release();
            queued.add(bytes);
            costs.add(cost);
        }

        @Override
        public void flush() {
            while (!over && !queued.isEmpty()) {
                take(queued.remove(0));
                session.conversation().written(costs.remove(0));
            }
        }

        private void take(byte[] bytes) {
            for (int at = 0; at < bytes.length; at += 2 + bytes[at + 1]) {
                taken.append((bytes[at] & 0x0F) == 8 ? 'c' : (char) bytes[at + 2]);
            }
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public long progress() {
            return 0;
        }

        @Override
        public void setReading(boolean reading) {}

        @Override
        public void closeOutput() {
            thread.execute(this::disconnect);
        }

        @Override
        public boolean letGo() {
            closeOutput();
            return true;
        }

        @Override
        public void cut() {
            over = true;
            thread.execute(this::disconnect);
        }
    }

    private static final class Racers implements AutoCloseable {
        final ExecutorService threads = Executors.newFixedThreadPool(4);

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }

    /** An event loop of one thread. */
    private static final class SingleThread implements LoopThread {
        final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        private final java.util.concurrent.ScheduledExecutorService executor =
                Executors.newSingleThreadScheduledExecutor(task -> {
                    Thread made = new Thread(task, "race-loop");
                    made.setDaemon(true);
                    return made;
                });
        private volatile Thread current;

        SingleThread() {
            executor.execute(() -> current = Thread.currentThread());
        }

        void end() {
            executor.shutdownNow();
        }

        @Override
        public boolean isCurrent() {
            return Thread.currentThread() == current;
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
            return allocator;
        }
    }
}
