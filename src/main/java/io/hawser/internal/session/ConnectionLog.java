package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.Initiator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log of each connection's life, under the name {@code io.hawser.connection}: a line for open and close, at debug level, and at
 * info level where the peer broke a rule. Paths and ids only: headers, queries and payloads may hold secrets.
 */
public final class ConnectionLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.hawser.connection");

    private ConnectionLog() {}

    static void opened(LiveSession session) {
        LOG.debug(
                "open {} {} from {}",
                session.id(),
                session.handshake().path(),
                session.handshake().remoteAddress());
    }

    static void closed(LiveSession session, CloseStatus status, Initiator initiator) {
        boolean violation = initiator == Initiator.SERVER && status.code() != 1000 && status.code() != 1001;
        LOG.atLevel(violation ? Level.INFO : Level.DEBUG)
                .log("close {} {} by {} {}", session.id(), status.code(), initiator, violation ? status.reason() : "");
    }

    static void failed(LiveSession session, Throwable cause) {
        LOG.debug("failed {} {}", session.id(), cause.toString());
    }

    static void handlerThrew(LiveSession session, Throwable thrown) {
        LOG.error("handler threw, session {}", session.id(), thrown);
    }

    /** A request that was not answered by a 101 or a responder. {@code reason} is constant text. */
    public static void refused(Object remoteAddress, int status, String reason) {
        LOG.info("refused {} {}: {}", remoteAddress, status, reason);
    }

    /** A hook or responder of the program failed. */
    public static void hookFailed(Object remoteAddress, @Nullable Throwable failure) {
        LOG.error("hook or responder failed, peer {}", remoteAddress, failure);
    }

    /** The connection failed before it was a session's. */
    public static void handshakeFailed(Object remoteAddress, Throwable cause) {
        LOG.debug("failed before the handshake {} {}", remoteAddress, cause.toString());
    }
}
