/** The opening handshake (RFC 6455 §4) as a function: request head in, 101 or refusal out. */
@NullMarked
package io.hawser.internal.handshake;

import org.jspecify.annotations.NullMarked;
