package io.hawser.internal.session;

import io.hawser.AttributeKey;
import io.hawser.CloseStatus;
import io.hawser.Handshake;
import io.hawser.Message;
import io.hawser.OverflowPolicy;
import io.hawser.SendResult;
import io.hawser.SessionState;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.internal.protocol.Opcode;
import io.hawser.internal.protocol.PayloadTransform;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A session as the program sees it: every method from any thread. What has to happen on the event loop is handed to the
 * {@link Conversation}.
 */
public final class LiveSession extends SessionId implements WebSocketSession {

    private final Handshake handshake;
    private final Optional<Principal> principal;
    private volatile Instant expiry; // wall clock; MAX is never
    private final SessionLoop loop;
    private final Conversation conversation;
    private final SendQueue queue; // the conversation's: a broadcast comes by here
    private final SessionSettings settings;

    // Guarded by conversation, which nobody else locks.
    private @Nullable Map<AttributeKey<?>, Object> attributes;
    private @Nullable Set<String> rooms;
    private boolean left;

    private volatile SessionState state = SessionState.CONNECTING;
    private volatile boolean shed;

    /** Where the loop's sweep finds the session; the loop's. */
    int sweepIndex;

    /** A session whose 101 is written or about to be; for the loop's thread. */
    public LiveSession(
            Handshake handshake,
            Optional<Principal> principal,
            Map<AttributeKey<?>, Object> attributes,
            Optional<Instant> expiry,
            SessionSettings settings,
            @Nullable PayloadTransform transform,
            SessionLoop loop,
            Wire wire) {
        super(loop.nextSessionId());
        this.handshake = handshake;
        this.principal = principal;
        this.expiry = expiry.orElse(Instant.MAX);
        this.attributes = attributes.isEmpty() ? null : new HashMap<>(attributes);
        this.loop = loop;
        this.settings = settings;
        this.conversation = new Conversation(this, transform, wire);
        this.queue = conversation.queue();
    }

    /** The event loop's side of this session. */
    public Conversation conversation() {
        return conversation;
    }

    SessionSettings settings() {
        return settings;
    }

    SessionLoop loop() {
        return loop;
    }

    SessionRegistry registry() {
        return loop.registry();
    }

    void setState(SessionState state) {
        this.state = state;
    }

    /** Does what is due; returns when to look again if nothing {@linkplain SessionLoop#stir stirs} the session before. */
    long sweep(long now, long lateNanos, boolean lateAgain) {
        if (hasExpired()) {
            conversation.expired();
        }
        long due = conversation.sweep(now, lateNanos, lateAgain);
        return expiry.equals(Instant.MAX) ? due : now; // the wall clock may jump
    }

    /** By the wall clock: tokens end by it. */
    private boolean hasExpired() {
        Instant at = expiry;
        return !at.equals(Instant.MAX)
                && !Instant.ofEpochMilli(loop.thread().currentTimeMillis()).isBefore(at);
    }

    Fate sendShared(SharedFrame shared) {
        return state == SessionState.OPEN ? queue.sendShared(shared) : Fate.CLOSING;
    }

    /** From any thread: a broadcast will not reach the session, for want of memory on the way to its event loop. */
    Fate missShared() {
        return state == SessionState.OPEN ? queue.miss() : Fate.CLOSING;
    }

    /** A broadcast failed on the way into this session. */
    Fate missShared(Throwable cause) {
        registry().log().handlerThrew(this, cause);
        registry().handlerFailed();
        registry().dropped();
        return Fate.DROPPED;
    }

    /** From any thread: ends the session for the memory of all. */
    void shed() {
        shed = true;
        loop.submitLater(conversation::shed);
    }

    /** From any thread: drops what the peer sent and nobody has seen, and ends the session for it. */
    void shedReceived() {
        shed = true;
        loop.submitLater(conversation::shedReceived);
    }

    /** From any thread: memory held of what the peer sent. */
    long receivedBytes() {
        return conversation.reception().heldBytes();
    }

    boolean isShed() {
        return shed;
    }

    /** Takes the session out of its rooms, and lets it join none any more. */
    void leaveRooms() {
        Set<String> joined;
        synchronized (conversation) {
            left = true;
            joined = rooms == null ? Set.of() : rooms;
            rooms = null;
        }
        joined.forEach(room -> registry().exit(room, this));
    }

    @Override
    public Handshake handshake() {
        return handshake;
    }

    @Override
    public Optional<Principal> principal() {
        return principal;
    }

    @Override
    public Optional<Instant> expiresAt() {
        Instant at = expiry;
        return at.equals(Instant.MAX) ? Optional.empty() : Optional.of(at);
    }

    @Override
    public void setExpiry(Instant expiry) {
        this.expiry = Objects.requireNonNull(expiry, "expiry");
        loop.submit(() -> loop.stir(this));
    }

    @Override
    public WebSocketServer server() {
        return registry().server();
    }

    @Override
    public <T> Optional<T> attribute(AttributeKey<T> key) {
        synchronized (conversation) {
            Object value = attributes == null ? null : attributes.get(Objects.requireNonNull(key, "key"));
            return Optional.ofNullable(value).map(key::cast);
        }
    }

