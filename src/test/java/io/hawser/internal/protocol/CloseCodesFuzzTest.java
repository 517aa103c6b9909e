package io.hawser.internal.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hawser.CloseStatus;
import io.hawser.testing.Hex;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** Any body of a Close frame is a status that is written as the same bytes, or breaks the rule that it is refused for. */
class CloseCodesFuzzTest {

    static List<byte[]> seeds() {
        return Chunks.seeds().stream()
                .filter(seed -> seed.length >= 7 && seed[1] == (byte) 0x88 && seed.length == 7 + (seed[2] & 0x7F))
                .map(seed -> Arrays.copyOfRange(seed, 7, seed.length))
                .toList();
    }

    @MethodSource("seeds")
    @FuzzTest(maxExecutions = 1_000_000)
    void bodies(byte[] input) {
        byte[] body = Arrays.copyOf(input, Math.min(input.length, Opcode.MAX_CONTROL_BYTES));
        int expected = codeOfViolation(body);
        try {
            CloseStatus status = CloseCodes.parse(body);
            require(expected == 0, "accepted", body);
            require(Arrays.equals(body, written(status)), "written again", body);
        } catch (ProtocolViolation violation) {
            require(violation.status().code() == expected, "refused: " + violation.getMessage(), body);
        }
    }

    private static int codeOfViolation(byte[] body) {
        if (body.length == 0) {
            return 0;
        }
        int code = body.length == 1 ? -1 : ByteBuffer.wrap(body).getShort() & 0xFFFF;
        boolean registered =
                code / 100 == 10 && code <= 1014 && !List.of(1004, 1005, 1006).contains(code);
        if (!registered && code / 1000 != 3 && code / 1000 != 4) {
            return 1002;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body, 2, body.length - 2));
            return 0;
        } catch (CharacterCodingException e) {
            return 1007;
        }
    }

    private static byte[] written(CloseStatus status) {
        ByteBuf out = Unpooled.buffer();
        FrameWriter.writeClose(out, status);
        return ByteBufUtil.getBytes(out.skipBytes(2));
    }

    private static void require(boolean condition, String rule, byte[] body) {
        if (!condition) {
            throw new AssertionError(rule + ": " + Hex.of(body));
        }
    }
}
