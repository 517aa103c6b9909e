package io.hawser.internal.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes, cut anywhere, are the frames that a plain reading of the RFC finds in them. */
class FrameReaderFuzzTest {

    static List<byte[]> seeds() {
        return Chunks.seeds();
    }

    @MethodSource("seeds")
    @FuzzTest(maxExecutions = 1_000_000)
    void frames(byte[] input) {
        Chunks chunks = new Chunks(input);
        boolean rsv1Allowed = chunks.choice();
        List<String> expected = new NaiveReader(chunks.wire(), rsv1Allowed).read();
        Collector whole = new Collector(rsv1Allowed);
        chunks.whole(whole::receive);
        Collector cut = new Collector(rsv1Allowed);
        chunks.cut(cut::receive);
        require(expected, whole.frames());
        require(expected, cut.frames());
    }

    private static void require(List<String> expected, List<String> frames) {
        if (!expected.equals(frames)) {
            throw new AssertionError("expected " + expected + " but was " + frames);
        }
    }

    /** Writes frames down as {@link NaiveReader} does. */
    private static final class Collector implements FrameConsumer {
        private final FrameReader reader;
        private final List<String> frames = new ArrayList<>();
        private final StringBuilder payload = new StringBuilder();
        private String header = "";
        private boolean done;

        Collector(boolean rsv1Allowed) {
            this.reader = new FrameReader(this, rsv1Allowed);
        }

        void receive(ByteBuf in) {
            if (!done) {
                try {
                    reader.read(in);
                } catch (ProtocolViolation violation) {
                    done = true;
                    frames.add("violation");
                }
            }
        }

        List<String> frames() {
            if (!header.isEmpty()) {
                frames.add("header " + header);
            }
            return frames;
        }

        @Override
        public void header(int opcode, boolean fin, boolean rsv1, long length) {
            header = opcode + (fin ? " fin" : "") + (rsv1 ? " rsv1" : "") + " " + length;
            payload.setLength(0);
        }

        @Override
        public void payload(ByteBuf in, int count, int maskingKey, boolean ends) {
            byte[] out = new byte[count];
            Masking.unmask(in, count, out, 0, maskingKey);
            payload.append(new String(out, StandardCharsets.ISO_8859_1));
            if (ends) {
                frames.add("frame " + header + " " + payload);
                header = "";
            }
        }

        @Override
        public boolean isDone() {
            return done;
        }
    }
}
