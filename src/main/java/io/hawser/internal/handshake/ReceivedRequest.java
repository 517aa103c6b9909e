package io.hawser.internal.handshake;

import io.hawser.RequestHead;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** A request head that HTTP has nothing against. Query and cookies are decoded when asked for, and not kept. */
class ReceivedRequest implements RequestHead {

    private final String method;
    private final RequestTarget target;
    private final HeaderBlock headers;
    private final Peer peer;

    ReceivedRequest(String method, RequestTarget target, HeaderBlock headers, Peer peer) {
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.peer = peer;
    }

    ReceivedRequest(ReceivedRequest request) {
        this(request.method, request.target, request.headers, request.peer);
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
        return peer.client();
    }

    @Override
    public SocketAddress connectionAddress() {
        return peer.connection();
    }

    @Override
    public Optional<SSLSession> tls() {
        return Optional.ofNullable(peer.tls());
    }

    /** Method alone: paths, queries and headers may hold secrets. */
    @Override
    public String toString() {
        return method + " request";
    }
}
