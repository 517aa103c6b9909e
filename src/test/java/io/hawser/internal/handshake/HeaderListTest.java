package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderListTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"upgrade", "UPGRADE", "a, upgrade", "upgrade,a", " upgrade\t", ",,upgrade,,", "a,\tUpgrade , b"})
    void aTokenIsFoundAnywhereInTheListInAnyCase(String line) {
        assertThat(HeaderList.containsToken(List.of("x", line), "upgrade")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "upgrad",
                "upgraded",
                "xupgrade",
                "up grade",
                "upgrade x",
                "upgrade;q=1",
                "x upgrade",
                "\"upgrade\""
            })
    void aTokenIsComparedWhole(String line) {
        assertThat(HeaderList.containsToken(List.of(line), "upgrade")).isFalse();
    }

    @Test
    void noLinesHaveNoToken() {
        assertThat(HeaderList.containsToken(List.of(), "upgrade")).isFalse();
    }

    @Test
    void tokensOfAllLinesComeInOrder() {
        assertThat(HeaderList.uniqueTokens(List.of("b,a", " c ,\td"))).containsExactly("b", "a", "c", "d");
    }

    @Test
    void tokensThatDifferInCaseDiffer() {
        assertThat(HeaderList.uniqueTokens(List.of("a, A"))).containsExactly("a", "A");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", "a,", ",a", "a,,b", "a b", "a\u00e9", "a;b", "a,a", "a, b, a"})
    void anEmptyElementANonTokenOrADuplicateSpoilsTheList(String line) {
        assertThat(HeaderList.uniqueTokens(List.of(line))).isNull();
    }

    @Test
    void aDuplicateOnAnotherLineSpoilsTheList() {
        assertThat(HeaderList.uniqueTokens(List.of("a", "b", "a"))).isNull();
    }

    @Test
    void whiteSpaceDoesNotSeparateTokens() {
        String line = "b" + " ".repeat(7_000) + "x";

        assertThat(HeaderList.uniqueTokens(List.of(line))).isNull();
    }
}
