package io.hawser.internal.session;

/** What becomes of a message at the door of a {@link SendQueue}. */
enum Fate {
    /** Taken: it is in wire form, or waits. */
    QUEUED,
    /** There is no room, and its sender wanted to know no more. */
    REFUSED,
    /** There is no room, and the policy drops it. */
    DROPPED,
    /** There is no room, and the policy ends the session. */
    OVERFLOWED,
    /** The session is ending already. */
    CLOSING
}
