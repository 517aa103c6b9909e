package io.hawser;

import java.time.Duration;
import java.util.Objects;

/**
 * Pings that find dead peers and keep proxies from cutting quiet connections (RFC 6455 §5.5.2).
 *
 * <p>Any byte from the peer is a sign of life. The first ping of a session is jittered, so that sessions which came together do
 * not ping together. A peer that owes a sign of life for {@code pongWithin} after a ping ends with 1006; a late event loop of
 * our own never ends it.
 *
 * @param mode when to ping
 * @param interval of silence before a ping, or between pings; 25 s unless set
 * @param pongWithin how long the peer has; 20 s unless set
 * @since 0.1.0
 */
public record Heartbeat(Mode mode, Duration interval, Duration pongWithin) {

    /** When to ping. */
    public enum Mode {
        /** Never. A vanished peer is noticed only when something is sent to it. */
        OFF,
        /** After {@code interval} without a byte from the peer. */
        ON_SILENCE,
        /** Every {@code interval}, so that {@link WebSocketSession#rtt()} stays fresh. */
        ALWAYS
    }

    /**
     * Checks that the durations are positive.
     *
     * @param mode when to ping
     * @param interval over zero
     * @param pongWithin over zero
     */
    public Heartbeat {
        Objects.requireNonNull(mode, "mode");
        Limits.requirePositive(interval, "interval");
        Limits.requirePositive(pongWithin, "pongWithin");
    }

    /**
     * A ping after 25 s of silence, a pong within 20 s.
     *
     * @return the default
     */
    public static Heartbeat defaults() {
        return onSilence(Duration.ofSeconds(25), Duration.ofSeconds(20));
    }

    /**
     * Pings a silent peer.
     *
     * @param interval of silence before a ping
     * @param pongWithin how long the peer has
     * @return a heartbeat
     */
    public static Heartbeat onSilence(Duration interval, Duration pongWithin) {
        return new Heartbeat(Mode.ON_SILENCE, interval, pongWithin);
    }

    /**
     * Pings every peer, silent or not.
     *
     * @param interval between pings
     * @param pongWithin how long the peer has
     * @return a heartbeat
     */
    public static Heartbeat always(Duration interval, Duration pongWithin) {
        return new Heartbeat(Mode.ALWAYS, interval, pongWithin);
    }

    /**
     * No pings.
     *
     * @return a heartbeat that never beats
     */
    public static Heartbeat off() {
        return new Heartbeat(Mode.OFF, Duration.ofSeconds(25), Duration.ofSeconds(20));
    }
}
