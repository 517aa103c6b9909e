package io.hawser.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A client that has more to send than a server takes that does not read. */
public final class Flood implements AutoCloseable {

    private static final int TURNS_WITHOUT = 50;

    private final SocketChannel channel;
    private ByteBuffer left = ByteBuffer.allocate(0);

    /** Connects and asks for an upgrade, whose answer is never read. */
    public Flood(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.write(ByteBuffer.wrap(RawClient.upgradeRequest(port, "/", "").getBytes()));
    }

    /** Sends until nothing is taken for many turns of the event loop, which {@code other} shares: the kernels are full then. */
    public void send(byte[] bytes, RawClient other) throws IOException {
        left = ByteBuffer.wrap(bytes);
        channel.configureBlocking(false);
        for (int without = 0; without < TURNS_WITHOUT; without++) {
            if (channel.write(left) > 0) {
                without = 0;
            }
            other.awaitTurn();
        }
    }

    /** How many bytes nobody took. */
    public int left() {
        return left.remaining();
    }

    /** Sends what is left, however long that takes. */
    public void sendRest() throws IOException {
        channel.configureBlocking(true);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
