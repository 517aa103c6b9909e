package io.hawser.internal.server;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * One TLS handshake within the process, before any with a peer: a key that is not its certificate's, such as where a renewal has
 * replaced one file of two, shows in nothing else.
 */
final class TlsTrial {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int BUFFER_BYTES = 256 * 1024; // more than a flight of the largest certificates
    private static final int MAX_STEPS = 1_000;

    private final SSLEngine server;
    private final SSLEngine client;
    private final ByteBuffer toServer = ByteBuffer.allocate(BUFFER_BYTES);
    private final ByteBuffer toClient = ByteBuffer.allocate(BUFFER_BYTES);
    private final ByteBuffer plaintext = ByteBuffer.allocate(BUFFER_BYTES);

    private TlsTrial(SslContext context) throws SSLException {
        server = context.newEngine(UnpooledByteBufAllocator.DEFAULT);
        server.setNeedClientAuth(false);
        client = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE) // whom it is for is for the peers to judge
                .endpointIdentificationAlgorithm(null)
                .build()
                .newEngine(UnpooledByteBufAllocator.DEFAULT);
    }

    /** Throws if a handshake with the server of this context fails. */
    static void run(SslContext context) throws SSLException {
        new TlsTrial(context).run();
    }

    private void run() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        for (int i = 0; i < MAX_STEPS; i++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
            if (isDone(client) && isDone(server)) {
                return;
            }
        }
        throw new SSLException("the handshake does not end");
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_WRAP -> engine.wrap(NOTHING, out);
            case NEED_UNWRAP, NOT_HANDSHAKING -> {
                in.flip();
                engine.unwrap(in, plaintext);
                in.compact();
            }
            case NEED_TASK -> {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
            }
            default -> {}
        }
    }
}
