/**
 * RFC 6455 §5–§8 without I/O: bytes to frames to messages, and the closing handshake. Knows no channel, thread, clock or logger;
 * of Netty only {@code io.netty.buffer}.
 */
@NullMarked
package io.hawser.internal.protocol;

import org.jspecify.annotations.NullMarked;
