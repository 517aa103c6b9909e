package io.hawser.internal.session;

import io.hawser.Message;

/**
 * Runs one session's callbacks one after the other, in the order they came: on the event loop ({@link LoopCallbacks}), or on an
 * executor ({@link ExecutorCallbacks}). Called on the event loop.
 */
interface Callbacks {

    /**
     * Whether a message may be given to the handler right here, with nothing in between: then {@link #enter} and {@link #leave} go
     * around it. Saves the message path a task.
     */
    boolean isDirect();

    /** Whether the peer is not read, because so much waits. */
    boolean isPaused();

    void enter();

    void leave();

    /** Runs a callback that is not a message's. */
    void run(Runnable callback);

    /** Runs a message's callback, counting it among those that wait. */
    void run(Message message, Runnable callback);
}
