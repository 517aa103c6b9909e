package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptKeyTest {

    @ParameterizedTest
    @CsvSource({
        "dGhlIHNhbXBsZSBub25jZQ==, s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        "x3JJHMbDL1EzLkh9GBhXDw==, HSmrc0sMlYUkAGmm5OPpG2HaGWk="
    })
    void theKnownVectorsHold(String key, String accept) {
        assertThat(AcceptKey.of(key)).isEqualTo(accept);
    }

    @Test
    void oneKeyLeavesNothingBehindForTheNext() {
        AcceptKey.of("x3JJHMbDL1EzLkh9GBhXDw==");

        assertThat(AcceptKey.of("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void everyEncodingOf16BytesIsAKeyAndNoOtherSizeIs() {
        Random random = new Random(6455);
        for (int size = 0; size < 40; size++) {
            byte[] nonce = new byte[size];
            random.nextBytes(nonce);
            String key = Base64.getEncoder().encodeToString(nonce);

            assertThat(AcceptKey.isKey(key)).as(key).isEqualTo(size == 16);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=hlIHNhbXBsZSBub25jZQ====",
                "dGhl=HNhbXBsZSBub25jZQ==",
                "dGhlIHNhbXBsZSBub25jZ\n==",
                "                      =="
            })
    void onlyTheAlphabetOfBase64MakesAKey(String key) {
        assertThat(AcceptKey.isKey(key)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"++++++++++++++++++++++==", "//////////////////////==", "09azAZ09azAZ09azAZ09az=="})
    void everyCharacterOfBase64MayStandInAKey(String key) {
        assertThat(AcceptKey.isKey(key)).isTrue();
    }
}
