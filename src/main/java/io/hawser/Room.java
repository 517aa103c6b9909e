package io.hawser;

import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A named group of sessions. A handle: it costs nothing until somebody joins, and lives on when everybody left.
 *
 * <p><b>Threading:</b> every method may be called from any thread. A broadcast is delivered in the order of calls from one
 * thread, and by one task per event loop.
 *
 * @since 0.1.0
 */
public interface Room {

    /** Longest name in bytes of UTF-8. */
    int MAX_NAME_BYTES = 255;

    /**
     * The room's name.
     *
     * @return as given, case-sensitive
     */
    String name();

    /**
     * Adds a session. It leaves by itself when it closes.
     *
     * @param session a session of this server
     * @return false if it was in the room already, or is closed
     * @throws IllegalStateException if the session is in {@link Limits#maxRooms()} rooms already
     */
    boolean join(WebSocketSession session);

    /**
     * Removes a session.
     *
     * @param session a session of this server
     * @return false if it was not in the room
     */
    boolean leave(WebSocketSession session);

    /**
     * The members on this node.
     *
     * @return a snapshot, unmodifiable
     */
    Set<WebSocketSession> localMembers();

    /**
     * Number of members on this node.
     *
     * @return a count that was right a moment ago
     */
    int localSize();

    /**
     * Sends a message to every member.
     *
     * @param message encoded once, and compressed once for each way the members agreed on
     * @return completes when the message is queued everywhere, with what became of it; never fails
     */
    CompletionStage<BroadcastResult> broadcast(Message message);

    /**
     * Sends a message to every member but one.
     *
     * @param message encoded once
     * @param except the one who does not get it, such as its author
     * @return completes when the message is queued everywhere, with what became of it; never fails
     */
    CompletionStage<BroadcastResult> broadcast(Message message, WebSocketSession except);
}
