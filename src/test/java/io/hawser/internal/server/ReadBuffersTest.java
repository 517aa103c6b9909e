package io.hawser.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadBuffersTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();

    /** A peer that fills every buffer gets larger ones, up to what its messages may need. */
    @ParameterizedTest
    @CsvSource({"1024, 131072", "65536, 131072", "200000, 200000", "1048576, 524288", "2147483647, 524288"})
    void readsGrowWithTheLargestMessage(int message, int largestRead) {
        ExtendedHandle handle =
                (ExtendedHandle) ReadBuffers.forMessagesUpTo(message).newHandle();
        assertThat(read(handle)).isEqualTo(2048);
        int largest = 0;
        for (int i = 0; i < 20; i++) {
            largest = Math.max(largest, read(handle));
        }
        assertThat(largest).isBetween(largestRead / 2 + 1, largestRead);
    }

    /** One read that fills its buffer; returns the size of that. */
    private int read(ExtendedHandle handle) {
        handle.reset(channel.config());
        int size = fill(handle);
        handle.readComplete();
        return size;
    }

    private static int fill(ExtendedHandle handle) {
        ByteBuf buffer = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
        int size = buffer.writableBytes();
        buffer.release();
        handle.attemptedBytesRead(size);
        handle.lastBytesRead(size);
        handle.incMessagesRead(1);
        return size;
    }

    @Test
    void aPeerThatSendsWithoutEndIsReadFourTimesInARow() {
        ExtendedHandle handle =
                (ExtendedHandle) ReadBuffers.forMessagesUpTo(1024).newHandle();
        handle.reset(channel.config());
        int reads = 0;
        do {
            fill(handle);
            reads++;
        } while (handle.continueReading() && reads < 100);
        assertThat(reads).isEqualTo(4);
    }
}
