package io.hawser;

import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * The head of an HTTP request, as an {@link HttpResponder} and the handshake see it.
 *
 * <p><b>Threading:</b> immutable, safe to keep.
 *
 * @since 0.1.0
 */
public interface RequestHead {

    /**
     * The method, such as {@code GET}.
     *
     * @return the method as it was sent; methods are case-sensitive
     */
    String method();

    /**
     * The path, still percent-encoded, without the query.
     *
     * @return a path that begins with a slash
     */
    String path();

    /**
     * The query, still percent-encoded.
     *
     * @return what follows the first question mark; empty if there is none
     */
    String rawQuery();

    /**
     * The query's parameters, percent-decoded, in order of appearance.
     *
     * @return an unmodifiable map of every name to its values
     */
    Map<String, List<String>> query();

    /**
     * First value of a query parameter.
     *
     * @param name the parameter's decoded name
     * @return the decoded value, if the query has that name
     */
    default Optional<String> query(String name) {
        List<String> values = query().getOrDefault(name, List.of());
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /**
     * First value of a header.
     *
     * @param name the header's name, in any case
     * @return the value without surrounding white space, if the header is there
     */
    default Optional<String> header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /**
     * Every value of a header, a line each, in the order received.
     *
     * @param name the header's name, in any case
     * @return an unmodifiable list, empty if the header is not there
     */
    List<String> headers(String name);

    /**
     * A cookie of the request (RFC 6265 §5.4).
     *
     * @param name the cookie's name, case-sensitive
     * @return its value, if it was sent
     */
    Optional<String> cookie(String name);

    /**
     * The client's address: what a trusted proxy says it is, see {@link TrustedProxies}, else the one at the other end of the
     * connection.
     *
     * @return an {@link java.net.InetSocketAddress}, or a domain socket's address
     */
    SocketAddress remoteAddress();

    /**
     * The address at the other end of the connection, which may be a proxy's.
     *
     * @return an {@link java.net.InetSocketAddress}, or a domain socket's address
     */
    SocketAddress connectionAddress();

    /**
     * The TLS session, of which {@link SSLSession#getPeerCertificates()} is the client's certificate.
     *
     * @return empty if the connection is not encrypted here
     */
    Optional<SSLSession> tls();
}
