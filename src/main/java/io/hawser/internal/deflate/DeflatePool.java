package io.hawser.internal.deflate;

/** The deflaters and inflaters of one event loop, lent to a session for a message at a time. For that loop's thread alone. */
public final class DeflatePool implements AutoCloseable {

    /** Frees their native memory. */
    @Override
    public void close() {}
}
