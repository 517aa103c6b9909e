package io.hawser.internal.session;

/**
 * Runs one session's callbacks one after the other, in the order they came: on the event loop ({@link LoopCallbacks}), or on an
 * executor ({@link ExecutorCallbacks}).
 */
interface Callbacks {

    /**
     * Whether a callback may be made right here, on the event loop, with nothing in between: then {@link #enter} and {@link #leave} go
     * around it. Saves the message path a task.
     */
    boolean isDirect();

    void enter();

    void leave();

    /** Runs a callback. From any thread. */
    void run(Runnable callback);
}
