package io.hawser.internal.session;

import io.hawser.BroadcastResult;
import io.hawser.Message;
import io.hawser.Room;
import io.hawser.ServerMetrics;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One server's sessions: by id, by principal, by room, and their counters.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class SessionRegistry {

    private final Map<String, Set<LiveSession>> byPrincipal = new ConcurrentHashMap<>();
    private final Map<String, Members> rooms = new ConcurrentHashMap<>();
    private final Members everyone = new Members();
    private final List<SessionLoop> loops = new CopyOnWriteArrayList<>();
    private final SharedBudget pending;
    private final SharedBudget received;
    /** Sessions that hold what their peers sent: open ones, and some that have ended before it was delivered. */
    private final Set<LiveSession> receiving = ConcurrentHashMap.newKeySet();
    /** Sessions whose onClose has not returned. */
    private final AtomicLong unfinished = new AtomicLong();

    private volatile @Nullable CompletableFuture<Void> whenEmpty;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final LongAdder opened = new LongAdder();
    private final Map<Integer, LongAdder> closed = new ConcurrentHashMap<>();
    private final Map<Integer, LongAdder> refused = new ConcurrentHashMap<>();
    private final Map<LimitName, LongAdder> limitsHit = new ConcurrentHashMap<>();
    private final LongAdder droppedMessages = new LongAdder();
    private final LongAdder discardedMessages = new LongAdder();
    private final LongAdder handlerFailures = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final ConnectionLog log = new ConnectionLog();
    private final WebSocketServer server;

    /** The sessions of {@code server}, none yet, with what they may together hold for their peers, and of their peers. */
    public SessionRegistry(WebSocketServer server, long maxPendingBytes, long maxReceivedBytes) {
        this.server = server;
        this.pending = new SharedBudget(SharedBudget.Kind.PENDING, maxPendingBytes, loops, everyone.view());
        this.received = new SharedBudget(SharedBudget.Kind.RECEIVED, maxReceivedBytes, loops, receiving);
    }

    WebSocketServer server() {
        return server;
    }

    /** The log of the server's connections. */
    public ConnectionLog log() {
        return log;
    }

    /** A loop that will have sessions of this server: its counters are part of the server's. */
    public SessionLoop newLoop(LoopThread thread) {
        SessionLoop loop = new SessionLoop(thread, this, pending, received);
        loops.add(loop);
        return loop;
    }

    /** A session begins, or ceases, to hold what its peer sent. */
    void receiving(LiveSession session, boolean holds) {
        if (holds) {
            receiving.add(session);
        } else {
            receiving.remove(session);
        }
    }

    void add(LiveSession session) {
        unfinished.incrementAndGet();
        everyone.add(session);
        opened.increment();
        session.principal()
                .ifPresent(principal -> byPrincipal.compute(principal.getName(), (name, sessions) -> {
                    Set<LiveSession> all = sessions == null ? ConcurrentHashMap.newKeySet(1) : sessions;
                    all.add(session);
                    return all;
                }));
    }

    void remove(LiveSession session, int closeCode) {
        everyone.remove(session);
        closed.computeIfAbsent(closeCode, code -> new LongAdder()).increment();
        session.principal()
                .ifPresent(principal -> byPrincipal.computeIfPresent(principal.getName(), (name, sessions) -> {
                    sessions.remove(session);
                    return sessions.isEmpty() ? null : sessions;
                }));
    }

    /** The last callback of a session that was removed has returned. */
    void ended() {
        unfinished.decrementAndGet();
        completeIfEmpty();
    }

    /** Counts a session that was left to the kernel when the server stopped, because its peer did not answer the Close frame. */
    void unanswered() {
        unanswered.incrementAndGet();
    }

    /** How many sessions did not answer that the server stops. */
    public int unansweredCount() {
        return unanswered.get();
    }

    /** Completes when the last session has ended, its onClose included; for a server that opens none any more. */
    public CompletableFuture<Void> whenEmpty() {
        CompletableFuture<Void> empty = new CompletableFuture<>();
        whenEmpty = empty;
        completeIfEmpty();
        return empty;
    }

    private void completeIfEmpty() {
        CompletableFuture<Void> empty = whenEmpty;
        if (empty != null && unfinished.get() == 0) {
            empty.complete(null);
        }
    }

    /** Counts a handshake that was answered otherwise than by 101. */
    public void refused(int status) {
        refused.computeIfAbsent(status, code -> new LongAdder()).increment();
    }

    /** Counts a limit that was met. */
    public void limitHit(LimitName limit) {
        limitsHit.computeIfAbsent(limit, name -> new LongAdder()).increment();
    }

    /** Counts a message out that an overflow policy dropped. */
    void dropped() {
        droppedMessages.increment();
    }

    /** Counts messages in that will not be delivered. */
    void discarded(int messages) {
        discardedMessages.add(messages);
    }

    /** Counts a throw of a handler. */
    void handlerFailed() {
        handlerFailures.increment();
    }

    /** Counts the connections of the server's own port: 1 for one that came, -1 for one that went. */
    public void connections(int change) {
        connections.add(change);
    }

    /** The open sessions, as a live view. */
    public Collection<WebSocketSession> sessions() {
        return Collections.unmodifiableCollection(everyone.view());
    }

    /** The open session with an id. */
    public Optional<WebSocketSession> session(String id) {
        return everyone.withId(id).map(session -> session);
    }

    /** The open sessions of a principal. */
    public Set<WebSocketSession> sessionsOf(String principalName) {
        return Set.copyOf(byPrincipal.getOrDefault(principalName, Set.of()));
    }

    /** Sends to every open session. */
    public CompletionStage<BroadcastResult> broadcast(Message message) {
        return everyone.broadcast(message, null);
    }

    /** A handle to a room. */
    public Room room(String name) {
        return new LiveRoom(this, requireRoomName(name));
    }

    static String requireRoomName(String name) {
        if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > Room.MAX_NAME_BYTES) {
            throw new IllegalArgumentException("a room's name is 1 to " + Room.MAX_NAME_BYTES + " bytes of UTF-8");
        }
        return name;
    }

    /** Under the map's lock for that name, so that a room that empties and one that fills are never two. */
    void enter(String room, LiveSession session) {
        rooms.compute(room, (name, members) -> {
            Members all = members == null ? new Members() : members;
            all.add(session);
            return all;
        });
    }

    void exit(String room, LiveSession session) {
        rooms.computeIfPresent(room, (name, members) -> {
            members.remove(session);
            return members.isEmpty() ? null : members;
        });
    }

    Optional<Members> members(String room) {
        return Optional.ofNullable(rooms.get(room));
    }

    /** The counters, summed. */
    public ServerMetrics metrics() {
        return new ServerMetrics(
                connections.sum(),
                everyone.size(),
                opened.sum(),
                sums(refused),
                sums(closed),
                sum(loop -> loop.messagesIn.get()),
                sum(loop -> loop.messagesOut.get()),
                sum(loop -> loop.bytesIn.get()),
                sum(loop -> loop.bytesOut.get()),
                rooms.size(),
                everyone.view().stream().mapToLong(LiveSession::pendingBytes).sum(),
                receiving.stream().mapToLong(LiveSession::receivedBytes).sum(),
                droppedMessages.sum(),
                discardedMessages.sum(),
                handlerFailures.sum(),
                limits());
    }

    private long sum(ToLongFunction<SessionLoop> counter) {
        return loops.stream().mapToLong(counter).sum();
    }

    private Map<String, Long> limits() {
        Map<String, Long> sums = new HashMap<>();
        limitsHit.forEach((limit, adder) -> sums.put(limit.metric(), adder.sum()));
        return sums;
    }

    private static Map<Integer, Long> sums(Map<Integer, LongAdder> adders) {
        Map<Integer, Long> sums = new ConcurrentHashMap<>();
        adders.forEach((code, adder) -> sums.put(code, adder.sum()));
        return sums;
    }
}
