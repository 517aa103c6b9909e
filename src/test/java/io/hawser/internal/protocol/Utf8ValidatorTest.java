package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.Hex;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8ValidatorTest {

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);

    /** What one, two or three bytes can be, made from all characters there are by the JDK's encoder. */
    private static final class Texts {
        final BitSet[] whole = {new BitSet(), new BitSet(1 << 8), new BitSet(1 << 16), new BitSet(1 << 24)};
        final BitSet[] beginnings = {new BitSet(), new BitSet(1 << 8), new BitSet(1 << 16), new BitSet(1 << 24)};

        Texts() {
            for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
                if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                    addCharacter(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
                }
            }
            for (int length = 2; length <= 3; length++) {
                for (int first = 1; first < length; first++) {
                    // Shorter ones are complete at this point: a text is a character and a text.
                    addJoined(whole[first], length - first, length);
                }
            }
        }

        private void addCharacter(byte[] utf8) {
            int packed = 0;
            for (int i = 0; i < Math.min(3, utf8.length); i++) {
                packed = packed << 8 | utf8[i] & 0xFF;
                beginnings[i + 1].set(packed);
            }
            if (utf8.length <= 3) {
                whole[utf8.length].set(packed);
            }
        }

        private void addJoined(BitSet firsts, int restLength, int length) {
            BitSet restWhole = (BitSet) whole[restLength].clone();
            BitSet restBegun = (BitSet) beginnings[restLength].clone();
            BitSet copy = (BitSet) firsts.clone();
            for (int first = copy.nextSetBit(0); first >= 0; first = copy.nextSetBit(first + 1)) {
                for (int rest = restWhole.nextSetBit(0); rest >= 0; rest = restWhole.nextSetBit(rest + 1)) {
                    whole[length].set(first << 8 * restLength | rest);
                }
                for (int rest = restBegun.nextSetBit(0); rest >= 0; rest = restBegun.nextSetBit(rest + 1)) {
                    beginnings[length].set(first << 8 * restLength | rest);
                }
            }
        }
    }

    @Test
    void everySequenceOfUpToThreeBytesIsJudgedAtItsFirstImpossibleByteHoweverItIsCut() {
        Texts texts = new Texts();
        Utf8Validator utf8 = new Utf8Validator();
        for (int length = 1; length <= 3; length++) {
            byte[] bytes = new byte[length];
            for (int packed = 0; packed < 1 << 8 * length; packed++) {
                for (int i = 0; i < length; i++) {
                    bytes[i] = (byte) (packed >> 8 * (length - 1 - i));
                }
                boolean possible = texts.beginnings[length].get(packed);
                boolean complete = texts.whole[length].get(packed);
                for (int cut = 0; cut < length; cut++) {
                    boolean accepted = utf8.accept(bytes, 0, cut) && utf8.accept(bytes, cut, length);
                    if (accepted != possible || accepted && utf8.isComplete() != complete) {
                        throw new AssertionError(Integer.toHexString(packed) + " cut at " + cut);
                    }
                    utf8.end();
                }
            }
        }
        assertThat(texts.whole[3].cardinality()).isGreaterThan(2_000_000);
    }

    @Test
    void fourBytesAreACharacterOnlyIfTheDecoderSaysSo() {
        int[] continuations = {0x00, 0x7F, 0x80, 0x81, 0x8F, 0x90, 0xBF, 0xC0, 0xFF};
        int valid = 0;
        for (int lead = 0xF0; lead <= 0xF5; lead++) {
            for (int second = 0; second <= 0xFF; second++) {
                for (int third : continuations) {
                    for (int fourth : continuations) {
                        byte[] bytes = {(byte) lead, (byte) second, (byte) third, (byte) fourth};
                        valid += check(bytes, 4) ? 1 : 0;
                    }
                }
            }
        }
        assertThat(valid).isEqualTo((0x30 + 3 * 0x40 + 0x10) * 5 * 5);
    }

    @Test
    void randomTextsWithAndWithoutAFaultAreJudgedLikeTheDecoder() {
        Random random = new Random(3);
        int valid = 0;
        int runs = 200_000;
        for (int run = 0; run < runs; run++) {
            byte[] bytes = randomText(random);
            if (random.nextBoolean() && bytes.length > 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            valid += check(bytes, random.nextInt(bytes.length + 1)) ? 1 : 0;
        }
        assertThat(valid).isBetween(runs / 4, runs * 3 / 4);
    }

    private static byte[] randomText(Random random) {
        int[] highest = {0x7F, 0x7F, 0x7FF, 0xD7FF, 0x10FFFF};
        StringBuilder text = new StringBuilder();
        int characters = random.nextInt(30);
        for (int i = 0; i < characters; i++) {
            int codePoint = random.nextInt(highest[random.nextInt(highest.length)] + 1);
            boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            text.appendCodePoint(surrogate ? 'x' : codePoint);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** In two pieces, and then byte by byte; whether it is valid. */
    private boolean check(byte[] bytes, int cut) {
        boolean valid = isValid(bytes);
        Utf8Validator utf8 = new Utf8Validator();
        boolean inTwo = utf8.accept(bytes, 0, cut) && utf8.accept(bytes, cut, bytes.length) && utf8.end();
        Utf8Validator slow = new Utf8Validator();
        boolean byteByByte = true;
        for (int i = 0; i < bytes.length && byteByByte; i++) {
            byteByByte = slow.accept(bytes, i, i + 1);
        }
        if (inTwo != valid || (byteByByte && slow.end()) != valid) {
            throw new AssertionError(Hex.of(bytes) + " cut at " + cut);
        }
        return valid;
    }

    private boolean isValid(byte[] bytes) {
        try {
            decoder.decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Test
    void onlyThePieceThatIsGivenIsLookedAt() {
        byte[] bytes = {(byte) 0xFF, 'a', (byte) 0xC3, (byte) 0xA9, (byte) 0xFF};
        assertThat(new Utf8Validator().accept(bytes, 1, 4)).isTrue();
        assertThat(new Utf8Validator().accept(bytes, 0, 0)).isTrue();
    }

    @Test
    void endForgetsTheCharacterThatWasOpen() {
        Utf8Validator utf8 = new Utf8Validator();
        byte[] open = {(byte) 0xED};
        utf8.accept(open, 0, 1);

        assertThat(utf8.end()).isFalse();
        byte[] next = {(byte) 0xF0, (byte) 0xBF, (byte) 0xBF, (byte) 0xBF};
        assertThat(utf8.accept(next, 0, 4) && utf8.end()).isTrue();
    }
}
