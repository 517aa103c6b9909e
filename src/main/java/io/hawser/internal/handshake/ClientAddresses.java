package io.hawser.internal.handshake;

import io.hawser.TrustedProxies;
import io.hawser.TrustedProxies.Source;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who the clients behind trusted proxies are. A list of hops is read from its end, where the nearest proxy wrote: the first that is no
 * trusted proxy itself is the client, and what stands before it is the client's own word. Where a hop cannot be read, the last that
 * could be is as far as anything is known. Immutable; one per server.
 */
public final class ClientAddresses {

    private static final String DOMAIN_SOCKETS = "unix";

    private final @Nullable Source source;
    private final List<IpNetwork> networks = new ArrayList<>();
    private final boolean trustsDomainSockets;

    /** Nobody is trusted if {@code proxies} is null; throws IllegalArgumentException for a malformed network. */
    public ClientAddresses(@Nullable TrustedProxies proxies) {
        source = proxies == null ? null : proxies.source();
        List<String> trusted = proxies == null ? List.of() : proxies.networks();
        trustsDomainSockets = trusted.contains(DOMAIN_SOCKETS);
        trusted.stream()
                .filter(network -> !network.equals(DOMAIN_SOCKETS))
                .map(IpNetwork::parse)
                .forEach(networks::add);
    }

    /** Whether the connection has to begin with a header of the PROXY protocol. */
    public boolean expectsProxyProtocol(SocketAddress connection) {
        return source == Source.PROXY_PROTOCOL && isTrusted(connection);
    }

    /** Whether each request may name another client. */
    public boolean expectsHeaders(SocketAddress connection) {
        return source != null && source != Source.PROXY_PROTOCOL && isTrusted(connection);
    }

    private boolean isTrusted(SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress inet)) {
            return trustsDomainSockets;
        }
        return inet.getAddress() != null && networks.stream().anyMatch(network -> network.contains(inet.getAddress()));
    }

    /** Who sent a request over {@code connection}. */
    public SocketAddress of(HttpHeaders headers, SocketAddress connection) {
        if (source == null || !expectsHeaders(connection)) {
            return connection;
        }
        return switch (source) {
            case X_FORWARDED_FOR -> lastUntrusted(headers.getAll("X-Forwarded-For"), COMMA_SEPARATED, connection);
            case X_REAL_IP -> ofRealIp(headers.getAll("X-Real-IP"), connection);
            case FORWARDED -> lastUntrusted(headers.getAll("Forwarded"), RFC_7239, connection);
            case PROXY_PROTOCOL -> connection;
        };
    }

    /** A proxy sets it, once: two lines would be one of a client's, and nobody knows which. */
    private static SocketAddress ofRealIp(List<String> lines, SocketAddress connection) {
        InetSocketAddress client =
                lines.size() == 1 ? address(lines.get(0), 0, lines.get(0).length()) : null;
        return client == null ? connection : client;
    }

    /** How a header's line is cut into hops, and a hop is read. */
    private interface Syntax {
        /** Negative if there is none that could be read. */
        int startOfLast(String line, int end);

        @Nullable
        InetSocketAddress hop(String line, int start, int end);
    }

    private static final Syntax COMMA_SEPARATED = new Syntax() {
        @Override
        public int startOfLast(String line, int end) {
            return line.lastIndexOf(',', end - 1) + 1;
        }

        @Override
        public @Nullable InetSocketAddress hop(String line, int start, int end) {
            return address(line, start, end);
        }
    };

    private static final Syntax RFC_7239 = new Syntax() {
        @Override
        public int startOfLast(String line, int end) {
            return ForwardedElement.startOfLast(line, end);
        }

        @Override
        public @Nullable InetSocketAddress hop(String line, int start, int end) {
            String node = ForwardedElement.nodeFor(line, start, end);
            return node == null ? null : ForwardedNode.parse(node);
        }
    };

    private SocketAddress lastUntrusted(List<String> lines, Syntax syntax, SocketAddress connection) {
        SocketAddress known = connection;
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            int end = line.length();
            while (end >= 0) {
                int start = syntax.startOfLast(line, end);
                InetSocketAddress hop = start < 0 ? null : syntax.hop(line, start, end);
                if (hop == null) {
                    return known;
                }
                known = hop;
                if (!isTrusted(hop)) {
                    return known;
                }
                end = start - 1; // the comma
            }
        }
        return known;
    }

    private static @Nullable InetSocketAddress address(String line, int start, int end) {
        int first = start;
        int last = end;
        while (first < last && HttpToken.isWhiteSpace(line.charAt(first))) {
            first++;
        }
        while (last > first && HttpToken.isWhiteSpace(line.charAt(last - 1))) {
            last--;
        }
        return ForwardedNode.parseLoosely(line, first, last);
    }
}
