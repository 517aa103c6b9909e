package io.hawser.testing;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/** What clients send: zlib's output over a window that goes on from message to message. */
public final class ZlibClient {

    private static final int TAIL_BYTES = 4;

    private final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    private final byte[] buffer = new byte[8192];

    /** A message whose parts are flushed one by one. */
    public byte[] message(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            deflater.setInput(part);
            int count;
            do {
                count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
                out.write(buffer, 0, count);
            } while (count == buffer.length);
        }
        return Arrays.copyOf(out.toByteArray(), out.size() - TAIL_BYTES);
    }

    /** Frees what zlib took. */
    public void end() {
        deflater.end();
    }
}
