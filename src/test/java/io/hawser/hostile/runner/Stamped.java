package io.hawser.hostile.runner;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** A payload that tells when it was made, which one of its sender's it is, and whether a byte of it changed. */
record Stamped(long nanos, long number) {

    static final int HEADER_BYTES = Long.BYTES + Long.BYTES + Integer.BYTES;

    /** The payload; the clock is the machine's monotonic one, which all its processes share. */
    static byte[] payload(long nanos, long number, int sizeBytes) {
        byte[] bytes = new byte[Math.max(sizeBytes, HEADER_BYTES)];
        long filler = number * 0x9E3779B97F4A7C15L;
        for (int i = HEADER_BYTES; i < bytes.length; i++) {
            bytes[i] = (byte) (filler >>> 8 * (i & 7));
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).putLong(nanos).putLong(number);
        header.putInt(checksum(bytes));
        return bytes;
    }

    /** Reads it back; throws if it is not what was made. */
    static Stamped read(byte[] bytes) {
        if (bytes.length < HEADER_BYTES) {
            throw new IllegalStateException("a message of " + bytes.length + " bytes");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        Stamped stamped = new Stamped(header.getLong(), header.getLong());
        if (header.getInt() != checksum(bytes)) {
            throw new IllegalStateException("message " + stamped.number + " was changed on its way");
        }
        return stamped;
    }

    private static int checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, Long.BYTES + Long.BYTES);
        crc.update(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
        return (int) crc.getValue();
    }
}
