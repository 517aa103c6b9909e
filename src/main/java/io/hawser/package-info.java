/**
 * Hawser: an embeddable WebSocket server (RFC 6455, RFC 7692). This package is all that most programs import.
 */
@NullMarked
package io.hawser;

import org.jspecify.annotations.NullMarked;
