package io.hawser.internal.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.WebSocket08FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Unmasking a payload on its way from the socket's buffer into a message's array, beside the copy alone and Netty's way. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class MaskingBenchmark {

    /** Netty's own loop, private to its decoder, which keeps the masking key in a field. */
    private static final MethodHandle NETTY;

    static {
        try {
            Lookup lookup = MethodHandles.privateLookupIn(WebSocket08FrameDecoder.class, MethodHandles.lookup());
            NETTY = lookup.findVirtual(
                    WebSocket08FrameDecoder.class, "unmask", MethodType.methodType(void.class, ByteBuf.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Param({"16", "128", "1024", "65536"})
    int bytes;

    private final WebSocket08FrameDecoder decoder = new WebSocket13FrameDecoder(true, false, 1 << 20);
    private int maskingKey;
    private ByteBuf in;
    private ByteBuf copy;
    private byte[] out;

    @Setup
    public void fill() throws ReflectiveOperationException {
        maskingKey = 0x37FA213D;
        var key = WebSocket08FrameDecoder.class.getDeclaredField("mask");
        key.setAccessible(true);
        key.setInt(decoder, maskingKey);
        byte[] masked = new byte[bytes];
        new Random(bytes).nextBytes(masked);
        in = ByteBufAllocator.DEFAULT.directBuffer(bytes).writeBytes(masked);
        copy = ByteBufAllocator.DEFAULT.directBuffer(bytes);
        out = new byte[bytes];
    }

    @TearDown
    public void release() {
        in.release();
        copy.release();
    }

    @Benchmark
    public byte[] copyOnly() {
        in.readerIndex(0).readBytes(out, 0, bytes);
        return out;
    }

    @Benchmark
    public byte[] unmask() {
        Masking.unmask(in.readerIndex(0), bytes, out, 0, maskingKey);
        return out;
    }

    @Benchmark
    public boolean unmaskText() {
        return Masking.unmaskText(in.readerIndex(0), bytes, out, 0, maskingKey);
    }

    @Benchmark
    public ByteBuf netty() throws Throwable {
        in.readerIndex(0).readBytes(copy.clear(), bytes);
        NETTY.invokeExact(decoder, copy);
        return copy;
    }

    /** Without the copy: what is masked now is plain the next time, which costs the same. */
    @Benchmark
    public ByteBuf nettyInPlace() throws Throwable {
        NETTY.invokeExact(decoder, copy.setIndex(0, bytes));
        return copy;
    }
}
