package io.hawser.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/**
 * A connection that sends the first TLS record, which has the ClientHello, as many records of one byte each (RFC 8446 §5.1 allows it),
 * and everything else as it is.
 */
final class RecordCuttingSocket extends Socket {

    private static final int HEADER_BYTES = 5;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private boolean cut;

    RecordCuttingSocket(int port) throws IOException {
        super(InetAddress.getLoopbackAddress(), port);
    }

    /** What TLS gave to be sent, before it was cut. */
    byte[] firstRecord() {
        return sent.toByteArray();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream out = super.getOutputStream();
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (cut) {
                    out.write(bytes, offset, length);
                } else {
                    cut = true;
                    sent.write(bytes, offset, length);
                    out.write(cutRecord(bytes, offset, length));
                }
                out.flush();
            }
        };
    }

    /** JSSE writes the record of its ClientHello in one go. */
    private static byte[] cutRecord(byte[] bytes, int offset, int length) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int i = HEADER_BYTES; i < length; i++) {
            records.write(bytes, offset, HEADER_BYTES - 2); // type and version
            records.write(0);
            records.write(1);
            records.write(bytes[offset + i]);
        }
        return records.toByteArray();
    }
}
