package io.hawser.internal.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import java.util.Random;
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
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * From a payload on the heap to what a channel can write. Ours copies behind one another what is sent within a read batch, here 16
 * messages; Netty's encoder makes buffers of each, and for large ones leaves the copy to the socket.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodeBenchmark {

    private static final int BATCH = 16;

    @Param({"128", "1024", "65536"})
    int bytes;

    private byte[] payload;
    private EmbeddedChannel netty;

    @Setup
    public void fill(Blackhole sink) {
        payload = new byte[bytes];
        new Random(bytes).nextBytes(payload);
        netty = new EmbeddedChannel(
                new ChannelOutboundHandlerAdapter() {
                    @Override
                    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                        sink.consume(message);
                        ((ByteBuf) message).release();
                    }
                },
                new WebSocket13FrameEncoder(false));
    }

    @Benchmark
    public void hawser(Blackhole sink) {
        ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(FrameWriter.headerBytes(bytes) + bytes);
        write(out);
        sink.consume(out);
        out.release();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void hawserSixteen(Blackhole sink) {
        ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(BATCH * (FrameWriter.headerBytes(bytes) + bytes));
        for (int i = 0; i < BATCH; i++) {
            write(out);
        }
        sink.consume(out);
        out.release();
    }

    private void write(ByteBuf out) {
        FrameWriter.writeHeader(out, true, false, Opcode.BINARY, payload.length);
        out.writeBytes(payload);
    }

    @Benchmark
    public void netty() {
        netty.pipeline().write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(payload)), netty.voidPromise());
    }
}
