package io.hawser.internal.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules of RFC 6455 §5.2 and §5.5 once more, as plainly as can be, over bytes that are all there: what {@link FrameReader} is
 * compared with.
 */
final class NaiveReader {

    private final byte[] bytes;
    private final boolean rsv1Allowed;
    private final List<String> frames = new ArrayList<>();
    private int at;

    NaiveReader(byte[] bytes, boolean rsv1Allowed) {
        this.bytes = bytes;
        this.rsv1Allowed = rsv1Allowed;
    }

    /** All frames that are complete; then {@code violation}, if there is one, or {@code header ...} of one whose payload is cut. */
    List<String> read() {
        while (readFrame()) {
            continue;
        }
        return frames;
    }

    private boolean readFrame() {
        if (left() < 1) {
            return false;
        }
        int first = bytes[at] & 0xFF;
        boolean control = first % 16 >= 8;
        boolean rsv1 = (first & 0x40) != 0;
        boolean marks = rsv1Allowed && (first % 16 == 1 || first % 16 == 2);
        boolean defined = List.of(0, 1, 2, 8, 9, 10).contains(first % 16);
        if (!defined || rsv1 && !marks || (first & 0x30) != 0 || control && first < 128) {
            return violation();
        }
        if (left() < 2) {
            return false;
        }
        int second = bytes[at + 1] & 0xFF;
        if (second < 128 || control && second > 128 + 125) {
            return violation();
        }
        int lengthBytes = second == 255 ? 8 : second == 254 ? 2 : 0;
        if (left() < 2 + lengthBytes) {
            return false;
        }
        long length = lengthBytes == 0 ? second - 128 : number(at + 2, lengthBytes);
        if (length < 0 || lengthBytes == 2 && length < 126 || lengthBytes == 8 && length < 65_536) {
            return violation();
        }
        int header = 2 + lengthBytes + 4;
        if (left() < header) {
            return false;
        }
        String text = first % 16 + (first >= 128 ? " fin" : "") + (rsv1 ? " rsv1" : "") + " " + length;
        return readPayload(text, header, length);
    }

    private boolean readPayload(String header, int headerBytes, long length) {
        if (left() - headerBytes < length) {
            frames.add("header " + header);
            return false;
        }
        StringBuilder payload = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int key = bytes[at + headerBytes - 4 + i % 4];
            payload.append((char) ((bytes[at + headerBytes + i] ^ key) & 0xFF));
        }
        frames.add("frame " + header + " " + payload);
        at += headerBytes + (int) length;
        return true;
    }

    private boolean violation() {
        frames.add("violation");
        return false;
    }

    private long number(int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            value = value * 256 + (bytes[i] & 0xFF);
        }
        return value;
    }

    private int left() {
        return bytes.length - at;
    }
}
