package io.hawser.internal.protocol;

import io.hawser.CloseStatus;
import io.hawser.Message;
import io.hawser.internal.protocol.MessageRules.Delivery;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** From a socket's buffer to messages: our engine beside Netty's decoder, each given the same bytes and nothing behind it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {

    private static final int BATCH = 16;
    private static final int MAX_MESSAGE_BYTES = 64 * 1024;

    @Param({"128", "1024", "65536"})
    int bytes;

    private ByteBuf one;
    private ByteBuf batch;
    private ProtocolEngine engine;
    private EmbeddedChannel netty;

    @Setup
    public void fill(Blackhole sink) {
        one = ClientFrames.direct(Opcode.BINARY, bytes, 1);
        batch = ClientFrames.direct(Opcode.BINARY, bytes, BATCH);
        engine = new ProtocolEngine(
                new MessageRules(MAX_MESSAGE_BYTES, 1, Delivery.WHOLE), null, new Sink(sink), new NoOutbox());
        netty = new EmbeddedChannel(
                new WebSocket13FrameDecoder(true, false, MAX_MESSAGE_BYTES), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object frame) {
                        sink.consume(frame);
                        ((WebSocketFrame) frame).release();
                    }
                });
    }

    @TearDown
    public void release() {
        one.release();
        batch.release();
    }

    @Benchmark
    public void hawser() {
        engine.receive(one.readerIndex(0));
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void hawserSixteen() {
        engine.receive(batch.readerIndex(0));
    }

    @Benchmark
    public void netty() {
        read(one);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void nettySixteen() {
        read(batch);
    }

    /** The decoder releases what it is given. */
    private void read(ByteBuf in) {
        netty.pipeline().fireChannelRead(in.readerIndex(0).retain()).fireChannelReadComplete();
    }

    /** Takes messages, and nothing else that could come. */
    private record Sink(Blackhole messages) implements MessageListener {

        @Override
        public void onText(Message message) {
            messages.consume(message);
        }

        @Override
        public void onBinary(Message message) {
            messages.consume(message);
        }

        @Override
        public void onPing(byte[] payload) {
            throw new AssertionError("a ping");
        }

        @Override
        public void onPong(byte[] payload) {
            throw new AssertionError("a pong");
        }

        @Override
        public void onClose(CloseStatus status) {
            throw new AssertionError(status);
        }

        @Override
        public void onViolation(ProtocolViolation violation) {
            throw new AssertionError(violation);
        }
    }

    /** Nothing is to be answered. */
    private static final class NoOutbox implements Outbox {

        @Override
        public void writePong(byte[] payload) {
            throw new AssertionError("a pong");
        }

        @Override
        public void writeClose(CloseStatus status) {
            throw new AssertionError(status);
        }

        @Override
        public void startCloseTimer() {
            throw new AssertionError("closing");
        }

        @Override
        public void closeTransport() {
            throw new AssertionError("closing");
        }
    }
}
