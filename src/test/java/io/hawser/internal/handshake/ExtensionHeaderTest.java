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
    void anUnclosedQuotedStringCostsTimeInProportionToItsLength() {
        assertThatTimeIsLinear(n -> "a; b=\"" + "\\c".repeat(n));
    }

    @Test
    void endlessListsCostTimeInProportionToTheirLength() {
        assertThatTimeIsLinear(n -> "a; b".repeat(n) + ";");
        assertThatTimeIsLinear(n -> "a, ".repeat(n) + ";");
        assertThatTimeIsLinear(n -> "a" + ";b=\"c\"".repeat(n) + ";");
        assertThatTimeIsLinear(n -> "a" + " ".repeat(n) + "b");
    }

    /** THREATS S30 and R25: twice the input at most 2.5 times the time, by the best of many runs. */
    private static void assertThatTimeIsLinear(IntFunction<String> badHeader) {
        String once = badHeader.apply(40_000);
        String twice = badHeader.apply(80_000);
        long onceNanos = Long.MAX_VALUE;
        long twiceNanos = Long.MAX_VALUE;
        for (int round = 0; round < 60; round++) {
            onceNanos = Math.min(onceNanos, nanosToRefuse(once));
            twiceNanos = Math.min(twiceNanos, nanosToRefuse(twice));
        }
        // A floor of 100 us keeps what the clock cannot tell apart out of the ratio.
        assertThat((double) twiceNanos / Math.max(onceNanos, 100_000)).isLessThan(2.5);
    }

    private static long nanosToRefuse(String line) {
        long start = System.nanoTime();
        boolean refused = ExtensionHeader.parse(List.of(line)) == null;
        long nanos = System.nanoTime() - start;
        assertThat(refused).isTrue();
        return nanos;
    }

    private static List<ExtensionOffer> parse(String... lines) {
        List<ExtensionOffer> offers = ExtensionHeader.parse(List.of(lines));
        assertThat(offers).isNotNull();
        return offers;
    }
}
