package io.hawser.internal.session;

import io.netty.buffer.ByteBuf;

/**
 * The connection as its session sees it. Called on the session's event loop only. Calls back {@link Conversation#written} for every
 * write, in order, {@link Conversation#writable} when it takes bytes again, and {@link Conversation#disconnected} once.
 */
public interface Wire {

    /** Queues bytes; {@code cost} comes back with {@link Conversation#written}. {@code frames} is given: released here, always. */
    void write(ByteBuf frames, int cost);

    /** Hands what was queued to the kernel, as far as it takes it. */
    void flush();

    /**
     * Offers bytes to the kernel at once, past the wire's own queue; only while that is empty. Returns how many it took: 0 also where
     * the wire has no such way, or has failed, which a write then meets. The buffer stays the caller's, its indices as they are.
     */
    int offer(ByteBuf frames);

    /** Whether more should be written now. */
    boolean isWritable();

    /**
     * A number that changes when the kernel has taken bytes of what was written, were it part of one write only. The end of a whole
     * write, which {@link Conversation#written} tells, need not show in it. Asks the kernel again where it must.
     */
    long progress();

    /** Starts or stops reading from the peer. */
    void setReading(boolean reading);

    /** Ends our direction behind what was written, reads the rest for a moment, closes (RFC 6455 §7.1.1). */
    void closeOutput();

    /**
     * As {@link #closeOutput}, but leaves it to the kernel to bring the peer what it has of ours, however long that takes;
     * false if the end had begun before.
     */
    boolean letGo();

    /** Cuts the connection: RST, whatever is queued. */
    void cut();
}
