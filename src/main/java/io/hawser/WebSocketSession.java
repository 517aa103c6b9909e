package io.hawser;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * One WebSocket connection, from its 101 to its end.
 *
 * <p><b>Threading:</b> every method may be called from any thread and none blocks. Messages that one thread sends are written in
 * that order; nothing is written after a Close frame.
 *
 * @since 0.1.0
 */
public interface WebSocketSession {

    /**
     * The session's name: 128 random bits in base64url, hard to guess and safe to log.
     *
     * @return 22 characters
     */
    String id();

    /**
     * The request that opened the session.
     *
     * @return what the client sent, and the subprotocol that was chosen
     */
    Handshake handshake();

    /**
     * Who the peer is, as the {@link HandshakeHook} said.
     *
     * @return empty if it did not say
     */
    Optional<Principal> principal();

    /**
     * When the peer's authorisation ends, as the {@link HandshakeHook} or {@link #setExpiry} said. The session is then closed with
     * 1008.
     *
     * @return empty if it does not end
     */
    Optional<Instant> expiresAt();

    /**
     * Sets when the peer's authorisation ends, by the wall clock, such as after the peer has sent a fresh token. Looked at ten times
     * a second.
     *
     * @param expiry in place of the earlier one; {@link Instant#MAX} for never
     */
    void setExpiry(Instant expiry);

    /**
     * The server this session belongs to, and its rooms.
     *
     * @return always the same
     */
    WebSocketServer server();

    /**
     * A value that this program attached to the session.
     *
     * @param key the value's key
     * @param <T> the value's type
     * @return empty if there is none
     */
    <T> Optional<T> attribute(AttributeKey<T> key);

    /**
     * Attaches a value to the session, in place of an earlier one.
     *
     * @param key the value's key
     * @param value the value
     * @param <T> the value's type
     */
    <T> void setAttribute(AttributeKey<T> key, T value);

    /**
     * Detaches a value.
     *
     * @param key the value's key
     * @param <T> the value's type
     * @return the value that was there
     */
    <T> Optional<T> removeAttribute(AttributeKey<T> key);

    /**
     * Where the session is in its life.
     *
     * @return a state that may be over when the caller looks at it
     */
    SessionState state();

    /**
     * Time from the latest ping of the heartbeat to its pong.
     *
     * @return empty until one was measured
     */
    Optional<Duration> rtt();

    /**
     * Sends a message. What becomes of one over {@link Limits#maxPendingBytes()} is the {@link OverflowPolicy}'s to say: by default
     * it closes the session with 1008. One sent after the closing began is dropped.
     *
     * @param message what to send
     */
    void send(Message message);

    /**
     * Sends text: {@link #send(Message)} of {@link Message#text(String)}.
     *
     * @param text what to send
     * @throws IllegalArgumentException if the text has an unpaired surrogate
     */
    default void send(String text) {
        send(Message.text(text));
    }

    /**
     * Sends a message if there is room for it, and leaves the session alone if not.
     *
     * @param message what to send
     * @return whether it was accepted; false if the session is closing or closed, or {@link Limits#maxPendingBytes()} would be
     *     exceeded
     */
    boolean trySend(Message message);

    /**
     * Sends a message and says what became of it.
     *
     * @param message what to send
     * @return completes exactly once, on the thread that runs this session's callbacks; never fails
     */
    CompletionStage<SendResult> sendTracked(Message message);

    /**
     * Sends one text message piece by piece, each in a frame of its own or several (RFC 6455 §5.4). Pieces are asked for one at a
     * time, as the peer takes them, so a message may be larger than memory. Messages sent meanwhile wait behind it; pings and pongs
     * do not. It goes out uncompressed. What is held of it counts as pending.
     *
     * @param pieces subscribed to when the message's turn has come; a piece must not end within a surrogate pair. If it fails, or gives
     *     an invalid piece, the session is closed with 1011, for a message that has begun cannot be taken back.
     * @return as of {@link #sendTracked}
     */
    CompletionStage<SendResult> sendText(Flow.Publisher<String> pieces);

    /**
     * Sends one binary message piece by piece, as {@link #sendText(Flow.Publisher)} does.
     *
     * @param pieces arrays that are not written to any more
     * @return as of {@link #sendTracked}
     */
    CompletionStage<SendResult> sendBinary(Flow.Publisher<byte[]> pieces);

    /**
     * Sets what becomes of a message that there is no room for, in place of the endpoint's policy.
     *
     * @param policy for what is sent from now on
     */
    void setOverflowPolicy(OverflowPolicy policy);

    /**
     * Bytes accepted for sending and not yet handed to the kernel, frame headers included: the {@code bufferedAmount} of browsers. A
     * message counts 64 at least, for that is what it takes up while it waits.
     *
     * @return 0 or more
     */
    long pendingBytes();

    /**
     * Whether less than {@link Limits#highWaterBytes()} is pending. Once it is not, {@link WebSocketHandler#onWritable} tells when
     * it is again.
     *
     * @return a hint for producers that can wait
     */
    boolean isWritable();

    /**
     * Stops the delivery of messages, until {@link #request} or {@link #resume}. Reading goes on until {@link Limits#maxQueuedBytes()}
     * or {@link Limits#maxQueuedMessages()} wait, then the peer is not read, and its pongs are not waited for. If the connection ends
     * meanwhile, what waits is discarded and counted, and {@code onClose} is called at once. While the peer is read its pings are
     * answered; of a peer that is not read, this server does not see that it has gone.
     *
     * <p>On the event loop, or within a callback, no further message is delivered after this returns; from elsewhere one may be on its
     * way.
     */
    void pause();

    /**
     * Lets more messages be delivered, and then pauses; adds to what was asked for before. A session begins with no end of demand.
     *
     * @param messages over zero; {@link Long#MAX_VALUE} is no end
     * @throws IllegalArgumentException if it is not positive
     */
    void request(long messages);

    /** Lets all messages be delivered, until the next {@link #pause}. */
    default void resume() {
        request(Long.MAX_VALUE);
    }

    /**
     * Sends a ping; its pong goes to {@link WebSocketHandler#onPong}.
     *
     * @param payload at most 125 bytes (RFC 6455 §5.5)
     * @throws IllegalArgumentException if it is longer
     */
    void ping(byte[] payload);

    /** Closes with 1000, after what was sent before. */
    default void close() {
        close(CloseStatus.NORMAL);
    }

    /**
     * Begins the closing handshake (RFC 6455 §7.1.2), after what was sent before. Does nothing if it has begun. If the peer does
     * not answer within {@link Limits#closeTimeout()}, the connection is cut.
     *
     * @param status for the peer to read
     * @throws IllegalArgumentException if the status may not be sent, such as {@link CloseStatus#NO_STATUS}
     */
    void close(CloseStatus status);

    /** Cuts the connection at once, dropping what is queued. */
    void terminate();

    /**
     * Joins a room of this server. The session leaves it by itself when it closes.
     *
     * @param room the room's name, at most {@link Room#MAX_NAME_BYTES} bytes of UTF-8
     * @return false if it was in the room already, or is closed
     * @throws IllegalArgumentException if the name is empty or too long
     * @throws IllegalStateException if the session is in {@link Limits#maxRooms()} rooms already
     */
    boolean join(String room);

    /**
     * Leaves a room.
     *
     * @param room the room's name
     * @return false if it was not in the room
     */
    boolean leave(String room);

    /**
     * The rooms this session is in.
     *
     * @return a snapshot of their names, unmodifiable
     */
    Set<String> rooms();
}
