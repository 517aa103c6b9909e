package io.hawser.internal.handshake;

import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that a server answers for. Names in any case, with or without the dot that ends a full one; IPv6 addresses in any of their
 * spellings. Immutable.
 */
public final class AllowedHosts {

    /** Every host is allowed. */
    public static final AllowedHosts ALL = new AllowedHosts(Set.of());

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final Set<HostHeader> hosts;

    /** All hosts if there are none; throws IllegalArgumentException if one is no host. */
    public AllowedHosts(Collection<String> hosts) {
        this.hosts = hosts.stream().map(AllowedHosts::parse).collect(Collectors.toUnmodifiableSet());
    }

    private static HostHeader parse(String text) {
        HostHeader host = HostHeader.parse(text);
        if (host == null || host.host().isEmpty()) {
            throw new IllegalArgumentException("not a host, such as example.com, example.com:8443 or [::1]: " + text);
        }
        return canonical(host);
    }

    private static HostHeader canonical(HostHeader header) {
        String host = header.host();
        if (host.startsWith("[")) {
            byte[] bytes = Ipv6Address.bytesOf(host, 1, host.length() - 1);
            return new HostHeader("[" + HexFormat.of().formatHex(bytes) + "]", header.port());
        }
        return host.endsWith(".") ? new HostHeader(host.substring(0, host.length() - 1), header.port()) : header;
    }

    /** Whether a request with this Host is answered; null is a request of HTTP/1.0 that has none. */
    boolean allow(@Nullable HostHeader header) {
        if (hosts.isEmpty()) {
            return true;
        }
        if (header == null) {
            return false;
        }
        HostHeader host = canonical(header);
        if (hosts.contains(host) || hosts.contains(new HostHeader(host.host(), HostHeader.NO_PORT))) {
            return true;
        }
        // A port that is not named is the scheme's, and which one that is a proxy in front may know alone.
        return host.port() == HostHeader.NO_PORT
                && (hosts.contains(new HostHeader(host.host(), HTTP_PORT))
                        || hosts.contains(new HostHeader(host.host(), HTTPS_PORT)));
    }
}
