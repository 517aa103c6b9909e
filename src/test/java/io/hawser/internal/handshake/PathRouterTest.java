package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.Endpoint;
import io.hawser.WebSocketHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathRouterTest {

    @Test
    void aLiteralPathLeadsToItsEndpoint() {
        PathRouter router = router("/", "/echo", "/a/b");

        assertThat(templateOf(router, "/")).isEqualTo("/");
        assertThat(templateOf(router, "/echo")).isEqualTo("/echo");
        assertThat(templateOf(router, "/a/b")).isEqualTo("/a/b");
        assertThat(templateOf(router, "/a")).isNull();
        assertThat(templateOf(router, "/a/b/c")).isNull();
        assertThat(templateOf(router, "/Echo")).isNull();
    }

    @Test
    void aTrailingSlashIsAnotherPath() {
        PathRouter router = router("/echo", "/chat/", "/chat/{room}");

        assertThat(templateOf(router, "/echo/")).isNull();
        assertThat(templateOf(router, "/chat")).isNull();
        assertThat(templateOf(router, "/chat/")).isEqualTo("/chat/");
        assertThat(templateOf(router, "/chat/x/")).isNull();
    }

    @Test
    void aParameterStandsForOneSegmentThatIsNotEmpty() {
        PathRouter router = router("/chat/{room}");

        assertThat(parametersOf(router, "/chat/lobby")).isEqualTo(Map.of("room", "lobby"));
        assertThat(templateOf(router, "/chat/")).isNull();
        assertThat(templateOf(router, "/chat/a/b")).isNull();
    }

    @Test
    void parametersAreDecodedAndAnEncodedSlashStaysInside() {
        PathRouter router = router("/chat/{room}/{user}");

        assertThat(parametersOf(router, "/chat/a%2Fb/caf%C3%A9")).isEqualTo(Map.of("room", "a/b", "user", "caf\u00e9"));
        assertThat(parametersOf(router, "/chat/a+b/%2e")).isEqualTo(Map.of("room", "a+b", "user", "."));
    }

    @Test
    void aLiteralBeatsAParameterFromTheLeft() {
        PathRouter router = router("/{a}/{b}", "/x/{b}", "/{a}/y", "/x/y");

        assertThat(templateOf(router, "/x/y")).isEqualTo("/x/y");
        assertThat(templateOf(router, "/x/z")).isEqualTo("/x/{b}");
        assertThat(templateOf(router, "/z/y")).isEqualTo("/{a}/y");
        assertThat(templateOf(router, "/z/z")).isEqualTo("/{a}/{b}");
    }

    @Test
    void aLiteralThatLeadsNowhereGivesWayToAParameter() {
        PathRouter router = router("/a/{x}/c", "/{y}/b/d");

        assertThat(parametersOf(router, "/a/b/d")).isEqualTo(Map.of("y", "a"));
        assertThat(parametersOf(router, "/a/b/c")).isEqualTo(Map.of("x", "b"));
        assertThat(templateOf(router, "/a/b/e")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "/caf%C3%A9, /caf%C3%A9",
        "/caf\u00e9, /caf%c3%a9",
        "/echo, /%65cho",
        "/%65cho, /echo",
        "/a%2Fb, /a%2fb",
        "/a%20b, /a%20b"
    })
    void literalsAreComparedDecoded(String template, String path) {
        assertThat(templateOf(router(template), path)).isEqualTo(template);
    }

    @Test
    void anEncodedSlashIsNoSeparator() {
        assertThat(templateOf(router("/a/b"), "/a%2Fb")).isNull();
        assertThat(templateOf(router("/a%2Fb"), "/a/b")).isNull();
    }

    @Test
    void aPathThatIsNotUtf8MatchesNothing() {
        assertThat(templateOf(router("/{any}"), "/%ff")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "echo",
                "{a}",
                "//",
                "//a",
                "/a//b",
                "/a//",
                "/{",
                "/}",
                "/{}",
                "/a{b}",
                "/{a}b",
                "/{a}{b}",
                "/{{a}}",
                "/{a b}",
                "/{a",
                "/a}",
                "/{a}/{a}",
                "/a?b",
                "/a#b",
                "/a b",
                "/a\tb",
                "/a\u007f",
                "/a%",
                "/a%zz",
                "/%ff"
            })
    void aMalformedTemplateIsRefused(String template) {
        assertThatIllegalArgumentException().isThrownBy(() -> router(template)).withMessageContaining("path template");
    }

    @ParameterizedTest
    @CsvSource({"/a, /a", "/{a}, /{b}", "/a/{x}/c, /a/{y}/c", "/a, /%61", "/, /"})
    void twoTemplatesThatMatchTheSamePathsAreRefused(String one, String other) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> router(one, other))
                .withMessageContaining(one)
                .withMessageContaining(other);
    }

    @Test
    @Timeout(10)
    void aLookupVisitsNoMoreThanTheTemplatesHave() {
        // Sixteen levels of choice between a literal and a parameter: 2^16 ways for who tries each one again.
        List<String> templates = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        StringBuilder parameter = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            literal.append("/a");
            parameter.append("/{p").append(i).append('}');
            templates.add(literal + "/end");
            templates.add(parameter + "/end");
        }
        PathRouter router = router(templates.toArray(String[]::new));
        String path = "/a".repeat(4_000);

        for (int i = 0; i < 10_000; i++) {
            assertThat(router.match(path)).isNull();
        }
    }

    @Test
    void noEndpointsMatchNothing() {
        assertThat(templateOf(router(), "/")).isNull();
    }

    private static PathRouter router(String... templates) {
        return new PathRouter(Stream.of(templates)
                .map(template -> Endpoint.of(template, new WebSocketHandler() {}))
                .toList());
    }

    private static @Nullable String templateOf(PathRouter router, String path) {
        PathRouter.Match match = router.match(path);
        return match == null ? null : match.endpoint().path();
    }

    private static @Nullable Map<String, String> parametersOf(PathRouter router, String path) {
        PathRouter.Match match = router.match(path);
        return match == null ? null : match.parameters();
    }
}
