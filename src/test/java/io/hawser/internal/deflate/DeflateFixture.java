package io.hawser.internal.deflate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.Compression;
import io.hawser.internal.protocol.MessageBuffer;
import io.hawser.internal.protocol.PayloadTransform;
import io.hawser.internal.protocol.ProtocolViolation;
import io.hawser.testing.ZlibClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the tests of this package share. */
final class DeflateFixture {

    static final int LIMIT = 1 << 20;

    private DeflateFixture() {}

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** {@code "name"}, {@code "name=value"}, as the handshake hands them over. */
    static ExtensionOffer offer(String... parameters) {
        List<ExtensionOffer.Parameter> list = new ArrayList<>();
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            list.add(
                    equals < 0
                            ? new ExtensionOffer.Parameter(parameter, null)
                            : new ExtensionOffer.Parameter(
                                    parameter.substring(0, equals), parameter.substring(equals + 1)));
        }
        return new ExtensionOffer("permessage-deflate", list);
    }

    static DeflateAgreement agreement(Compression compression, String... parameters) {
        DeflateAgreement agreement = DeflateAgreement.negotiate(List.of(offer(parameters)), compression);
        assertThat(agreement).as("offer %s", Arrays.toString(parameters)).isNotNull();
        return agreement;
    }

    static byte[] encode(PayloadTransform transform, byte[] payload) {
        MessageBuffer out = new MessageBuffer(Integer.MAX_VALUE);
        transform.encode(payload, out);
        return out.take();
    }

    static byte[] encodeShared(PayloadTransform transform, byte[] payload) {
        MessageBuffer out = new MessageBuffer(Integer.MAX_VALUE);
        transform.encodeShared(payload, out);
        return out.take();
    }

    /** Decodes a message given in pieces. */
    static byte[] decode(PayloadTransform transform, int limitBytes, byte[]... pieces) {
        MessageBuffer out = new MessageBuffer(limitBytes);
        for (byte[] piece : pieces) {
            // At an offset and with bytes behind it that do not belong to it, as in a frame.
            byte[] frame = new byte[piece.length + 5];
            Arrays.fill(frame, (byte) 0xA5);
            System.arraycopy(piece, 0, frame, 3, piece.length);
            transform.decode(frame, 3, piece.length, out);
        }
        transform.decodeEnd(out);
        return out.take();
    }

    static byte[] decode(PayloadTransform transform, byte[]... pieces) {
        return decode(transform, LIMIT, pieces);
    }

    /** The close code of the violation that a call throws. */
    static int closeCodeOf(ThrowingCallable call) {
        ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class, call);
        assertThat(violation).as("a ProtocolViolation").isNotNull();
        return violation.status().code();
    }

    /** The bytes cut into pieces of {@code pieceBytes}. */
    static byte[][] cut(byte[] bytes, int pieceBytes) {
        byte[][] pieces = new byte[(bytes.length + pieceBytes - 1) / pieceBytes][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = Arrays.copyOfRange(bytes, i * pieceBytes, Math.min(bytes.length, (i + 1) * pieceBytes));
        }
        return pieces;
    }

    /** Zeros, a thousandth of their size. */
    static byte[] zeroBomb(int mebibytes) {
        ZlibClient client = new ZlibClient();
        byte[][] parts = new byte[mebibytes][];
        Arrays.fill(parts, new byte[1 << 20]);
        byte[] bomb = client.message(parts);
        client.end();
        return bomb;
    }
}
