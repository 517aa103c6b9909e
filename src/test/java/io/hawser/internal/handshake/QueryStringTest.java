package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryStringTest {

    @Test
    void aQueryIsAListOfNamesAndValues() {
        Map<String, List<String>> query = QueryString.parse("b=1&a=2&b=3&c&d=&=e&f=g=h&&%C3%A9=%26+%3D&");

        assertThat(query.keySet()).containsExactly("b", "a", "c", "d", "", "f", "\u00e9");
        assertThat(query)
                .containsEntry("b", List.of("1", "3"))
                .containsEntry("a", List.of("2"))
                .containsEntry("c", List.of(""))
                .containsEntry("d", List.of(""))
                .containsEntry("", List.of("e"))
                .containsEntry("f", List.of("g=h"))
                .containsEntry("\u00e9", List.of("& ="));
    }

    @Test
    void anEmptyQueryHasNoParameters() {
        assertThat(QueryString.parse("")).isEmpty();
        assertThat(QueryString.parse("&&")).isEmpty();
    }

    @Test
    void theMapAndItsListsCannotBeChanged() {
        Map<String, List<String>> query = QueryString.parse("a=1");

        assertThatThrownBy(query::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> query.get("a").add("2")).isInstanceOf(UnsupportedOperationException.class);
    }
}
