package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderBlockTest {

    @Test
    void valuesAreFoundInAnyCaseAndInTheOrderReceived() {
        HeaderBlock block = blockOf("X-One", "1", "Other", "o", "x-one", "2", "X-ONE", "3");

        assertThat(block.values("x-ONE")).containsExactly("1", "2", "3");
        assertThat(block.values("other")).containsExactly("o");
        assertThat(block.contains("OTHER")).isTrue();
    }

    @Test
    void namesAreComparedWhole() {
        HeaderBlock block = blockOf("Sec-WebSocket-Key1", "a", "Key", "b:c");

        assertThat(block.values("Sec-WebSocket-Key")).isEmpty();
        assertThat(block.values("Sec-WebSocket-Key11")).isEmpty();
        assertThat(block.values("Key")).containsExactly("b:c");
        assertThat(block.values("Key:b")).isEmpty();
        assertThat(block.values("a\nKey")).isEmpty();
        assertThat(block.values("")).isEmpty();
        assertThat(block.contains("absent")).isFalse();
    }

    @Test
    void namesThatManyRequestsHaveAreFoundLikeAnyOther() {
        HeaderBlock block = blockOf("HOST", "h", "X-Host", "x", "Cookie", "a", "X-Real-IP", "::1", "cookie", "b");

        assertThat(block.values("Host")).containsExactly("h");
        assertThat(block.values("x-host")).containsExactly("x");
        assertThat(block.values("COOKIE")).containsExactly("a", "b");
        assertThat(block.values("x-real-ip")).containsExactly("::1");
        assertThat(block.values("Accept")).isEmpty();
    }

    @Test
    void noTextInAValueIsTakenForALine() {
        HeaderBlock block = blockOf("A", "host:x \u0080y", "B", "\u0080z", "C", "?q");

        assertThat(block.values("host")).isEmpty();
        assertThat(block.values("\u0080")).isEmpty();
        assertThat(block.query()).isEmpty();
    }

    @Test
    void theQueryIsNoHeader() {
        HeaderBlock block = blockOf("A", "1", "Host", "h").withQuery("a=b&host:c?d");

        assertThat(block.query()).isEqualTo("a=b&host:c?d");
        assertThat(block.values("a")).containsExactly("1");
        assertThat(block.values("host")).containsExactly("h");
        assertThat(block.values("?")).isEmpty();
        assertThat(block.values("?a=b&host")).isEmpty();
        assertThat(blockOf().withQuery("q").query()).isEqualTo("q");
        assertThat(blockOf("A", "1").withQuery("").query()).isEmpty();
    }

    @Test
    void aBlockIsItsText() {
        HeaderBlock block = new HeaderBlock(
                blockOf("A", "caf\u00e9", "Host", "h").withQuery("q").lines());

        assertThat(block.query()).isEqualTo("q");
        assertThat(block.values("A")).containsExactly("caf\u00e9");
        assertThat(block.values("Host")).containsExactly("h");
    }

    /** Sessions are many, and each keeps a block. */
    @Test
    void aTextHasAByteForACharacterAndOneForANameThatManyRequestsHave() {
        String lines = blockOf("Sec-WebSocket-Version", "13", "User-Agent", "x\u00ff", "X-A", "y")
                .lines();

        assertThat(lines).hasSize("_v13_ux._x-a:y_".length());
        assertThat(lines.chars()).allMatch(c -> c <= 0xFF);
        assertThat(blockOf("Host", "h").withQuery("").lines()).hasSize("_hh_".length());
    }

    @Test
    void anEmptyBlockHasNoValues() {
        assertThat(blockOf().values("Host")).isEmpty();
    }

    @Test
    void valuesLoseTheWhiteSpaceAroundThemAndKeepThatInside() {
        assertThat(blockOf("A", " \t a \t b\t ").values("a")).containsExactly("a \t b");
        assertThat(blockOf("A", " \t ").values("a")).containsExactly("");
    }

    @Test
    void obsTextIsKeptAsTheDecoderReadIt() {
        assertThat(blockOf("A", "caf\u00e9\u0080\u00ff").values("a")).containsExactly("caf\u00e9\u0080\u00ff");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\r\nB: c", "a\nb", "a\rb", "a\0b", "a\u001fb", "a\u007fb", "\u2028", "\u0100", "\n", "a\n"})
    void aValueWithAControlCharacterSpoilsTheBlock(String value) {
        assertThat(HeaderBlock.copyOf(headers("A", value))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", "a:b", "caf\u00e9", "a\nb", " a", "(a)", "", "?", "\u0080", "coo\u212aie", "or\u0131gin"})
    void aNameThatIsNoTokenSpoilsTheBlock(String name) {
        assertThat(HeaderBlock.copyOf(headers("Host", "h", name, "value"))).isNull();
    }

    @Test
    void whatHappensToTheHeadersLaterDoesNotShow() {
        HttpHeaders headers = headers("A", "1");
        HeaderBlock block = Objects.requireNonNull(HeaderBlock.copyOf(headers));
        headers.set("A", "2");

        assertThat(block.values("A")).containsExactly("1");
    }

    private static HeaderBlock blockOf(String... namesAndValues) {
        return Objects.requireNonNull(HeaderBlock.copyOf(headers(namesAndValues)));
    }

    /** Without Netty's own validation: an embedding server may have switched it off. */
    private static HttpHeaders headers(String... namesAndValues) {
        DefaultHttpHeaders headers = (DefaultHttpHeaders)
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }
}
