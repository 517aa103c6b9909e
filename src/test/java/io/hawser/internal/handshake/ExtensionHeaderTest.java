package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.internal.deflate.ExtensionOffer;
import io.hawser.internal.deflate.ExtensionOffer.Parameter;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionHeaderTest {

    @Test
    void noHeaderOffersNothing() {
        assertThat(ExtensionHeader.parse(List.of())).isEmpty();
    }

    @Test
    void anExtensionIsATokenWithParameters() {
        assertThat(parse("permessage-deflate; client_max_window_bits; server_max_window_bits=10"))
                .containsExactly(new ExtensionOffer(
                        "permessage-deflate",
                        List.of(
                                new Parameter("client_max_window_bits", null),
                                new Parameter("server_max_window_bits", "10"))));
    }

    @Test
    void extensionsOfAllLinesComeInOrder() {
        assertThat(parse("a, b; x", "c"))
                .containsExactly(
                        new ExtensionOffer("a", List.of()),
                        new ExtensionOffer("b", List.of(new Parameter("x", null))),
                        new ExtensionOffer("c", List.of()));
    }

    @Test
    void parametersThatRepeatAreKept() {
        assertThat(parse("a; x=1; x=2; x"))
                .containsExactly(new ExtensionOffer(
                        "a", List.of(new Parameter("x", "1"), new Parameter("x", "2"), new Parameter("x", null))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a;x=\"10\"",
                "a ; x = \"10\" ",
                "\ta\t;\tx\t=\t\"10\"\t",
                "a;x=\"\\1\\0\"",
                ",a;x=10,",
                " , , a;x=10 , "
            })
    void quotesAndWhiteSpaceAndEmptyElementsDoNotMatter(String line) {
        assertThat(parse(line)).containsExactly(new ExtensionOffer("a", List.of(new Parameter("x", "10"))));
    }

    @Test
    void aQuotedValueEndsAtItsQuote() {
        assertThat(parse("a; x=\"1\", b")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                ",,",
                ";",
                "=",
                "\"a\"",
                "a;",
                "a; ",
                "a;;x",
                "a;x;",
                "a; =1",
                "a;x=",
                "a;x= ",
                "a;x=,b",
                "a;x=;y",
                "a;x==1",
                "a;x=1=2",
                "a;x=1 2",
                "a;x y",
                "a b",
                "a=1",
                "a;x=\"",
                "a;x=\"\"",
                "a;x=\"1",
                "a;x=\"1\\",
                "a;x=\"1\\\"",
                "a;x=\"1 2\"",
                "a;x=\"1,2\"",
                "a;x=\"1;2\"",
                "a;x=\"1=2\"",
                "a;x=\"1\"2",
                "a;x=\"\\\"\"",
                "a;x=1\"2\"",
                "a\u00e9",
                "a;x=\u00e9",
                "a;x=\"\u00e9\"",
                "a,b;",
                "(a)",
                "a\0"
            })
    void whatBreaksTheGrammarIsNoList(String line) {
        assertThat(ExtensionHeader.parse(List.of(line))).isNull();
    }

    @Test
    void oneBadLineSpoilsAll() {
        assertThat(ExtensionHeader.parse(List.of("a", "b;"))).isNull();
        assertThat(ExtensionHeader.parse(List.of("a;x=\"1", "2\""))).isNull();
    }

    @Test
    void anUnclosedQuotedStringIsReadOnce() {
        assertThatReadsAreLinear(n -> "a; b=\"" + "\\c".repeat(n));
    }

    @Test
    void endlessListsAreReadOnce() {
        assertThatReadsAreLinear(n -> "a; b".repeat(n) + ";");
        assertThatReadsAreLinear(n -> "a, ".repeat(n) + ";");
        assertThatReadsAreLinear(n -> "a" + ";b=\"c\"".repeat(n) + ";");
        assertThatReadsAreLinear(n -> "a" + " ".repeat(n) + "b");
    }

    /** THREATS S30 and R25 without a clock: no character is looked at more than a handful of times. */
    private static void assertThatReadsAreLinear(IntFunction<String> badHeader) {
        for (int n : new int[] {1_000, 16_000}) {
            CountingText line = new CountingText(badHeader.apply(n));

            assertThat(ExtensionHeader.parse(List.of(line)) == null).isTrue();
            assertThat(line.reads).isLessThan(8L * line.length());
        }
    }

    /** Counts the looks at its characters. */
    private static final class CountingText implements CharSequence {

        private final String text;
        private long reads;

        CountingText(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            reads++;
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            reads += end - start;
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static List<ExtensionOffer> parse(String... lines) {
        List<ExtensionOffer> offers = ExtensionHeader.parse(List.of(lines));
        assertThat(offers).isNotNull();
        return offers;
    }
}
