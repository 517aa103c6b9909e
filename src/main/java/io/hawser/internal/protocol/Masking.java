package io.hawser.internal.protocol;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Undoes the masking of a client's payload (RFC 6455 §5.3). A masking key is four bytes, the first in the highest place. */
final class Masking {

    // Of one order on every machine, so that one test is a test of all; it costs nothing on the little-endian ones.
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    private Masking() {}

    /** The key as it stands {@code count} bytes later: "octet i of the transformed data is ... XOR octet i modulo 4" (§5.3). */
    static int turn(int maskingKey, int count) {
        return Integer.rotateLeft(maskingKey, (count & 3) * Byte.SIZE);
    }

    /** Moves {@code count} bytes from {@code in}, a buffer of any kind, into {@code out}, unmasked. */
    static void unmask(ByteBuf in, int count, byte[] out, int offset, int maskingKey) {
        in.readBytes(out, offset, count);
        int intKey = Integer.reverseBytes(maskingKey);
        long longKey = longKey(intKey);
        int end = offset + count;
        int at = offset;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            LONG.set(out, at, (long) LONG.get(out, at) ^ longKey);
        }
        if (at <= end - Integer.BYTES) {
            INT.set(out, at, (int) INT.get(out, at) ^ intKey);
            at += Integer.BYTES;
        }
        for (; at < end; at++, intKey >>>= Byte.SIZE) {
            out[at] ^= (byte) intKey;
        }
    }

    /**
     * Does the same, and finds out in passing whether all of it is ASCII. A loop of its own: that of {@link #unmask} becomes vector
     * instructions, this one does not, yet it is quicker than two loops.
     */
    static boolean unmaskText(ByteBuf in, int count, byte[] out, int offset, int maskingKey) {
        in.readBytes(out, offset, count);
        int intKey = Integer.reverseBytes(maskingKey);
        long longKey = longKey(intKey);
        long seen = 0;
        int end = offset + count;
        int at = offset;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long plain = (long) LONG.get(out, at) ^ longKey;
            LONG.set(out, at, plain);
            seen |= plain;
        }
        if (at <= end - Integer.BYTES) {
            int plain = (int) INT.get(out, at) ^ intKey;
            INT.set(out, at, plain);
            seen |= plain;
            at += Integer.BYTES;
        }
        for (; at < end; at++, intKey >>>= Byte.SIZE) {
            out[at] ^= (byte) intKey;
            seen |= out[at];
        }
        return (seen & NOT_ASCII) == 0;
    }

    private static long longKey(int intKey) {
        return (intKey & 0xFFFF_FFFFL) << 32 | intKey & 0xFFFF_FFFFL;
    }
}
