/** One connection's life: sending, backpressure, heartbeat, rooms, which thread runs the user's code. Sees no channel. */
@NullMarked
package io.hawser.internal.session;

import org.jspecify.annotations.NullMarked;
