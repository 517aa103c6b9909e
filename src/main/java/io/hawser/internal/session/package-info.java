/**
 * One connection's life after the 101: sending and backpressure, heartbeat and deadlines, rooms, which thread runs the user's code.
 * Drives {@link io.hawser.internal.protocol} and is driven through {@link io.hawser.internal.session.Wire}; sees no channel.
 *
 * <p>What one event loop's sessions share stands in {@link io.hawser.internal.session.SessionLoop}. Unless a comment says otherwise,
 * fields are that loop's alone, without locks.
 */
@NullMarked
package io.hawser.internal.session;

import org.jspecify.annotations.NullMarked;
