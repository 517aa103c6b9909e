package io.hawser.perftest.peers;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xnio.Options;
import org.xnio.Pooled;

/** The paths on Undertow, whose I/O is NIO. No TLS here. */
public final class UndertowServer {

    private static final Set<WebSocketChannel> EVERYBODY = ConcurrentHashMap.newKeySet();

    private UndertowServer() {}

    public static void main(String[] arguments) {
        Undertow.builder()
                .addHttpListener(Integer.parseInt(arguments[0]), "127.0.0.1")
                .setIoThreads(Integer.parseInt(arguments[1]))
                .setWorkerThreads(1)
                .setSocketOption(Options.BACKLOG, Paths.BACKLOG)
                .setSocketOption(Options.TCP_NODELAY, true)
                .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
                .setHandler(Handlers.path()
                        .addExactPath(Paths.ECHO, Handlers.websocket(receiving(new Echo())))
                        .addExactPath(
                                Paths.DEFLATE,
                                Handlers.websocket(receiving(new Echo()))
                                        .addExtension(new PerMessageDeflateHandshake()))
                        .addExactPath(Paths.BROADCAST, Handlers.websocket((exchange, channel) -> {
                            EVERYBODY.add(channel);
                            channel.addCloseTask(EVERYBODY::remove);
                            receiving(new ToEverybody()).onConnect(exchange, channel);
                        })))
                .build()
                .start();
        Paths.ready();
    }

    private static WebSocketConnectionCallback receiving(AbstractReceiveListener listener) {
        return (exchange, channel) -> {
            channel.getReceiveSetter().set(listener);
            channel.resumeReceives();
        };
    }

    private static class Echo extends AbstractReceiveListener {

        @Override
        protected long getMaxTextBufferSize() {
            return Paths.MAX_MESSAGE_BYTES;
        }

        @Override
        protected long getMaxBinaryBufferSize() {
            return Paths.MAX_MESSAGE_BYTES;
        }

        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            WebSockets.sendText(message.getData(), channel, null);
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
            Pooled<ByteBuffer[]> data = message.getData();
            WebSockets.sendBinary(data.getResource(), channel, new Free(data));
        }
    }

    private static final class ToEverybody extends Echo {

        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            String text = message.getData();
            EVERYBODY.forEach(each -> WebSockets.sendText(text, each, null));
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
            try (Pooled<ByteBuffer[]> data = message.getData()) {
                ByteBuffer whole = WebSockets.mergeBuffers(data.getResource());
                EVERYBODY.forEach(each -> WebSockets.sendBinary(whole.duplicate(), each, null));
            }
        }
    }

    private record Free(Pooled<ByteBuffer[]> data) implements WebSocketCallback<Void> {

        @Override
        public void complete(WebSocketChannel channel, Void context) {
            data.close();
        }

        @Override
        public void onError(WebSocketChannel channel, Void context, Throwable cause) {
            data.close();
        }
    }
}
