package io.hawser;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The reverse proxies whose word about a client's address is taken. Nobody else's is: a header that names an address can be sent by
 * anybody.
 *
 * <p><b>Threading:</b> immutable; each {@code with…} returns new settings.
 *
 * @since 0.1.0
 */
public final class TrustedProxies {

    /** How a proxy says whom it speaks for. */
    public enum Source {
        /**
         * The PROXY protocol, version 1 or 2, before the first byte of TLS or HTTP; needs {@code netty-codec-haproxy}. A trusted proxy's
         * connection that does not begin with it is cut. For the server's own port alone.
         */
        PROXY_PROTOCOL,
        /** {@code X-Forwarded-For}: the right-most address that is not a trusted proxy's, as far as it can be read. */
        X_FORWARDED_FOR,
        /** {@code X-Real-IP}, as Nginx sets it. */
        X_REAL_IP,
        /** {@code Forwarded} (RFC 7239): the right-most {@code for} that is not a trusted proxy's, as far as it can be read. */
        FORWARDED
    }

    private final List<String> networks;
    private final Source source;

    private TrustedProxies(List<String> networks, Source source) {
        this.networks = networks;
        this.source = source;
    }

    /**
     * Proxies in networks, which all say it in the same way.
     *
     * @param source where the client's address is taken from
     * @param networks addresses with a prefix length, such as {@code 10.0.0.0/8} and {@code fd00::/8}, or without one for a single
     *     address; {@code unix} is every peer of a domain socket
     * @return settings; whether they are networks is found out by {@link WebSocketServerBuilder#build()}
     * @throws IllegalArgumentException if there is none
     */
    public static TrustedProxies of(Source source, String... networks) {
        Objects.requireNonNull(source, "source");
        if (networks.length == 0) {
            throw new IllegalArgumentException("no network is trusted");
        }
        List<String> all = new ArrayList<>();
        for (String network : networks) {
            all.add(Objects.requireNonNull(network, "network"));
        }
        return new TrustedProxies(List.copyOf(all), source);
    }

    /**
     * Where the client's address is taken from.
     *
     * @return as given
     */
    public Source source() {
        return source;
    }

    /**
     * The proxies' networks.
     *
     * @return as given, unmodifiable
     */
    public List<String> networks() {
        return networks;
    }
}
