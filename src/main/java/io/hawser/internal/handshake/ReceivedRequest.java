package io.hawser.internal.handshake;

import io.hawser.RequestHead;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** A request head that HTTP has nothing against. Query and cookies are decoded when asked for, and not kept. */
class ReceivedRequest implements RequestHead {

    private final String method;
    private final RequestTarget target;
    private final HeaderBlock headers;
    private final SocketAddress remoteAddress;
    private final @Nullable SSLSession tls;

    ReceivedRequest(
            String method,
            RequestTarget target,
            HeaderBlock headers,
            SocketAddress remoteAddress,
            @Nullable SSLSession tls) {
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.remoteAddress = remoteAddress;
        this.tls = tls;
    }

    ReceivedRequest(ReceivedRequest request) {
        this(request.method, request.target, request.headers, request.remoteAddress, request.tls);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return target.path();
    }

    @Override
    public String rawQuery() {
        return target.query();
    }

    @Override
    public Map<String, List<String>> query() {
        return QueryString.parse(target.query());
    }

    @Override
    public List<String> headers(String name) {
        return headers.values(name);
    }

    @Override
    public Optional<String> cookie(String name) {
        return Cookies.find(headers.values("cookie"), name);
    }

    @Override
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public SocketAddress connectionAddress() {
        return remoteAddress;
    }

    @Override
    public Optional<SSLSession> tls() {
        return Optional.ofNullable(tls);
    }

    /** Method alone: paths, queries and headers may hold secrets. */
    @Override
    public String toString() {
        return method + " request";
    }
}
