package io.hawser;

/**
 * Who ended a session.
 *
 * @since 0.1.0
 */
public enum Initiator {
    /** The peer sent its Close frame first. */
    PEER,
    /** This server did: a call of {@code close}, a limit, a protocol violation, a timeout, a stop. */
    SERVER,
    /** Nobody said goodbye: the connection broke. */
    NETWORK
}
