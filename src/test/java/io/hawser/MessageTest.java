package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ascii", "caf\u00e9", "\u20ac?", "\ud83d\ude00", "\ud83d\ude00\u00e9?\ud83d\ude00", "\u0000"
            })
    void textIsCarriedAsUtf8(String text) {
        Message message = Message.text(text);

        assertThat(message.isText()).isTrue();
        assertThat(message.text()).isEqualTo(text);
        assertThat(message.bytes()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(message.sizeBytes()).isEqualTo(message.bytes().length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\ud800",
                "\udc00",
                "a\ud800",
                "\ud800a",
                "\udc00\ud800",
                "\u00e9\ud800",
                "\ud83d\ude00\ud83d",
                "\u20ac\udc00b",
                "\ud800\ud800\udc00",
                "?\ud800\u00e9"
            })
    void textHasNoUnpairedSurrogate(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Message.text(text));
    }

    @Test
    void bytesThatAreUtf8MakeText() {
        ByteBuffer utf8 = ByteBuffer.wrap("xcaf\u00e9x".getBytes(StandardCharsets.UTF_8));
        utf8.position(1).limit(6);

        assertThat(Message.text(utf8).text()).isEqualTo("caf\u00e9");
        assertThat(utf8.position()).isEqualTo(1);
    }

    @Test
    void bytesThatAreNotUtf8DoNot() {
        byte[][] invalid = {
            {(byte) 0xC0, (byte) 0xAF}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, {(byte) 0xC3}, {(byte) 0xFF}
        };
        for (byte[] bytes : invalid) {
            assertThatIllegalArgumentException().isThrownBy(() -> Message.text(ByteBuffer.wrap(bytes)));
        }
    }

    @Test
    void aMessageDoesNotChangeWithTheBytesItWasMadeOf() {
        byte[] bytes = {1, 2, 3};
        Message ofArray = Message.binary(bytes);
        Message ofBuffer = Message.binary(ByteBuffer.wrap(bytes));
        bytes[0] = 9;

        assertThat(ofArray.bytes()).containsExactly(1, 2, 3);
        assertThat(ofBuffer.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void theCopiesAMessageGivesAwayAreNotTheMessage() {
        Message message = Message.binary(new byte[] {1, 2, 3});
        message.bytes()[0] = 9;

        assertThat(message.bytes()).containsExactly(1, 2, 3);
        assertThatExceptionOfType(ReadOnlyBufferException.class)
                .isThrownBy(() -> message.asByteBuffer().put((byte) 9));
    }

    @Test
    void withoutCopyMeansTheVeryArray() {
        byte[] bytes = "text".getBytes(StandardCharsets.UTF_8);

        assertThat(Message.binaryWithoutCopy(bytes).bytesWithoutCopy()).isSameAs(bytes);
        assertThat(Message.textWithoutCopyOrCheck(bytes).bytesWithoutCopy()).isSameAs(bytes);
        assertThat(Message.textWithoutCopyOrCheck(bytes).text()).isEqualTo("text");
    }

    @Test
    void aBinaryMessageHasNoText() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Message.binary(new byte[0]).text());
    }

    @Test
    void aMessageCanBeKeptFromCompression() {
        Message message = Message.text("secret");

        assertThat(message.isCompressible()).isTrue();
        assertThat(message.uncompressed().isCompressible()).isFalse();
        assertThat(message.uncompressed().uncompressed().isCompressible()).isFalse();
        assertThat(message.uncompressed().bytesWithoutCopy()).isSameAs(message.bytesWithoutCopy());
    }

    @Test
    void messagesAreEqualByTypeAndBytes() {
        Message text = Message.text("a");

        assertThat(text)
                .isEqualTo(Message.text(ByteBuffer.wrap(new byte[] {'a'})))
                .hasSameHashCodeAs(Message.text("a"));
        assertThat(text)
                .isNotEqualTo(Message.binary(new byte[] {'a'}))
                .isNotEqualTo(Message.text("b"))
                .isNotEqualTo("a");
    }

    @Test
    void theTextForLogsKeepsThePayloadToItself() {
        assertThat(Message.text("s3cr3t")).hasToString("text message of 6 bytes");
        assertThat(Message.binary(new byte[3])).hasToString("binary message of 3 bytes");
    }
}
