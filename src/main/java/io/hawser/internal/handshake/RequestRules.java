package io.hawser.internal.handshake;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What HTTP demands of every request head, and what this server demands of it (RFC 9110, RFC 9112). Each check throws
 * {@link Refused}.
 */
final class RequestRules {

    private RequestRules() {}

    static void requireDecoded(HttpRequest request) {
        if (request.decoderResult().isSuccess()) {
            return;
        }
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof TooLongHttpLineException) {
            throw Refused.of(414, "request line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            throw Refused.of(431, "header lines are too long");
        }
        throw Refused.badRequest("request is not HTTP (RFC 9112)");
    }

    static HeaderBlock requireHeaders(HttpRequest request) {
        HeaderBlock headers = HeaderBlock.copyOf(request.headers());
        if (headers == null) {
            throw Refused.badRequest("header line has a forbidden character (RFC 9110 §5.5)");
        }
        return headers;
    }

    /** RFC 6455 §4.2.1: "An HTTP/1.1 or higher GET request". Health checks still speak 1.0, without an upgrade. */
    static void requireVersion(HttpVersion version, boolean isUpgrade) {
        boolean plain10 = HttpVersion.HTTP_1_0.equals(version) && !isUpgrade;
        if (!HttpVersion.HTTP_1_1.equals(version) && !plain10) {
            throw Refused.of(505, "HTTP version is not 1.1 (RFC 6455 §4.2.1)");
        }
    }

    /** Nobody here reads a body, so one would be taken for the next request, or for frames. */
    static void requireNoBody(HeaderBlock headers) {
        boolean hasLength = headers.values("content-length").stream().anyMatch(length -> !length.equals("0"));
        if (hasLength || headers.contains("transfer-encoding") || headers.contains("expect")) {
            throw Refused.badRequest("request announces a body");
        }
    }

    /** RFC 6455 §4.1: "The method of the request MUST be GET". */
    static void requireMethod(String method, boolean isUpgrade) {
        if (isUpgrade && !method.equals("GET")) {
            throw Refused.methodNotAllowed("opening handshake is not a GET (RFC 6455 §4.1)", "GET");
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw Refused.methodNotAllowed("method is neither GET nor HEAD", "GET, HEAD");
        }
    }

    static RequestTarget requireTarget(String uri) {
        RequestTarget target = RequestTarget.parse(uri);
        if (target == null) {
            throw Refused.badRequest("request target is malformed (RFC 9112 §3.2)");
        }
        return target;
    }

    /** RFC 9110 §7.4: a server may reject a request for a host that it does not serve, by 421 (Misdirected Request). */
    static void requireAllowed(@Nullable HostHeader host, AllowedHosts allowed) {
        if (!allowed.allow(host)) {
            throw Refused.of(421, "Host is not one of the allowed hosts (RFC 9110 §7.4)");
        }
    }

    /**
     * Null if HTTP/1.0 left it out.
     *
     * <p>RFC 9112 §3.2: a server "MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that
     * lacks a Host header field and to any request message that contains more than one Host header field line or a Host
     * header field with an invalid field value".
     */
    static @Nullable HostHeader requireHost(HeaderBlock headers, HttpVersion version, RequestTarget target) {
        List<String> hosts = headers.values("host");
        if (hosts.isEmpty() && HttpVersion.HTTP_1_0.equals(version)) {
            return null;
        }
        if (hosts.size() != 1) {
            throw Refused.badRequest("request has not exactly one Host (RFC 9112 §3.2)");
        }
        HostHeader host = HostHeader.parse(hosts.get(0));
        if (host == null) {
            throw Refused.badRequest("Host is malformed (RFC 9110 §7.2)");
        }
        if (!target.agreesWith(host)) {
            throw Refused.badRequest("request target names another host than Host (RFC 9112 §3.2.2)");
        }
        return host;
    }
}
