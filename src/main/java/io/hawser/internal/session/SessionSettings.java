package io.hawser.internal.session;

import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.OverflowPolicy;
import io.hawser.WebSocketHandler;
import io.hawser.internal.protocol.MessageRules;
import io.hawser.internal.protocol.MessageRules.Delivery;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What the sessions of one endpoint have in common. */
public final class SessionSettings {

    private final GuardedHandler handler;
    private final MessageRules messages;
    private final Limits limits;
    private final Deadlines.Times times;
    private final OverflowPolicy overflowPolicy;
    private final @Nullable Executor executor;

    /**
     * The settings of an endpoint.
     *
     * @param executor runs the handler; null for the event loop
     */
    public SessionSettings(
            WebSocketHandler handler,
            Limits limits,
            Heartbeat heartbeat,
            OverflowPolicy overflowPolicy,
            @Nullable Executor executor) {
        this.handler = new GuardedHandler(handler);
        this.messages = new MessageRules(
                limits.maxMessageBytes(),
                limits.maxFragments(),
                this.handler.isStreaming() ? Delivery.IN_PARTS : Delivery.WHOLE);
        this.limits = limits;
        this.times = Deadlines.Times.of(limits, heartbeat);
        this.overflowPolicy = overflowPolicy;
        this.executor = executor;
    }

    GuardedHandler handler() {
        return handler;
    }

    MessageRules messages() {
        return messages;
    }

    /** What a peer may do. */
    public Limits limits() {
        return limits;
    }

    Deadlines.Times times() {
        return times;
    }

    OverflowPolicy overflowPolicy() {
        return overflowPolicy;
    }

    @Nullable
    Executor executor() {
        return executor;
    }
}
