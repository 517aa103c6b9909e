package io.hawser;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A path of a server and what happens to sessions there. What an endpoint does not set, it takes from its server.
 *
 * <p>In a path template {@code {name}} stands for one segment; a literal segment beats a parameter; {@code %2F} stays inside its
 * segment; a trailing slash makes another path.
 *
 * <p><b>Threading:</b> immutable; each {@code with…} returns a new endpoint.
 *
 * @since 0.1.0
 */
public final class Endpoint {

    private final String path;
    private final WebSocketHandler handler;
    private final List<String> subprotocols;
    private final @Nullable HandshakeHook hook;
    private final @Nullable OriginPolicy originPolicy;
    private final @Nullable Limits limits;
    private final @Nullable Heartbeat heartbeat;
    private final @Nullable Compression compression;
    private final @Nullable OverflowPolicy overflowPolicy;

    private Endpoint(
            String path,
            WebSocketHandler handler,
            List<String> subprotocols,
            @Nullable HandshakeHook hook,
            @Nullable OriginPolicy originPolicy,
            @Nullable Limits limits,
            @Nullable Heartbeat heartbeat,
            @Nullable Compression compression,
            @Nullable OverflowPolicy overflowPolicy) {
        this.path = Objects.requireNonNull(path, "path");
        this.handler = Objects.requireNonNull(handler, "handler");
        this.subprotocols = subprotocols;
        this.hook = hook;
        this.originPolicy = originPolicy;
        this.limits = limits;
        this.heartbeat = heartbeat;
        this.compression = compression;
        this.overflowPolicy = overflowPolicy;
    }

    /**
     * An endpoint.
     *
     * @param path a path template that begins with a slash, such as {@code /chat/{room}}
     * @param handler told of every session there
     * @return a new endpoint
     */
    public static Endpoint of(String path, WebSocketHandler handler) {
        return new Endpoint(path, handler, List.of(), null, null, null, null, null, null);
    }

    /**
     * Sets the subprotocols that this endpoint speaks.
     *
     * @param subprotocols in the server's order of preference; the first that the client offered too is chosen
     * @return a new endpoint
     * @throws IllegalArgumentException if one is not a token (RFC 6455 §4.1)
     */
    public Endpoint withSubprotocols(String... subprotocols) {
        for (String subprotocol : subprotocols) {
            if (!HttpText.isToken(subprotocol)) {
                throw new IllegalArgumentException("a subprotocol is a token (RFC 6455 §4.1)");
            }
        }
        return new Endpoint(
                path,
                handler,
                List.of(subprotocols),
                hook,
                originPolicy,
                limits,
                heartbeat,
                compression,
                overflowPolicy);
    }

    /**
     * Sets who decides about handshakes.
     *
     * @param hook asked after all checks of the protocol
     * @return a new endpoint
     */
    public Endpoint withHandshakeHook(HandshakeHook hook) {
        Objects.requireNonNull(hook, "hook");
        return new Endpoint(
                path, handler, subprotocols, hook, originPolicy, limits, heartbeat, compression, overflowPolicy);
    }

    /**
     * Sets which web pages may connect.
     *
     * @param originPolicy in place of the server's
     * @return a new endpoint
     */
    public Endpoint withOriginPolicy(OriginPolicy originPolicy) {
        Objects.requireNonNull(originPolicy, "originPolicy");
        return new Endpoint(
                path, handler, subprotocols, hook, originPolicy, limits, heartbeat, compression, overflowPolicy);
    }

    /**
     * Sets the bounds of sessions here.
     *
     * @param limits in place of the server's
     * @return a new endpoint
     */
    public Endpoint withLimits(Limits limits) {
        Objects.requireNonNull(limits, "limits");
        return new Endpoint(
                path, handler, subprotocols, hook, originPolicy, limits, heartbeat, compression, overflowPolicy);
    }

    /**
     * Sets how peers are pinged.
     *
     * @param heartbeat in place of the server's
     * @return a new endpoint
     */
    public Endpoint withHeartbeat(Heartbeat heartbeat) {
        Objects.requireNonNull(heartbeat, "heartbeat");
        return new Endpoint(
                path, handler, subprotocols, hook, originPolicy, limits, heartbeat, compression, overflowPolicy);
    }

    /**
     * Sets whether messages are compressed.
     *
     * @param compression in place of the server's
     * @return a new endpoint
     */
    public Endpoint withCompression(Compression compression) {
        Objects.requireNonNull(compression, "compression");
        return new Endpoint(
                path, handler, subprotocols, hook, originPolicy, limits, heartbeat, compression, overflowPolicy);
    }

    /**
     * Sets what becomes of messages for peers that read too slowly.
     *
     * @param overflowPolicy in place of the server's
     * @return a new endpoint
     */
    public Endpoint withOverflowPolicy(OverflowPolicy overflowPolicy) {
        Objects.requireNonNull(overflowPolicy, "overflowPolicy");
        return new Endpoint(
                path, handler, subprotocols, hook, originPolicy, limits, heartbeat, compression, overflowPolicy);
    }

    /**
     * The path template.
     *
     * @return as given
     */
    public String path() {
        return path;
    }

    /**
     * The handler.
     *
     * @return as given
     */
    public WebSocketHandler handler() {
        return handler;
    }

    /**
     * The subprotocols.
     *
     * @return an unmodifiable list in order of preference, empty by default
     */
    public List<String> subprotocols() {
        return subprotocols;
    }

    /**
     * The handshake hook.
     *
     * @return empty if every right handshake is accepted
     */
    public Optional<HandshakeHook> handshakeHook() {
        return Optional.ofNullable(hook);
    }

    /**
     * The origin policy.
     *
     * @return empty if the server's applies
     */
    public Optional<OriginPolicy> originPolicy() {
        return Optional.ofNullable(originPolicy);
    }

    /**
     * The limits.
     *
     * @return empty if the server's apply
     */
    public Optional<Limits> limits() {
        return Optional.ofNullable(limits);
    }

    /**
     * The heartbeat.
     *
     * @return empty if the server's applies
     */
    public Optional<Heartbeat> heartbeat() {
        return Optional.ofNullable(heartbeat);
    }

    /**
     * The compression.
     *
     * @return empty if the server's applies
     */
    public Optional<Compression> compression() {
        return Optional.ofNullable(compression);
    }

    /**
     * The overflow policy.
     *
     * @return empty if the server's applies
     */
    public Optional<OverflowPolicy> overflowPolicy() {
        return Optional.ofNullable(overflowPolicy);
    }
}
