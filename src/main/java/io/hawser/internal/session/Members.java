package io.hawser.internal.session;

import io.hawser.BroadcastResult;
import io.hawser.Message;
import io.hawser.WebSocketSession;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

    private final Map<SessionLoop, Set<LiveSession>> byLoop = new ConcurrentHashMap<>(2);

    boolean add(LiveSession session) {
        return byLoop.computeIfAbsent(session.loop(), loop -> ConcurrentHashMap.newKeySet())
                .add(session);
    }

    boolean remove(LiveSession session) {
        Set<LiveSession> sessions = byLoop.get(session.loop());
        return sessions != null && sessions.remove(session);
    }

    int size() {
        int size = 0;
        for (Set<LiveSession> sessions : byLoop.values()) {
            size += sessions.size();
        }
        return size;
    }

    boolean isEmpty() {
        return byLoop.values().stream().allMatch(Set::isEmpty);
    }

    Set<WebSocketSession> snapshot() {
        Set<WebSocketSession> all = new HashSet<>();
        byLoop.values().forEach(all::addAll);
        return Set.copyOf(all);
    }

    CompletionStage<BroadcastResult> broadcast(Message message, @Nullable WebSocketSession except) {
        List<CompletableFuture<BroadcastResult>> parts = byLoop.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> onLoop(entry.getKey(), entry.getValue(), message, except))
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
            SessionLoop loop, Set<LiveSession> sessions, Message message, @Nullable WebSocketSession except) {
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
            SessionLoop loop, Set<LiveSession> sessions, Message message, @Nullable WebSocketSession except) {
        SharedFrame shared = new SharedFrame(loop, message);
        try {
            return tally(sessions, except, session -> session.sendShared(shared));
        } finally {
            shared.release();
        }
    }

    private static BroadcastResult tally(
            Set<LiveSession> sessions, @Nullable WebSocketSession except, Function<LiveSession, Fate> send) {
        int targeted = 0;
        int queued = 0;
        int dropped = 0;
        for (LiveSession session : sessions) {
            if (session != except) {
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
