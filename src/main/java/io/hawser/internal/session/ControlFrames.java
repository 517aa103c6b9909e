package io.hawser.internal.session;

import io.hawser.internal.protocol.FrameWriter;
import io.hawser.internal.protocol.Opcode;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Pings and pongs that wait for the wire. They pass between frames, ahead of messages (RFC 6455 §5.4). */
final class ControlFrames {

    private byte @Nullable [] pong;
    private @Nullable ArrayDeque<byte[]> pings; // there is one at most but for a program that sends its own

    /** "may elect to send a Pong frame for only the most recently processed Ping" (RFC 6455 §5.5.3). */
    void pong(byte[] payload) {
        pong = payload;
    }

    void ping(byte[] payload) {
        if (pings == null) {
            pings = new ArrayDeque<>(1);
        }
        pings.add(payload);
    }

    boolean isEmpty() {
        return pong == null && (pings == null || pings.isEmpty());
    }

    /** Writes one of those that wait. */
    void writeNext(Cork cork) {
        byte[] answer = pong;
        if (answer != null) {
            pong = null;
            write(cork, Opcode.PONG, answer, 0); // one at most: not worth an account
        } else {
            byte[] ping = Objects.requireNonNull(pings, "not empty").remove();
            write(cork, Opcode.PING, ping, SendQueue.costOf(ping.length));
        }
    }

    private static void write(Cork cork, int opcode, byte[] payload, int cost) {
        FrameWriter.writeControl(cork.room(FrameWriter.headerBytes(payload.length) + payload.length), opcode, payload);
        cork.added(cost);
    }

    /** Forgets them all; returns the bytes reserved for them. */
    int discard() {
        int cost = 0;
        if (pings != null) {
            for (byte[] ping : pings) {
                cost += SendQueue.costOf(ping.length);
            }
        }
        pings = null;
        pong = null;
        return cost;
    }
}
