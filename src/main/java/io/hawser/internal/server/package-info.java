/** Netty: sockets, TLS, HTTP, the pipeline, timers. The only internal package that sees a channel. */
@NullMarked
package io.hawser.internal.server;

import org.jspecify.annotations.NullMarked;
