package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MaskingTest {

    private static final int MAX_LENGTH = 300;
    private static final int ALIGNMENTS = 8;
    private static final int KEY = 0x37FA213D;

    /** The kinds of buffer that a pipeline hands over. */
    enum Kind {
        HEAP {
            @Override
            ByteBuf holding(byte[] bytes, int index) {
                return PooledByteBufAllocator.DEFAULT
                        .heapBuffer()
                        .writeZero(index)
                        .writeBytes(bytes)
                        .readerIndex(index);
            }
        },
        DIRECT {
            @Override
            ByteBuf holding(byte[] bytes, int index) {
                return PooledByteBufAllocator.DEFAULT
                        .directBuffer()
                        .writeZero(index)
                        .writeBytes(bytes)
                        .readerIndex(index);
            }
        },
        SLICE {
            @Override
            ByteBuf holding(byte[] bytes, int index) {
                ByteBuf whole = DIRECT.holding(bytes, index + 3);
                ByteBuf slice = whole.retainedSlice(3, index + bytes.length).readerIndex(index);
                whole.release();
                return slice;
            }
        },
        COMPOSITE {
            @Override
            ByteBuf holding(byte[] bytes, int index) {
                CompositeByteBuf parts = ByteBufAllocator.DEFAULT.compositeBuffer(64);
                parts.addComponent(true, Unpooled.wrappedBuffer(new byte[index]));
                int cut = Math.min(13, bytes.length);
                parts.addComponent(true, Unpooled.wrappedBuffer(bytes, 0, cut));
                parts.addComponent(true, Unpooled.wrappedBuffer(bytes, cut, bytes.length - cut));
                return parts.readerIndex(index);
            }
        },
        READ_ONLY {
            @Override
            ByteBuf holding(byte[] bytes, int index) {
                return HEAP.holding(bytes, index).asReadOnly();
            }
        },
        READ_ONLY_DIRECT_NIO {
            @Override
            ByteBuf holding(byte[] bytes, int index) {
                ByteBuffer nio = ByteBuffer.allocateDirect(index + bytes.length).position(index);
                nio.put(bytes).flip();
                return Unpooled.wrappedBuffer(nio.asReadOnlyBuffer()).readerIndex(index);
            }
        };

        abstract ByteBuf holding(byte[] bytes, int index);
    }

    @ParameterizedTest
    @EnumSource
    void everyLengthAtEveryAlignmentIsTheSameAsByteByByte(Kind kind) {
        byte[] masked = new byte[MAX_LENGTH];
        new Random(1).nextBytes(masked);
        for (int length = 0; length <= MAX_LENGTH; length++) {
            byte[] payload = Arrays.copyOf(masked, length);
            byte[] expected = naively(payload, KEY);
            for (int alignment = 0; alignment < ALIGNMENTS; alignment++) {
                check(kind, payload, alignment, expected);
            }
        }
    }

    private static void check(Kind kind, byte[] masked, int alignment, byte[] expected) {
        ByteBuf in = kind.holding(masked, alignment);
        byte[] out = new byte[ALIGNMENTS + masked.length + 1];
        byte[] text = out.clone();

        Masking.unmask(in, masked.length, out, alignment, KEY);
        assertThat(in.isReadable()).isFalse();
        in.readerIndex(alignment);
        boolean ascii = Masking.unmaskText(in, masked.length, text, alignment, KEY);

        byte[] framed = new byte[out.length];
        System.arraycopy(expected, 0, framed, alignment, expected.length);
        assertThat(out).as("%s, %s bytes at %s", kind, masked.length, alignment).isEqualTo(framed);
        assertThat(text).isEqualTo(framed);
        assertThat(ascii).isEqualTo(isAscii(expected));
        in.release();
    }

    @Test
    void oneByteThatIsNotAsciiIsFoundWhereverItIs() {
        for (int length = 1; length <= 40; length++) {
            for (int at = 0; at < length; at++) {
                byte[] text = new byte[length];
                Arrays.fill(text, (byte) 0x7F);
                assertThat(unmaskText(text)).isTrue();
                text[at] = (byte) 0x80;
                assertThat(unmaskText(text)).as("%s of %s", at, length).isFalse();
            }
        }
    }

    private static boolean unmaskText(byte[] text) {
        ByteBuf in = Unpooled.wrappedBuffer(naively(text, KEY));
        byte[] out = new byte[text.length];
        boolean ascii = Masking.unmaskText(in, text.length, out, 0, KEY);
        assertThat(out).isEqualTo(text);
        return ascii;
    }

    @Test
    void keyTurnsByWhatWasRead() {
        byte[] masked = new byte[64];
        new Random(2).nextBytes(masked);
        byte[] expected = naively(masked, KEY);
        for (int cut = 0; cut <= masked.length; cut++) {
            ByteBuf in = Unpooled.wrappedBuffer(masked);
            byte[] out = new byte[masked.length];
            Masking.unmask(in, cut, out, 0, KEY);
            Masking.unmask(in, masked.length - cut, out, cut, Masking.turn(KEY, cut));
            assertThat(out).as("cut at %s", cut).isEqualTo(expected);
        }
    }

    /** "octet i of the transformed data is the XOR of octet i of the original data with octet at index i modulo 4 of the key" */
    private static byte[] naively(byte[] masked, int key) {
        byte[] plain = masked.clone();
        for (int i = 0; i < plain.length; i++) {
            plain[i] ^= (byte) (key >>> 8 * (3 - i % 4));
        }
        return plain;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
