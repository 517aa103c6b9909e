package io.hawser.internal.protocol;

import io.hawser.testing.Vectors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** A fuzzer's input: the first byte says how to cut, the others are what a client sends. */
final class Chunks {

    /** Longer vectors differ from shorter ones in nothing that a fuzzer could use. */
    private static final int MAX_SEED_BYTES = 2_000;

    private final byte[] input;

    Chunks(byte[] input) {
        this.input = input;
    }

    /** The vectors of RFC 6455, each cut in some way, as a corpus to begin with. */
    static List<byte[]> seeds() {
        return Vectors.startingWith("rfc6455").stream()
                .map(Vectors.Vector::in)
                .filter(in -> in.length <= MAX_SEED_BYTES)
                .map(in -> {
                    byte[] seed = new byte[in.length + 1];
                    seed[0] = (byte) Arrays.hashCode(in);
                    System.arraycopy(in, 0, seed, 1, in.length);
                    return seed;
                })
                .toList();
    }

    /** A bit of the first byte, for a choice that is not about cutting. */
    boolean choice() {
        return input.length > 0 && (input[0] & 1) != 0;
    }

    byte[] wire() {
        return input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
    }

    void whole(Consumer<ByteBuf> receiver) {
        receiver.accept(Unpooled.wrappedBuffer(wire()));
    }

    void cut(Consumer<ByteBuf> receiver) {
        byte[] wire = wire();
        Random random = new Random(input.length == 0 ? 0 : input[0]);
        int longest = 1 + random.nextInt(32);
        for (int from = 0; from < wire.length; ) {
            int count = Math.min(wire.length - from, 1 + random.nextInt(longest));
            receiver.accept(Unpooled.wrappedBuffer(wire, from, count));
            from += count;
        }
    }
}
