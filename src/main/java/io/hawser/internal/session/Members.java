package io.hawser.internal.session;

import io.hawser.BroadcastResult;
import io.hawser.Message;
import io.hawser.WebSocketSession;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A group of sessions, kept by event loop, so that a broadcast is one task for each loop and no session crosses threads.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Members {

    private final Map<SessionLoop, Map<SessionId, LiveSession>> byLoop = new ConcurrentHashMap<>(2); // by itself

    boolean add(LiveSession session) {
        return byLoop.computeIfAbsent(session.loop(), loop -> new ConcurrentHashMap<>())
                        .putIfAbsent(session, session)
                == null;
    }

    boolean remove(LiveSession session) {
        Map<SessionId, LiveSession> sessions = byLoop.get(session.loop());
        return sessions != null && sessions.remove(session, session);
    }

    int size() {
        int size = 0;
        for (Map<SessionId, LiveSession> sessions : byLoop.values()) {
            size += sessions.size();
        }
        return size;
    }

    boolean isEmpty() {
        return byLoop.values().stream().allMatch(Map::isEmpty);
    }

    Set<WebSocketSession> snapshot() {
        Set<WebSocketSession> all = new HashSet<>();
        byLoop.values().forEach(sessions -> all.addAll(sessions.values()));
        return Set.copyOf(all);
    }

    Optional<LiveSession> withId(String text) {
        SessionId id = SessionId.parse(text);
        if (id == null) {
            return Optional.empty();
        }
        for (Map<SessionId, LiveSession> sessions : byLoop.values()) {
            LiveSession found = sessions.get(id);
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /** All of them, as a live view. */
    Collection<LiveSession> view() {
        return new AbstractCollection<>() {
            @Override
            public Iterator<LiveSession> iterator() {
                return new LoopByLoop(byLoop.values().iterator());
            }

            @Override
            public int size() {
                return Members.this.size();
            }
        };
    }

    private static final class LoopByLoop implements Iterator<LiveSession> {
        private final Iterator<Map<SessionId, LiveSession>> loops;
        private Iterator<LiveSession> sessions = Collections.emptyIterator();

        LoopByLoop(Iterator<Map<SessionId, LiveSession>> loops) {
            this.loops = loops;
        }

        @Override
        public boolean hasNext() {
            while (!sessions.hasNext() && loops.hasNext()) {
                sessions = loops.next().values().iterator();
            }
            return sessions.hasNext();
        }

        @Override
        public LiveSession next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return sessions.next();
        }
    }

    CompletionStage<BroadcastResult> broadcast(Message message, @Nullable WebSocketSession except) {
        List<CompletableFuture<BroadcastResult>> parts = byLoop.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> onLoop(entry.getKey(), entry.getValue().values(), message, except))
                .toList();
        if (parts.size() == 1) {
            return parts.get(0).minimalCompletionStage();
        }
        CompletableFuture<BroadcastResult> sum = CompletableFuture.completedFuture(BroadcastResult.NONE);
        for (CompletableFuture<BroadcastResult> part : parts) {
            sum = sum.thenCombine(part, BroadcastResult::plus);
        }
        return sum.minimalCompletionStage();
    }

    private static CompletableFuture<BroadcastResult> onLoop(
            SessionLoop loop, Collection<LiveSession> sessions, Message message, @Nullable WebSocketSession except) {
        if (loop.thread().isCurrent()) {
            return CompletableFuture.completedFuture(deliver(loop, sessions, message, except));
        }
        int cost = SendQueue.costOf(message);
        if (!loop.admit(cost)) {
            return CompletableFuture.completedFuture(tally(sessions, except, LiveSession::missShared));
        }
        CompletableFuture<BroadcastResult> result = new CompletableFuture<>();
        loop.submitLater(() -> {
            loop.arrived(cost);
            result.complete(deliver(loop, sessions, message, except));
        });
        return result;
    }

    private static BroadcastResult deliver(
            SessionLoop loop, Collection<LiveSession> sessions, Message message, @Nullable WebSocketSession except) {
        SharedFrame shared = new SharedFrame(loop, message);
        try {
            return tally(sessions, except, session -> session.sendShared(shared));
        } finally {
            shared.release();
        }
    }

    private static BroadcastResult tally(
            Collection<LiveSession> sessions, @Nullable WebSocketSession except, Function<LiveSession, Fate> send) {
        int targeted = 0;
        int queued = 0;
        int dropped = 0;
        for (LiveSession session : sessions) {
            if (!session.equals(except)) {
                targeted++;
                Fate fate = guarded(session, send);
                queued += fate == Fate.QUEUED ? 1 : 0;
                dropped += fate == Fate.DROPPED ? 1 : 0;
            }
        }
        return new BroadcastResult(targeted, queued, dropped, targeted - queued - dropped);
    }

    /** One session's failure, such as of its policy's key function, costs nobody else the message. */
    private static Fate guarded(LiveSession session, Function<LiveSession, Fate> send) {
        try {
            return send.apply(session);
        } catch (Throwable t) {
            return session.missShared(t);
        }
    }
}
