package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentEncodingTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "%41", "%ff", "a%2Fb%2f", "%00%7F%aF%Fa"})
    void twoHexadecimalDigitsFollowEachPercentSign(String text) {
        assertThat(PercentEncoding.isValid(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%", "%4", "a%", "%%41", "%4g", "%g4", "%-1", "% 4", "%41%", "%\uff11\uff11", "%:0", "%@0", "%`0"
            })
    void whatElseFollowsAPercentSignIsNoEncoding(String text) {
        assertThat(PercentEncoding.isValid(text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "abc, abc",
        "%41bc, Abc",
        "a%2Fb, a/b",
        "caf%C3%A9, caf\u00e9",
        "%f0%9f%98%80, \ud83d\ude00",
        "a+b, a+b",
        "caf\u00e9%21, caf\u00e9!"
    })
    void theBytesBehindAnEncodingAreUtf8(String text, String decoded) {
        assertThat(PercentEncoding.decode(text)).isEqualTo(decoded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%ff", "%c3", "%c3/%a9", "%c0%af", "%ed%a0%80", "%f5%80%80%80"})
    void bytesThatAreNotUtf8AreRefused(String text) {
        assertThat(PercentEncoding.decode(text)).isNull();
    }

    @Test
    void aFormWritesSpacesAsPlus() {
        assertThat(PercentEncoding.decodeForm("a+b%2Bc")).isEqualTo("a b+c");
        assertThat(PercentEncoding.decodeForm("plain")).isEqualTo("plain");
    }

    @Test
    void whatAFormEncodesComesBack() {
        String text = "a b&c=d/\u00e9\ud83d\ude00%+";

        assertThat(PercentEncoding.decodeForm(URLEncoder.encode(text, StandardCharsets.UTF_8)))
                .isEqualTo(text);
    }

    @Test
    void whatIsNotUtf8InAFormIsReplaced() {
        assertThat(PercentEncoding.decodeForm("a%ffb")).isEqualTo("a\ufffdb");
    }
}
