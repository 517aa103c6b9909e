package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.Allocation;
import io.hawser.testing.Frames;
import io.hawser.testing.RecordingListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class MessageAssemblerTest {

    private static final int MANY = 1_000_000;

    private final RecordingListener peer = new RecordingListener();

    @Test
    void fragmentsCostMemoryInProportionToTheirNumber() {
        allocatedBy(1_000); // loads the classes
        long once = allocatedBy(50_000);
        long twice = allocatedBy(100_000);

        assertThat((double) twice / once).isLessThan(2.5);
        assertThat(twice).as("bytes for 100,000 fragments of one").isLessThan(1_000_000);
    }

    private long allocatedBy(int fragments) {
        ProtocolEngine engine = new ProtocolEngine(MANY, MANY, null, peer, peer);
        ByteBuf wire =
                Unpooled.buffer(7 * fragments).writeBytes(Frames.frame(Frames.BINARY, Frames.KEY, new byte[] {1}));
        byte[] fragment = Frames.frame(Frames.CONTINUATION, Frames.KEY, new byte[] {1});
        for (int i = 1; i < fragments; i++) {
            wire.writeBytes(fragment);
        }
        long allocated = Allocation.bytesOf(() -> engine.receive(wire));
        assertThat(engine.isInsideMessage()).isTrue();
        wire.release();
        return allocated;
    }
}
