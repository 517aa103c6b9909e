package io.hawser.internal.handshake;

import java.net.SocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request.
 *
 * @param client whom it is from, as far as is known
 * @param connection the other end of the connection, which may be a proxy
 * @param tls null on a plain connection
 */
public record Peer(
        SocketAddress client,
        SocketAddress connection,
        @Nullable SSLSession tls) {}
