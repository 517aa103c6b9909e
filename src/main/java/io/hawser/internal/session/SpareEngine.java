package io.hawser.internal.session;

import io.hawser.internal.protocol.MessageListener;
import io.hawser.internal.protocol.MessageRules;
import io.hawser.internal.protocol.Outbox;
import io.hawser.internal.protocol.PayloadTransform;
import io.hawser.internal.protocol.ProtocolEngine;
import org.jspecify.annotations.Nullable;

/**
 * The protocol engine that the sessions of one event loop take turns with: one that is between messages, as nearly all are at any
 * time, needs none. Refers to the session it served last until the next has its turn.
 *
 * <p><b>Threading:</b> for the loop's thread.
 */
final class SpareEngine {

    private @Nullable ProtocolEngine spare;

    /** An engine that serves a session until it is {@linkplain #takeBack taken back}. */
    ProtocolEngine lend(
            MessageRules rules, @Nullable PayloadTransform transform, MessageListener listener, Outbox outbox) {
        ProtocolEngine engine = spare;
        if (engine == null) {
            return new ProtocolEngine(rules, transform, listener, outbox);
        }
        spare = null;
        engine.serve(rules, transform, listener, outbox);
        return engine;
    }

    /** Takes an engine back that {@linkplain ProtocolEngine#isAtRest() rests}. */
    void takeBack(ProtocolEngine engine) {
        spare = engine;
    }
}
