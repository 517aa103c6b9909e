package io.hawser.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KernelProgressTest {

    private final SlowChannel channel = new SlowChannel();
    private final KernelProgress progress = new KernelProgress();

    @AfterEach
    void releaseWhatIsQueued() {
        channel.close();
    }

    @Test
    void partOfAWriteIsProgress() {
        write(100);
        long before = progress.look(channel);
        take(1);
        assertThat(progress.look(channel)).isNotEqualTo(before);
    }

    @Test
    void nothingTakenIsNone() {
        write(100);
        take(1);
        long before = progress.look(channel);
        assertThat(progress.look(channel)).isEqualTo(before);
    }

    @Test
    void whatIsQueuedBehindIsNone() {
        write(100);
        long before = progress.look(channel);
        write(1_000);
        assertThat(progress.look(channel)).isEqualTo(before);
    }

    @Test
    void aWholeWriteIsProgressThoughTheNextOneStandsWhereItStood() {
        write(100);
        write(100);
        take(60);
        long before = progress.look(channel);
        take(100);
        assertThat(progress.look(channel)).isNotEqualTo(before);
    }

    @Test
    void noNumberOfWholeWritesCancelsOutTheProgressThatIsForgottenWithThem() {
        write(100);
        progress.look(channel);
        for (int wholeWrites = 1; wholeWrites <= 100; wholeWrites++) {
            take(1);
            long before = progress.look(channel);
            long anew = new KernelProgress().look(new SlowChannel());
            assertThat(wholeWrites + anew).isNotEqualTo(before);
        }
    }

    private void write(int bytes) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[bytes]));
    }

    private void take(int bytes) {
        channel.room = bytes;
        channel.flush();
    }

    /** Its kernel takes so many bytes as there is room for. */
    private static final class SlowChannel extends EmbeddedChannel {

        private int room;

        @Override
        protected void doWrite(ChannelOutboundBuffer queued) {
            while (room > 0 && queued.current() instanceof ByteBuf bytes) {
                int taken = Math.min(room, bytes.readableBytes());
                room -= taken;
                queued.removeBytes(taken);
            }
        }
    }
}
