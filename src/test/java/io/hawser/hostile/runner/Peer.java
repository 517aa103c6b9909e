package io.hawser.hostile.runner;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client: its connection, its opening handshake if it makes one, and the frames that come. Sends whatever it is told to, legal
 * or not; the masking key is zero. Answers pings while it reads.
 *
 * <p><b>Threading:</b> methods from any thread; what is called back, on the client's event loop.
 */
final class Peer extends ChannelInboundHandlerAdapter {

    /** What a peer tells. */
    interface Listener {
        default void onOpen(Peer peer) {}

        default void onMessage(Peer peer, byte[] payload) {}

        default void onClose(Peer peer, int code) {}

        /** The connection is over. */
        default void onEnd(Peer peer) {}
    }

    /** How a connection ended. */
    enum End {
        /** Not yet. */
        NONE,
        /** It never was. */
        UNCONNECTED,
        /** The server ended its side in order. */
        FIN,
        /** A reset, or an end while data was on its way. */
        RESET,
        /** By ourselves. */
        OURS
    }

    final int index;
    private final Crowd crowd;
    private final @Nullable String path;
    private final String headers;
    private final Listener listener;
    private final PeerFrames frames;

    volatile @Nullable Channel channel;
    volatile boolean open;
    volatile int status;
    volatile int closeCode;
    volatile End end = End.NONE;
    volatile long connectedAt;
    volatile long openedAt;
    volatile long endedAt;
    volatile int pings;
    volatile long messages;
    /** For the listener's use. */
    volatile long mark;

    boolean counted;
    private boolean ours;
    private boolean failed;
    private final StringBuilder head = new StringBuilder(0);

    /** {@code path} is null for a peer that sends no handshake by itself. */
    Peer(Crowd crowd, int index, @Nullable String path, String headers, Listener listener) {
        this.crowd = crowd;
        this.index = index;
        this.path = path;
        this.headers = headers;
        this.listener = listener;
        this.frames = new PeerFrames(this);
    }

    /** An opening handshake. */
    static String request(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n";
    }

    // What it does

    /** Bytes as they are. */
    Future<Void> raw(byte[] bytes) {
        return channel().writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }

    void send(byte[] payload) {
        raw(PeerFrames.frame(0x82, payload));
    }

    void sendText(String text) {
        raw(PeerFrames.frame(0x81, text.getBytes(StandardCharsets.UTF_8)));
    }

    void close(int code) {
        raw(PeerFrames.frame(0x88, new byte[] {(byte) (code >> 8), (byte) code}));
    }

    void pong() {
        raw(PeerFrames.frame(0x8A, new byte[] {1}));
    }

    void stopReading() {
        channel().config().setAutoRead(false);
    }

    void startReading() {
        channel().config().setAutoRead(true);
    }

    /** Reads at most a receive buffer's worth every {@code millis}. */
    void readSlowly(int millis) {
        stopReading();
        channel().eventLoop().scheduleWithFixedDelay(() -> channel().read(), millis, millis, TimeUnit.MILLISECONDS);
    }

    /** A FIN, and nothing read any more. */
    void end() {
        later(() -> {
            ours = true;
            channel().close();
        });
    }

    /** An RST. */
    void reset() {
        if (channel == null) {
            return; // it never was
        }
        later(() -> {
            ours = true;
            channel().config().setOption(ChannelOption.SO_LINGER, 0);
            channel().close();
        });
    }

    private void later(Runnable task) {
        channel().eventLoop().execute(task);
    }

    /** Does it in a while, unless the connection has ended by then. */
    void after(long nanos, Runnable task) {
        channel()
                .eventLoop()
                .schedule(
                        () -> {
                            if (end == End.NONE) {
                                task.run();
                            }
                        },
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    Channel channel() {
        Channel connected = channel;
        if (connected == null) {
            throw new IllegalStateException("not connected");
        }
        return connected;
    }

    // What happens to it

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        connectedAt = System.nanoTime();
        crowd.connected(this);
        if (path != null) {
            ctx.writeAndFlush(Unpooled.copiedBuffer(request(path, headers), StandardCharsets.US_ASCII));
        } else {
            listener.onOpen(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (!open) {
                readHead(in);
            }
            if (open) {
                frames.receive(in);
            }
        } finally {
            ReferenceCountUtil.release(in);
        }
    }

    private void readHead(ByteBuf in) {
        while (in.isReadable() && !open) {
            if (head.length() < 4096) {
                head.append((char) in.readByte());
            } else {
                in.skipBytes(in.readableBytes());
            }
            if (head.length() >= 12 && status == 0) {
                status = Integer.parseInt(head, 9, 12, 10);
            }
            if (head.length() >= 4 && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
                headRead();
            }
        }
    }

    private void headRead() {
        if (status == 101) {
            openedAt = System.nanoTime();
            open = true;
            head.setLength(0);
            head.trimToSize();
            crowd.opened();
            if (path != null) {
                listener.onOpen(this);
            }
        }
    }

    void received(int opcode, byte[] payload) {
        switch (opcode) {
            case 0x1, 0x2 -> {
                messages++;
                listener.onMessage(this, payload);
            }
            case 0x8 -> {
                closeCode = payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
                if (!ours) {
                    raw(PeerFrames.frame(0x88, payload));
                }
                listener.onClose(this, closeCode);
            }
            case 0x9 -> {
                pings++;
                raw(PeerFrames.frame(0x8A, payload));
            }
            default -> {}
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended(ours ? End.OURS : failed ? End.RESET : End.FIN);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof java.io.IOException)) {
            crowd.complain(this, cause);
        }
        failed = true;
        ctx.close();
    }

    void ended(End how) {
        if (end == End.NONE) {
            endedAt = System.nanoTime();
            end = how;
            crowd.ended(this);
            open = false;
            frames.release();
            listener.onEnd(this);
        }
    }

    boolean wasOpen() {
        return openedAt != 0;
    }

    static ChannelFutureListener unconnected(Peer peer) {
        return connecting -> {
            if (!connecting.isSuccess()) {
                peer.ended(End.UNCONNECTED);
            }
        };
    }
}
