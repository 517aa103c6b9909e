package io.hawser.internal.protocol;

import io.hawser.testing.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Random;

/** What a client sends, as a socket's buffer has it. */
public final class ClientFrames {

    private ClientFrames() {}

    /** So many masked frames, one behind the other, in a direct buffer. */
    public static ByteBuf direct(int opcode, int payloadBytes, int count) {
        byte[] payload = new byte[payloadBytes];
        Random random = new Random(payloadBytes);
        for (int i = 0; i < payloadBytes; i++) {
            payload[i] = (byte) (' ' + random.nextInt('~' - ' '));
        }
        byte[] frame = Frames.frame(Frames.FIN | opcode, Frames.KEY, payload);
        ByteBuf all = ByteBufAllocator.DEFAULT.directBuffer(frame.length * count);
        for (int i = 0; i < count; i++) {
            all.writeBytes(frame);
        }
        return all;
    }
}