    @Override
    public <T> void setAttribute(AttributeKey<T> key, T value) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        synchronized (conversation) {
            if (attributes == null) {
                attributes = new HashMap<>();
            }
            attributes.put(key, value);
        }
    }

    @Override
    public <T> Optional<T> removeAttribute(AttributeKey<T> key) {
        synchronized (conversation) {
            Object value = attributes == null ? null : attributes.remove(Objects.requireNonNull(key, "key"));
            return Optional.ofNullable(value).map(key::cast);
        }
    }

    @Override
    public SessionState state() {
        return state;
    }

    @Override
    public Optional<Duration> rtt() {
        long nanos = conversation.rttNanos();
        return nanos == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    @Override
    public void send(Message message) {
        Objects.requireNonNull(message, "message");
        if (state == SessionState.OPEN) {
            queue.send(message, null, false);
        }
    }

    @Override
    public boolean trySend(Message message) {
        Objects.requireNonNull(message, "message");
        return state == SessionState.OPEN && queue.send(message, null, true) == Fate.QUEUED;
    }

    @Override
    public CompletionStage<SendResult> sendTracked(Message message) {
        Objects.requireNonNull(message, "message");
        if (state != SessionState.OPEN) {
            return notWritten("the session is " + state);
        }
        CompletableFuture<SendResult> result = new CompletableFuture<>();
        return result(queue.send(message, result, false), result);
    }

    private static CompletionStage<SendResult> notWritten(String reason) {
        return CompletableFuture.completedStage(new SendResult(SendResult.Outcome.NOT_WRITTEN, reason));
    }

    @Override
    public CompletionStage<SendResult> sendText(Flow.Publisher<String> pieces) {
        return stream(Message.text(""), pieces, piece -> Message.text(piece).bytesWithoutCopy());
    }

    @Override
    public CompletionStage<SendResult> sendBinary(Flow.Publisher<byte[]> pieces) {
        return stream(Message.binary(new byte[0]), pieces, piece -> piece);
    }

    private <T> CompletionStage<SendResult> stream(
            Message empty, Flow.Publisher<T> pieces, Function<T, byte[]> bytesOf) {
        Objects.requireNonNull(pieces, "pieces");
        if (state != SessionState.OPEN) {
            return notWritten("the session is " + state);
        }
        CompletableFuture<SendResult> result = new CompletableFuture<>();
        Fate fate = queue.send(new StreamedMessage<>(queue, loop, empty, result, pieces, bytesOf));
        return result(fate, result);
    }

    private static CompletionStage<SendResult> result(Fate fate, CompletableFuture<SendResult> result) {
        return switch (fate) {
            case QUEUED -> result.minimalCompletionStage();
            case CLOSING -> notWritten("the session is closing");
            default -> notWritten("over the limit of pending bytes");
        };
    }

    @Override
    public void setOverflowPolicy(OverflowPolicy policy) {
        queue.setPolicy(Objects.requireNonNull(policy, "policy"));
    }

    @Override
    public void pause() {
        conversation.reception().queue().pause();
    }

    @Override
    public void request(long messages) {
        if (messages <= 0) {
            throw new IllegalArgumentException("not a demand: " + messages);
        }
        conversation.reception().queue().request(messages);
    }

    @Override
    public long pendingBytes() {
        return queue.pendingBytes();
    }

    @Override
    public boolean isWritable() {
        return queue.isWritable();
    }

    @Override
    public void ping(byte[] payload) {
        if (payload.length > Opcode.MAX_CONTROL_BYTES) {
            throw new IllegalArgumentException("a ping carries at most 125 bytes (RFC 6455 §5.5)");
        }
        queue.ping(payload.clone());
    }

    @Override
    public void close(CloseStatus status) {
        if (!status.isSendable()) {
            throw new IllegalArgumentException("never sent (RFC 6455 §7.4.1): " + status.code());
        }
        loop.submit(() -> conversation.close(status));
    }

    /** Closes, where nothing but the drain's end hurries the peer to read what was sent before. */
    public void goAway(CloseStatus status) {
        loop.submitLater( // behind what other threads have sent, whichever this one is
                () -> conversation.goAway(status));
    }

    @Override
    public void terminate() {
        loop.submit(conversation::terminate);
    }

    @Override
    public boolean join(String room) {
        SessionRegistry.requireRoomName(room);
        synchronized (conversation) {
            if (left) {
                return false;
            }
            if (rooms == null) {
                rooms = new HashSet<>(4);
            }
            if (rooms.contains(room)) {
                return false;
            }
            int maxRooms = settings.limits().maxRooms();
            if (rooms.size() == maxRooms) {
                registry().limitHit(LimitName.MAX_ROOMS);
                throw new IllegalStateException("the session is in " + maxRooms + " rooms, its limit");
            }
            rooms.add(room);
            registry().enter(room, this);
            return true;
        }
    }

    @Override
    public boolean leave(String room) {
        synchronized (conversation) {
            if (rooms == null || !rooms.remove(room)) {
                return false;
            }
            registry().exit(room, this);
            return true;
        }
    }

    @Override
    public Set<String> rooms() {
        synchronized (conversation) {
            return rooms == null ? Set.of() : Set.copyOf(rooms);
        }
    }

    @Override
    public String toString() {
        return "session " + id();
    }
}
