package io.hawser.internal.server;

import io.hawser.CloseStatus;
import io.hawser.StopReport;
import io.hawser.WebSocketSession;
import io.hawser.internal.session.LiveSession;
import io.hawser.internal.session.SessionRegistry;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sees a server's connections out: each session gets a Close frame behind all that was sent to it before, in random order and a few
 * at a time, so that the clients do not all come back at once; what is left at the deadline is cut.
 */
final class Drain {

    /** Told to connections that are no sessions yet: answer what has begun, and close. */
    enum Event {
        SERVER_STOPPED
    }

    /** A small server stops fast; a large one takes longer to send its clients elsewhere, so that they can be taken there. */
    private static final int CLOSES_A_SECOND = 1_000;

    private static final int SHORTEST_PAUSE_MILLIS = 10;
    private static final int LONGEST_PAUSE_MILLIS = 40;
    /** For what was cut at the deadline to be seen out, and for the last answers of HTTP to be read. */
    private static final long LAST_MILLIS = 2_000;

    private static final Duration LONGEST = Duration.ofDays(365);

    private final SessionRegistry registry;
    private final Collection<Channel> inHttp;
    private final List<WebSocketSession> sessions;
    private final long deadlineNanos;
    private final long spreadNanos;
    private final long begin = System.nanoTime();
    private int told;

    /**
     * For a server that opens no session any more.
     *
     * @param inHttp connections that are no sessions yet, a live view
     * @param closeTimeout what a session that was told last is to have before the deadline
     */
    Drain(SessionRegistry registry, Collection<Channel> inHttp, Duration deadline, Duration closeTimeout) {
        this.registry = registry;
        this.inHttp = inHttp;
        this.sessions = new ArrayList<>(registry.sessions());
        Collections.shuffle(sessions);
        this.deadlineNanos = between(Duration.ofMillis(1), deadline, LONGEST).toNanos();
        this.spreadNanos = spread(sessions.size(), Duration.ofNanos(deadlineNanos), closeTimeout)
                .toNanos();
    }

    /** How long it takes until the last session is told. */
    static Duration spread(int sessions, Duration deadline, Duration closeTimeout) {
        Duration wanted = Duration.ofMillis(sessions * 1_000L / CLOSES_A_SECOND);
        return between(Duration.ZERO, deadline.minus(closeTimeout), wanted);
    }

    private static Duration between(Duration least, Duration wanted, Duration most) {
        if (wanted.compareTo(least) < 0) {
            return least;
        }
        return wanted.compareTo(most) > 0 ? most : wanted;
    }

    /** Completes when there is no connection left, or no more patience. */
    CompletableFuture<StopReport> run() {
        CompletableFuture<Void> empty = registry.whenEmpty();
        tellSome();
        return empty.completeOnTimeout(null, deadlineNanos, TimeUnit.NANOSECONDS)
                .thenCompose(done -> cut())
                .thenCompose(report -> endHttp().thenApply(done -> report));
    }

    private void tellSome() {
        double passed = spreadNanos == 0 ? 1 : (double) (System.nanoTime() - begin) / spreadNanos;
        int due = (int) Math.min(sessions.size(), Math.ceil(passed * sessions.size()));
        while (told < due) {
            tell(sessions.get(told));
            told++;
        }
        if (told < sessions.size()) {
            int pause = ThreadLocalRandom.current().nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS + 1);
            Executor later = CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS, Runnable::run);
            later.execute(this::tellSome);
        }
    }

    private static void tell(WebSocketSession session) {
        try {
            ((LiveSession) session).goAway(CloseStatus.GOING_AWAY);
        } catch (RejectedExecutionException ended) {
            // Its event loop, of somebody else's server, has ended, and the connection with it.
        }
    }

    private CompletableFuture<StopReport> cut() {
        List<WebSocketSession> left = new ArrayList<>(registry.sessions());
        left.forEach(Drain::cut);
        int forced = left.size() + registry.unansweredCount();
        StopReport report = new StopReport(Math.max(0, sessions.size() - forced), forced);
        return registry.whenEmpty()
                .completeOnTimeout(null, LAST_MILLIS, TimeUnit.MILLISECONDS)
                .thenApply(done -> report);
    }

    private static void cut(WebSocketSession session) {
        try {
            session.terminate();
        } catch (RejectedExecutionException ended) {
            // As above.
        }
    }

    /** While the event loops still run: some transports need them to see a connection out. */
    private CompletableFuture<Void> endHttp() {
        CompletableFuture<?>[] closing = inHttp.stream().map(Drain::end).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(closing).completeOnTimeout(null, LAST_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static CompletableFuture<Void> end(Channel channel) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        channel.closeFuture().addListener(done -> closed.complete(null));
        channel.eventLoop().execute(() -> channel.pipeline().fireUserEventTriggered(Event.SERVER_STOPPED));
        return closed;
    }
}
