/**
 * Hawser, an embeddable RFC 6455 WebSocket server. {@link io.hawser} is what a program needs; {@link io.hawser.netty} is for
 * programs that already run a Netty server.
 */
module io.hawser {
    requires transitive org.jspecify;
    requires transitive io.netty.transport; // only because of io.hawser.netty
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.codec.http;
    requires io.netty.handler;
    requires org.slf4j;
    requires static io.netty.codec.haproxy;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires static io.netty.transport.classes.kqueue;
    requires static io.netty.transport.unix.common;

    exports io.hawser;
    exports io.hawser.netty;
}
