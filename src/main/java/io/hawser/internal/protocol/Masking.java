package io.hawser.internal.protocol;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Undoes the masking of a client's payload (RFC 6455 §5.3). A masking key is four bytes, the first in the highest place. */
final class Masking {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Masking() {}

    /** Moves {@code count} bytes from {@code in} into {@code out}, unmasked. */
    static void unmask(ByteBuf in, int count, byte[] out, int offset, int maskingKey) {
        in.readBytes(out, offset, count);
        if (maskingKey != 0) {
            unmask(out, offset, offset + count, maskingKey);
        }
    }

    private static void unmask(byte[] bytes, int start, int end, int maskingKey) {
        long word = LITTLE_ENDIAN ? Integer.reverseBytes(maskingKey) : maskingKey;
        word = word << 32 | word & 0xFFFF_FFFFL;
        int at = start;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            LONG.set(bytes, at, (long) LONG.get(bytes, at) ^ word);
        }
        for (int shift = 24; at < end; at++, shift = shift - 8 & 24) {
            bytes[at] ^= (byte) (maskingKey >>> shift);
        }
    }

    /** The key as it stands {@code count} bytes later: "octet i of the transformed data is ... XOR octet i modulo 4" (§5.3). */
    static int turn(int maskingKey, int count) {
        return Integer.rotateLeft(maskingKey, (count & 3) * Byte.SIZE);
    }
}
