package io.hawser;

import java.util.concurrent.CompletionStage;

/**
 * Decides about a handshake that is otherwise right: the place for authentication.
 *
 * <p><b>Threading:</b> called on the session's event loop, or on the handler executor where one is set; must not block the
 * former. The stage may complete on any thread. Until then nothing is read from the peer.
 *
 * <p><b>Failure:</b> a stage that fails, or a throw, is answered with 500; one that takes longer than
 * {@link HttpLimits#handshakeTimeout()} with 408.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface HandshakeHook {

    /**
     * Decides.
     *
     * @param handshake the request
     * @return completes with the decision
     */
    CompletionStage<HandshakeDecision> decide(Handshake handshake);
}
