package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Thousands of clients on few threads, from as many addresses of loopback as are wanted.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Crowd implements AutoCloseable {

    /** How clients are made. A receive buffer of 0 bytes is the system's; so is the source without addresses. */
    record Kind(
            @Nullable String path,
            String headers,
            int firstAddress,
            int addresses,
            int receiveBuffer,
            Peer.Listener listener) {

        static Kind of(String path) {
            return new Kind(path, "", 0, 256, 0, new Peer.Listener() {});
        }

        /** A connection that says nothing by itself. */
        static Kind mute() {
            return new Kind(null, "", 0, 256, 0, new Peer.Listener() {});
        }

        Kind withPath(String other) {
            return new Kind(other, headers, firstAddress, addresses, receiveBuffer, listener);
        }

        Kind withListener(Peer.Listener other) {
            return new Kind(path, headers, firstAddress, addresses, receiveBuffer, other);
        }

        Kind withHeaders(String other) {
            return new Kind(path, other, firstAddress, addresses, receiveBuffer, listener);
        }

        /** From {@code number} addresses in turn, of which the first is number {@code first} of loopback's; 0 is any. */
        Kind from(int first, int number) {
            return new Kind(path, headers, first, number, receiveBuffer, listener);
        }

        Kind withReceiveBuffer(int bytes) {
            return new Kind(path, headers, firstAddress, addresses, bytes, listener);
        }
    }

    private static final int THREADS = 2;
    private static final Duration OPENING = Duration.ofSeconds(90);

    private final InetSocketAddress server;
    private final @Nullable SslContext tls;
    private final EventLoopGroup group;
    private final Set<Peer> everybody = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger alive = new AtomicInteger();
    private final AtomicInteger index = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();

    Crowd(InetSocketAddress server, @Nullable SslContext tls) {
        this.server = server;
        this.tls = tls;
        this.group = new MultiThreadIoEventLoopGroup(
                THREADS,
                new DefaultThreadFactory("crowd", true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /** A peer that begins to connect now. */
    Peer connect(Kind kind) {
        int number = index.getAndIncrement();
        Peer peer = new Peer(this, number, kind.path(), kind.headers(), kind.listener());
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 30_000)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(peer);
                    }
                });
        if (kind.receiveBuffer() > 0) {
            bootstrap.option(ChannelOption.SO_RCVBUF, kind.receiveBuffer());
            bootstrap.option(
                    ChannelOption.RECVBUF_ALLOCATOR,
                    new FixedRecvByteBufAllocator(kind.receiveBuffer()).maxMessagesPerRead(1));
        }
        InetSocketAddress source = kind.firstAddress() == 0 ? null : source(kind, number);
        bootstrap.connect(server, source).addListener(Peer.unconnected(peer));
        return peer;
    }

    /** Address number 1 is 127.0.0.2, number 254 is 127.0.1.1. */
    private static InetSocketAddress source(Kind kind, int number) {
        int address = kind.firstAddress() + number % kind.addresses() + 1;
        return new InetSocketAddress("127.0." + (address / 254) + "." + (address % 254 + 1), 0);
    }

    /** That many, as fast as {@code inFlight} at a time can be connected; returns when each is open or has failed. */
    List<Peer> open(int count, int inFlight, Kind kind) {
        long deadline = System.nanoTime() + OPENING.toNanos();
        Semaphore slots = new Semaphore(inFlight);
        Peer.Listener listener = new Returning(slots, kind.listener());
        List<Peer> peers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            take(slots, 1, deadline);
            peers.add(connect(kind.withListener(listener)));
        }
        take(slots, inFlight, deadline);
        return peers;
    }

    private static void take(Semaphore slots, int number, long deadline) {
        try {
            if (!slots.tryAcquire(number, deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("connections were neither opened nor refused in " + OPENING);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Peer> open(int count, Kind kind) {
        return open(count, 1000, kind);
    }

    /** Gives a slot back once for each peer, however its handshake ends. */
    private record Returning(Semaphore slots, Peer.Listener listener) implements Peer.Listener {
        @Override
        public void onOpen(Peer peer) {
            peer.counted = true;
            slots.release();
            listener.onOpen(peer);
        }

        @Override
        public void onMessage(Peer peer, byte[] payload) {
            listener.onMessage(peer, payload);
        }

        @Override
        public void onClose(Peer peer, int code) {
            listener.onClose(peer, code);
        }

        @Override
        public void onEnd(Peer peer) {
            if (!peer.counted) {
                slots.release();
            }
            listener.onEnd(peer);
        }
    }

    void later(long millis, Runnable task) {
        group.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    void connected(Peer peer) {
        everybody.add(peer);
        alive.incrementAndGet();
    }

    void opened() {
        open.incrementAndGet();
    }

    void ended(Peer peer) {
        everybody.remove(peer);
        if (peer.connectedAt != 0) {
            alive.decrementAndGet();
        }
        if (peer.open) {
            open.decrementAndGet();
        }
    }

    /** A peer got what it should not have got. */
    void complain(Peer peer, Throwable cause) {
        complaints.add("peer " + peer.index + ": " + cause);
    }

    /** Peers that have their 101 and their connection. */
    int open() {
        return open.get();
    }

    /** Connections, whatever they are. */
    int alive() {
        return alive.get();
    }

    /** What peers got and should not have got. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Resets every peer there is. */
    void resetAll() {
        reset(List.copyOf(everybody));
    }

    void reset(List<Peer> peers) {
        peers.forEach(peer -> {
            if (peer.end == Peer.End.NONE) {
                peer.reset();
            }
        });
    }

    boolean awaitNone(Duration limit) {
        return Await.until(limit, () -> alive() == 0);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
