package io.hawser.internal.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
import org.openjdk.jmh.annotations.Warmup;

/** Telling valid UTF-8 from other bytes, in one piece and in fragments that are cut without regard to characters. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class Utf8Benchmark {

    private static final int FRAGMENT_BYTES = 125;

    /** Characters of one length: for each, the first code point, and how many follow it that are as long. */
    public enum Text {
        ASCII(0x20, 0x5F),
        TWO_BYTES(0x430, 0x20),
        THREE_BYTES(0x4E00, 0x1000),
        FOUR_BYTES(0x1F600, 0x40);

        private final int first;
        private final int count;

        Text(int first, int count) {
            this.first = first;
            this.count = count;
        }

        byte[] utf8(int bytes) {
            Random random = new Random(first);
            StringBuilder text = new StringBuilder();
            int each = Character.toString(first).getBytes(StandardCharsets.UTF_8).length;
            for (int i = 0; i < bytes / each; i++) {
                text.appendCodePoint(first + random.nextInt(count));
            }
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Where Netty's validator hands on what it found valid. */
    private static final class End extends ChannelInboundHandlerAdapter {
        int frames;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            frames++;
        }
    }

    @Param
    Text text;

    @Param({"1024", "65536"})
    int bytes;

    private final Utf8Validator validator = new Utf8Validator();
    private final CharsetDecoder jdk = StandardCharsets.UTF_8.newDecoder();
    private final End end = new End();
    private final EmbeddedChannel netty = new EmbeddedChannel(new Utf8FrameValidator(), end);
    private byte[] utf8;
    private byte[] copy;
    private ByteBuffer input;
    private CharBuffer chars;
    private WebSocketFrame frame;
    private List<WebSocketFrame> fragments;

    @Setup
    public void fill() {
        utf8 = text.utf8(bytes);
        copy = new byte[utf8.length];
        input = ByteBuffer.wrap(utf8);
        chars = CharBuffer.allocate(utf8.length);
        ByteBuf direct = Unpooled.directBuffer(utf8.length).writeBytes(utf8);
        frame = new TextWebSocketFrame(direct);
        fragments = new ArrayList<>();
        for (int at = 0; at < utf8.length; at += FRAGMENT_BYTES) {
            int length = Math.min(FRAGMENT_BYTES, utf8.length - at);
            ByteBuf piece = direct.slice(at, length);
            boolean last = at + length == utf8.length;
            fragments.add(
                    at == 0 ? new TextWebSocketFrame(last, 0, piece) : new ContinuationWebSocketFrame(last, 0, piece));
        }
    }

    @Benchmark
    public byte[] copyOnly() {
        System.arraycopy(utf8, 0, copy, 0, utf8.length);
        return copy;
    }

    @Benchmark
    public boolean hawser() {
        return validator.accept(utf8, 0, utf8.length) & validator.end();
    }

    @Benchmark
    public boolean hawserFragments() {
        boolean valid = true;
        for (int at = 0; at < utf8.length; at += FRAGMENT_BYTES) {
            valid &= validator.accept(utf8, at, Math.min(utf8.length, at + FRAGMENT_BYTES));
        }
        return valid & validator.end();
    }

    @Benchmark
    public int netty() {
        netty.pipeline().fireChannelRead(frame);
        return end.frames;
    }

    @Benchmark
    public int nettyFragments() {
        for (int i = 0; i < fragments.size(); i++) {
            netty.pipeline().fireChannelRead(fragments.get(i));
        }
        return end.frames;
    }

    /** Strict, into memory that is there already. */
    @Benchmark
    public CoderResult jdkDecoder() {
        return jdk.reset().decode(input.clear(), chars.clear(), true);
    }

    /** Lenient: it replaces what is not UTF-8. */
    @Benchmark
    public String jdkString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
