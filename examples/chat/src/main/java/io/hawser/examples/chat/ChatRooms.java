package io.hawser.examples.chat;

import io.hawser.AttributeKey;
import io.hawser.CloseStatus;
import io.hawser.Room;
import io.hawser.WebSocketSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Who sits in which room, under which name. The library's rooms carry the messages; this adds the names.
 *
 * <p>Sessions are served by several threads. Who comes and goes, and what everybody is told about it, is one step under one lock,
 * or somebody could be shown a list with a name whose owner has just left. Posting needs no lock.
 */
final class ChatRooms {

    /** Closes a connection whose seat was taken over, so that its page does not come back for it. */
    static final CloseStatus TAKEN_OVER = new CloseStatus(4001, "joined from another connection");

    static final int MOST_MEMBERS = 500;

    /** The names that a session has, by room. */
    private static final class Member {
        private static final AttributeKey<Member> KEY = AttributeKey.of("member", Member.class);

        private final Map<String, String> names = new ConcurrentHashMap<>();
    }

    private record Seat(WebSocketSession session, String key) {
        boolean isKey(String shown) {
            return !key.isEmpty() && key.equals(shown);
        }
    }

    private final Map<String, Map<String, Seat>> seats = new HashMap<>();
    private final Function<String, Room> rooms;
    private final int mostRooms;

    ChatRooms(Function<String, Room> rooms, int mostRooms) {
        this.rooms = rooms;
        this.mostRooms = mostRooms;
    }

    void enter(WebSocketSession session) {
        session.setAttribute(Member.KEY, new Member());
    }

    Optional<Problem> post(WebSocketSession session, ClientMessage.Post post) {
        String user = member(session).names.get(post.room());
        if (user == null) {
            return Optional.of(Problem.NOT_JOINED);
        }
        rooms.apply(post.room()).broadcast(ServerMessage.message(post.room(), user, post.text()));
        return Optional.empty();
    }

    synchronized Optional<Problem> join(WebSocketSession session, ClientMessage.Join join) {
        Map<String, Seat> room = seats.getOrDefault(join.room(), Map.of());
        Seat held = room.get(join.user());
        Optional<Problem> problem = problemWith(session, join, room, held);
        if (problem.isEmpty()) {
            sit(session, join);
            if (held == null) {
                rooms.apply(join.room()).broadcast(ServerMessage.userJoined(join.room(), join.user()), session);
            } else {
                dismiss(held.session, join.room());
            }
        }
        return problem;
    }

    synchronized Optional<Problem> leave(WebSocketSession session, String room) {
        return getUp(session, room) ? Optional.empty() : Optional.of(Problem.NOT_JOINED);
    }

    synchronized void leaveAll(WebSocketSession session) {
        List.copyOf(member(session).names.keySet()).forEach(room -> getUp(session, room));
    }

    private Optional<Problem> problemWith(
            WebSocketSession session, ClientMessage.Join join, Map<String, Seat> room, Seat held) {
        Map<String, String> names = member(session).names;
        if (names.containsKey(join.room())) {
            return Optional.of(Problem.ALREADY_JOINED);
        }
        if (names.size() >= mostRooms) {
            return Optional.of(Problem.TOO_MANY_ROOMS);
        }
        if (held != null) {
            return held.isKey(join.key()) ? Optional.empty() : Optional.of(Problem.NAME_TAKEN);
        }
        return room.size() >= MOST_MEMBERS ? Optional.of(Problem.ROOM_FULL) : Optional.empty();
    }

    private void sit(WebSocketSession session, ClientMessage.Join join) {
        Map<String, Seat> room = seats.computeIfAbsent(join.room(), name -> new TreeMap<>());
        room.put(join.user(), new Seat(session, join.key()));
        member(session).names.put(join.room(), join.user());
        // Said before the session is in the room: the first thing a client hears of a room is that it has joined.
        session.send(ServerMessage.joined(join.room(), join.user(), room.keySet()));
        session.join(join.room());
    }

    private void dismiss(WebSocketSession session, String room) {
        member(session).names.remove(room);
        session.leave(room);
        session.close(TAKEN_OVER);
    }

    private boolean getUp(WebSocketSession session, String room) {
        String user = member(session).names.remove(room);
        if (user == null) {
            return false;
        }
        seats.get(room).remove(user);
        seats.computeIfPresent(room, (name, taken) -> taken.isEmpty() ? null : taken);
        session.leave(room);
        session.send(ServerMessage.userLeft(room, user));
        rooms.apply(room).broadcast(ServerMessage.userLeft(room, user));
        return true;
    }

    private static Member member(WebSocketSession session) {
        return session.attribute(Member.KEY).orElseThrow();
    }
}
