/**
 * Netty: sockets, TLS, HTTP, the pipeline, timers. The only internal package that sees a channel; knows no rule of the protocol.
 *
 * <pre>{@code
 * before the 101:  ProxyProtocol? RenegotiationGate? SslHandler? RequestHeadGate HttpServerCodec HandshakeHandler
 * after it:        RenegotiationGate? SslHandler? SessionHandler
 * at the end:      RenegotiationGate? SslHandler? LingeringClose …
 * }</pre>
 */
@NullMarked
package io.hawser.internal.server;

import org.jspecify.annotations.NullMarked;
