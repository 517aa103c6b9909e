package io.hawser;

/**
 * Which web pages may open a session: the server's half of the protection against cross-site WebSocket hijacking (RFC
 * 6455 §10.2). A request without an Origin header is not from a browser and passes, unless {@link #requireOrigin()} is
 * asked for.
 *
 * <p>Origins are compared as (scheme, host, port), never as text (RFC 6454 §4, §5).
 *
 * <p><b>Threading:</b> called on event loops; must not block.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface OriginPolicy {

    /**
     * Decides about one Origin header.
     *
     * @param origin the header's value
     * @param request the request that carried it; its Host is valid
     * @return whether the handshake may go on
     */
    boolean allows(String origin, RequestHead request);

    /**
     * Whether a request without an Origin header is refused.
     *
     * @return false unless {@link #requireOrigin()} was called
     */
    default boolean isOriginRequired() {
        return false;
    }

    /**
     * This policy, refusing requests that have no Origin header.
     *
     * @return a stricter policy
     */
    default OriginPolicy requireOrigin() {
        OriginPolicy lenient = this;
        return new OriginPolicy() {
            @Override
            public boolean allows(String origin, RequestHead request) {
                return lenient.allows(origin, request);
            }

            @Override
            public boolean isOriginRequired() {
                return true;
            }
        };
    }

    /**
     * The default: host and port of the Origin, the port defaulted by the Origin's own scheme, must equal those of
     * Host. The scheme is not compared, because TLS may end at a proxy in front; behind Nginx pass {@code $http_host}
     * on.
     *
     * @return a policy
     */
    static OriginPolicy sameOrigin() {
        return Origin::isSameHost;
    }

    /**
     * Exactly these origins.
     *
     * @param origins each {@code scheme://host[:port]}; the host may begin with {@code *.} for any one label
     * @return a policy
     * @throws IllegalArgumentException if one of them is not an origin
     */
    static OriginPolicy allowOnly(String... origins) {
        return Origin.allowOnly(origins);
    }

    /**
     * Every page of the web may open sessions, with the cookies of its visitors. Only for endpoints that know their
     * peers by something else than cookies or addresses.
     *
     * @return a policy that protects nobody
     */
    static OriginPolicy anyOrigin() {
        return (origin, request) -> true;
    }
}
