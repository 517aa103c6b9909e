package io.hawser.internal.session;

import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.OverflowPolicy;
import io.hawser.WebSocketHandler;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of one endpoint have in common.
 *
 * @param executor runs the handler; null for the event loop
 */
public record SessionSettings(
        WebSocketHandler handler,
        Limits limits,
        Heartbeat heartbeat,
        OverflowPolicy overflowPolicy,
        @Nullable Executor executor) {}
