package io.hawser.internal.protocol;

/** Frame opcodes (RFC 6455 §5.2, §11.8). */
public final class Opcode {

    /** A further frame of the message that is open. */
    public static final int CONTINUATION = 0x0;
    /** The first frame of a text message. */
    public static final int TEXT = 0x1;
    /** The first frame of a binary message. */
    public static final int BINARY = 0x2;
    /** The closing handshake. */
    public static final int CLOSE = 0x8;
    /** Asks for a pong. */
    public static final int PING = 0x9;
    /** Answers a ping. */
    public static final int PONG = 0xA;

    /** Longest payload of a control frame (RFC 6455 §5.5). */
    public static final int MAX_CONTROL_BYTES = 125;

    private Opcode() {}

    /** §5.5: "Control frames are identified by opcodes where the most significant bit of the opcode is 1." */
    static boolean isControl(int opcode) {
        return (opcode & 0x8) != 0;
    }

    static boolean beginsMessage(int opcode) {
        return opcode == TEXT || opcode == BINARY;
    }

    static boolean isReserved(int opcode) {
        return (opcode & 0x7) > 2;
    }
}
