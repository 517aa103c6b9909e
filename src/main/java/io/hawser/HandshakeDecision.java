package io.hawser;

import java.security.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a {@link HandshakeHook} decided: accept, reject with an HTTP status, or accept and close at once, so that a browser, which
 * hides the status of a refused handshake from scripts, can read why from the close code.
 *
 * <p><b>Threading:</b> immutable; each {@code with…} returns a new decision.
 *
 * @since 0.1.0
 */
public final class HandshakeDecision {

    private final int status;
    private final Optional<CloseStatus> closeStatus;
    private final Optional<Principal> principal;
    private final Optional<Instant> expiry;
    private final Optional<String> subprotocol;
    private final Map<AttributeKey<?>, Object> attributes;
    private final List<Map.Entry<String, String>> headers;

    private HandshakeDecision(
            int status,
            Optional<CloseStatus> closeStatus,
            Optional<Principal> principal,
            Optional<Instant> expiry,
            Optional<String> subprotocol,
            Map<AttributeKey<?>, Object> attributes,
            List<Map.Entry<String, String>> headers) {
        this.status = status;
        this.closeStatus = closeStatus;
        this.principal = principal;
        this.expiry = expiry;
        this.subprotocol = subprotocol;
        this.attributes = attributes;
        this.headers = headers;
    }

    /**
     * Accepts: 101, with the subprotocol that the endpoint's list and the offer have in common.
     *
     * @return an accepting decision
     */
    public static HandshakeDecision accept() {
        return of(101, Optional.empty());
    }

    /**
     * Refuses the handshake.
     *
     * @param status 300–599: a redirect, or an error such as 401 or 403
     * @return a refusing decision
     * @throws IllegalArgumentException if the status is out of range
     */
    public static HandshakeDecision reject(int status) {
        if (status < 300 || status > 599) {
            throw new IllegalArgumentException("a refusal has a status of 300 to 599: " + status);
        }
        return of(status, Optional.empty());
    }

    /**
     * Answers 101 and closes the session before its handler is told of it.
     *
     * @param closeStatus for the peer to read, such as one of 4000–4999
     * @return an accepting decision
     * @throws IllegalArgumentException if the status cannot be sent
     */
    public static HandshakeDecision acceptThenClose(CloseStatus closeStatus) {
        if (!closeStatus.isSendable()) {
            throw new IllegalArgumentException("never sent: " + closeStatus.code());
        }
        return of(101, Optional.of(closeStatus));
    }

    private static HandshakeDecision of(int status, Optional<CloseStatus> closeStatus) {
        return new HandshakeDecision(
                status, closeStatus, Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), List.of());
    }

    /**
     * Says who the peer is.
     *
     * @param principal the peer
     * @return this decision with the principal
     */
    public HandshakeDecision withPrincipal(Principal principal) {
        Objects.requireNonNull(principal, "principal");
        return new HandshakeDecision(
                status, closeStatus, Optional.of(principal), expiry, subprotocol, attributes, headers);
    }

    /**
     * Says until when: the session is closed with 1008 then, unless {@link WebSocketSession#setExpiry} has put it off.
     *
     * @param expiry by the wall clock, such as a token's
     * @return this decision with the expiry
     */
    public HandshakeDecision withExpiry(Instant expiry) {
        return new HandshakeDecision(
                status, closeStatus, principal, Optional.of(expiry), subprotocol, attributes, headers);
    }

    /**
     * Chooses the subprotocol.
     *
     * @param subprotocol one of {@link Handshake#offeredSubprotocols()}: anything else makes the handshake fail with 500, for a
     *     client must refuse an answer it did not offer (RFC 6455 §4.1)
     * @return this decision with the subprotocol
     */
    public HandshakeDecision withSubprotocol(String subprotocol) {
        Objects.requireNonNull(subprotocol, "subprotocol");
        return new HandshakeDecision(
                status, closeStatus, principal, expiry, Optional.of(subprotocol), attributes, headers);
    }

    /**
     * Gives the session an attribute before its handler sees it.
     *
     * @param key the attribute's key
     * @param value the attribute's value
     * @param <T> the attribute's type
     * @return this decision with the attribute
     */
    public <T> HandshakeDecision withAttribute(AttributeKey<T> key, T value) {
        Map<AttributeKey<?>, Object> more = new HashMap<>(attributes);
        more.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
        return new HandshakeDecision(status, closeStatus, principal, expiry, subprotocol, Map.copyOf(more), headers);
    }

    /**
     * Adds a header to the response, whether 101 or a refusal.
     *
     * @param name a token (RFC 9110 §5.6.2), and none that the handshake itself sets
     * @param value visible ASCII, spaces and tabs
     * @return this decision with the header
     * @throws IllegalArgumentException if the name or the value has a character that could end the line, or the name is one of
     *     Connection, Upgrade, Content-Length, Transfer-Encoding and Sec-WebSocket-…
     */
    public HandshakeDecision withHeader(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(HttpText.requireFreeHeaderName(name), HttpText.requireHeaderValue(value)));
        return new HandshakeDecision(
                status, closeStatus, principal, expiry, subprotocol, attributes, List.copyOf(more));
    }

    /**
     * The HTTP status of the answer.
     *
     * @return 101, or the status of the refusal
     */
    public int status() {
        return status;
    }

    /**
     * What to close with right after the 101.
     *
     * @return empty if the session is to live, or was refused
     */
    public Optional<CloseStatus> closeStatus() {
        return closeStatus;
    }

    /**
     * Who the peer is.
     *
     * @return empty if the hook did not say
     */
    public Optional<Principal> principal() {
        return principal;
    }

    /**
     * Until when the session may last.
     *
     * @return empty if for ever
     */
    public Optional<Instant> expiry() {
        return expiry;
    }

    /**
     * The subprotocol the hook chose.
     *
     * @return empty if it left the choice to the endpoint's list
     */
    public Optional<String> subprotocol() {
        return subprotocol;
    }

    /**
     * The session's first attributes.
     *
     * @return an unmodifiable map
     */
    public Map<AttributeKey<?>, Object> attributes() {
        return attributes;
    }

    /**
     * Headers for the response.
     *
     * @return an unmodifiable list, in the order they were added
     */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }
}
