package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookiesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a=1 | a | 1",
                "a=1; b=2 | b | 2",
                "a=1;b=2;c=3 | b | 2",
                " ;; b = x;a=1 | a | 1",
                "a= | a | ~~",
                "a=b=c | a | b=c",
                "a=\"1 2\" | a | 1 2",
                "a=\"\" | a | ~~",
                "a=\" | a | \"",
                "a=\"b | a | \"b",
                "a=b\" | a | b\"",
                "aa=2; a=1 | a | 1",
                "a=1; a=2 | a | 1"
            })
    void theFirstCookieOfANameIsFound(String header, String name, String value) {
        assertThat(Cookies.find(List.of(header), name)).contains(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", "b=1", "A=1", "aa=1", "a", "a;b=a=1", "b=a; c=a", "b=\"a=1\"", "=a", "a =1"})
    void otherNamesAndWhatIsNoPairAreNot(String header) {
        assertThat(Cookies.find(List.of(header), "a")).isEmpty();
    }

    @Test
    void aCookieMayStandOnALaterLine() {
        assertThat(Cookies.find(List.of("b=1", "c=2; a=3"), "a")).contains("3");
        assertThat(Cookies.find(List.of(), "a")).isEmpty();
    }

    @Test
    void aCookieHasAName() {
        assertThat(Cookies.find(List.of("=1"), "")).isEmpty();
    }
}
