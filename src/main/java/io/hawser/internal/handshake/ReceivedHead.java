package io.hawser.internal.handshake;

import io.hawser.RequestHead;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What a request head says beside its method. A session keeps it for as long as it lives, so it is small: without what
 * only the rules had to know, with query and cookies in one text with the headers, decoded when they are asked for.
 */
abstract class ReceivedHead implements RequestHead {

    private final String path;
    private final String lines; // of a HeaderBlock, with the query
    private final SocketAddress client;
    private final SocketAddress connection;
    private final @Nullable SSLSession tls;

    ReceivedHead(RequestTarget target, HeaderBlock headers, Peer peer) {
        this.path = target.path();
        this.lines = headers.withQuery(target.query()).lines();
        this.client = peer.client();
        this.connection = peer.connection();
        this.tls = peer.tls();
    }

    /** The same but for the path, which is an equal string. */
    ReceivedHead(ReceivedHead head, String path) {
        this.path = path;
        this.lines = head.lines;
        this.client = head.client;
        this.connection = head.connection;
        this.tls = head.tls;
    }

    @Override
    public final String path() {
        return path;
    }

    @Override
    public final String rawQuery() {
        return block().query();
    }

    @Override
    public final Map<String, List<String>> query() {
        return QueryString.parse(block().query());
    }

    @Override
    public final List<String> headers(String name) {
        return block().values(name);
    }

    @Override
    public final Optional<String> cookie(String name) {
        return Cookies.find(block().values("cookie"), name);
    }

    @Override
    public final SocketAddress remoteAddress() {
        return client;
    }

    @Override
    public final SocketAddress connectionAddress() {
        return connection;
    }

    @Override
    public final Optional<SSLSession> tls() {
        return Optional.ofNullable(tls);
    }

    /** Made anew each time: it is no more than its text, and an object that every session would keep. */
    private HeaderBlock block() {
        return new HeaderBlock(lines);
    }

    /** Method alone: paths, queries and headers may hold secrets. */
    @Override
    public final String toString() {
        return method() + " request";
    }
}
