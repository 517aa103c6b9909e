package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.Initiator;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log of each connection's life, under the name {@code io.hawser.connection}: a line for open and close, at debug level, and at
 * info level where the peer broke a rule. Paths and ids only: headers, queries and payloads may hold secrets.
 *
 * <p>Of each kind of line at most {@value LineBudget#LINES_A_SECOND} a second are written for one server, at whatever level, and a
 * line that says how many more there were: peers can make most of this happen as often as they like. The counters of
 * {@link io.hawser.ServerMetrics} go on. A stack trace without an end is cut short.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class ConnectionLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.hawser.connection");

    private final LongSupplier clock;
    private final LineBudget opened;
    private final LineBudget closed;
    private final LineBudget violated;
    private final LineBudget failed;
    private final LineBudget handlerThrew;
    private final LineBudget refused;
    private final LineBudget hookFailed;
    private final LineBudget handshakeFailed;
    private final LineBudget acceptFailed;

    ConnectionLog() {
        this(System::nanoTime);
    }

    ConnectionLog(LongSupplier clock) {
        this.clock = clock;
        long now = clock.getAsLong();
        opened = new LineBudget("open", now);
        closed = new LineBudget("close", now);
        violated = new LineBudget("close by the server", now);
        failed = new LineBudget("failed", now);
        handlerThrew = new LineBudget("handler threw", now);
        refused = new LineBudget("refused", now);
        hookFailed = new LineBudget("hook or responder failed", now);
        handshakeFailed = new LineBudget("failed before the handshake", now);
        acceptFailed = new LineBudget("could not accept", now);
    }

    void opened(LiveSession session) {
        if (mayWrite(Level.DEBUG, opened)) {
            LOG.debug(
                    "open {} {} from {}",
                    session.id(),
                    session.handshake().path(),
                    session.handshake().remoteAddress());
        }
    }

    void closed(LiveSession session, CloseStatus status, Initiator initiator) {
        boolean violation = initiator == Initiator.SERVER && status.code() != 1000 && status.code() != 1001;
        Level level = violation ? Level.INFO : Level.DEBUG;
        if (mayWrite(level, violation ? violated : closed)) {
            String reason = violation ? status.reason() : "";
            LOG.atLevel(level).log("close {} {} by {} {}", session.id(), status.code(), initiator, reason);
        }
    }

    void failed(LiveSession session, Throwable cause) {
        if (mayWrite(Level.DEBUG, failed)) {
            LOG.debug("failed {} {}", session.id(), describe(cause));
        }
    }

    void handlerThrew(LiveSession session, Throwable thrown) {
        if (mayWrite(Level.ERROR, handlerThrew)) {
            LOG.error("handler threw, session {}", session.id(), ShortTrace.of(thrown));
        }
    }

    /** A request that was not answered by a 101 or a responder. {@code reason} is constant text. */
    public void refused(Object remoteAddress, int status, String reason) {
        if (mayWrite(Level.INFO, refused)) {
            LOG.info("refused {} {}: {}", remoteAddress, status, reason);
        }
    }

    /** A hook or responder of the program failed. */
    public void hookFailed(Object remoteAddress, @Nullable Throwable failure) {
        if (mayWrite(Level.ERROR, hookFailed)) {
            LOG.error("hook or responder failed, peer {}", remoteAddress, ShortTrace.of(failure));
        }
    }

    /** The connection failed before it was a session's. */
    public void handshakeFailed(Object remoteAddress, Throwable cause) {
        if (mayWrite(Level.DEBUG, handshakeFailed)) {
            LOG.debug("failed before the handshake {} {}", remoteAddress, describe(cause));
        }
    }

    /** A connection could not be taken, such as for want of a file descriptor. */
    public void acceptFailed(Throwable cause) {
        if (mayWrite(Level.WARN, acceptFailed)) {
            LOG.warn("could not accept a connection: {}", describe(cause));
        }
    }

    /** Tells what was not written and not told yet; for a server that has stopped. */
    public void tellSuppressed() {
        for (LineBudget budget : List.of(
                opened, closed, violated, failed, handlerThrew, refused, hookFailed, handshakeFailed, acceptFailed)) {
            tellSuppressed(Level.INFO, budget);
        }
    }

    private boolean mayWrite(Level level, LineBudget budget) {
        if (!LOG.isEnabledForLevel(level) || !budget.take(clock.getAsLong())) {
            return false;
        }
        tellSuppressed(level, budget);
        return true;
    }

    private static void tellSuppressed(Level level, LineBudget budget) {
        long count = budget.takeSuppressed();
        if (count > 0) {
            LOG.atLevel(level).log("{} more lines were not written: {}", count, budget.kind());
        }
    }

    /** Types, and the message of an I/O error alone: those of decoders and of TLS repeat what the peer sent. */
    private static String describe(Throwable cause) {
        if (cause instanceof IOException && !(cause instanceof SSLException)) {
            return cause.toString();
        }
        String type = cause.getClass().getName();
        Throwable deeper = cause.getCause();
        return deeper == null ? type : type + ", " + deeper.getClass().getName();
    }
}
