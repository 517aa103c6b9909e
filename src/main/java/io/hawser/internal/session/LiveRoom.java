package io.hawser.internal.session;

import io.hawser.BroadcastResult;
import io.hawser.Message;
import io.hawser.Room;
import io.hawser.WebSocketSession;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A room's name, and where its members are looked up. */
record LiveRoom(SessionRegistry registry, String name) implements Room {

    @Override
    public boolean join(WebSocketSession session) {
        return requireOurs(session).join(name);
    }

    @Override
    public boolean leave(WebSocketSession session) {
        return requireOurs(session).leave(name);
    }

    private WebSocketSession requireOurs(WebSocketSession session) {
        if (session instanceof LiveSession live && live.registry() == registry) {
            return session;
        }
        throw new IllegalArgumentException("a session of another server");
    }

    @Override
    public Set<WebSocketSession> localMembers() {
        return registry.members(name).map(Members::snapshot).orElse(Set.of());
    }

    @Override
    public int localSize() {
        return registry.members(name).map(Members::size).orElse(0);
    }

    @Override
    public CompletionStage<BroadcastResult> broadcast(Message message) {
        return send(message, null);
    }

    @Override
    public CompletionStage<BroadcastResult> broadcast(Message message, WebSocketSession except) {
        return send(message, Objects.requireNonNull(except, "except"));
    }

    private CompletionStage<BroadcastResult> send(Message message, @Nullable WebSocketSession except) {
        Objects.requireNonNull(message, "message");
        return registry.members(name)
                .map(members -> members.broadcast(message, except))
                .orElseGet(() -> CompletableFuture.completedStage(BroadcastResult.NONE));
    }

    @Override
    public String toString() {
        return "room " + name;
    }
}
