package io.hawser.internal.protocol;

/** Frame opcodes (RFC 6455 §5.2, §11.8). */
public final class Opcode {

    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    /** Longest payload of a control frame (RFC 6455 §5.5). */
    public static final int MAX_CONTROL_BYTES = 125;

    private Opcode() {}

    static boolean isControl(int opcode) {
        return (opcode & 0x8) != 0;
    }
}
