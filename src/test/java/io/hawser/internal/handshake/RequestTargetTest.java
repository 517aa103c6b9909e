package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    @ParameterizedTest
    @CsvSource({
        "/, /, ''",
        "/a/b, /a/b, ''",
        "/a?, /a, ''",
        "/a?b=c, /a, b=c",
        "/a?b?c, /a, b?c",
        "//a, //a, ''",
        "/a%2Fb?%20, /a%2Fb, %20",
        "/[|]^`{}'\"<>\\~, /[|]^`{}'\"<>\\~, ''",
        "http://h, /, ''",
        "http://h/, /, ''",
        "http://h?q, /, q",
        "http://h/a?q, /a, q",
        "hTTps://[::1]:8443/a, /a, ''"
    })
    void pathAndQueryAreRead(String target, String path, String query) {
        RequestTarget parsed = parse(target);

        assertThat(parsed.path()).isEqualTo(path);
        assertThat(parsed.query()).isEqualTo(query);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "*", "a", "?", "h:80", "http:/h/", "http:h", "http://", "http:///", "http://?q", "http://a b/",
                        "http://u@h/",
                "http://h:x/", "ws://h/", "httpss://h/", "/a b", "/a\tb", "/a\u007f", "/\u00e9", "/#", "/a?b#c", "/%",
                        "/%f", "/%fg",
                "/%ff", "/a?%", "/a\0"
            })
    void otherFormsAndCharactersAreRefused(String target) {
        assertThat(RequestTarget.parse(target)).isNull();
    }

    @Test
    void aQueryNeedNotBeUtf8() {
        assertThat(parse("/a?%ff").query()).isEqualTo("%ff");
    }

    @ParameterizedTest
    @CsvSource({
        "/a, any, true",
        "http://h/, h, true",
        "http://h/, H:80, true",
        "http://h/, h:8080, false",
        "https://h/, h:443, true",
        "https://h/, h:80, false",
        "http://h/, other, false"
    })
    void anAbsoluteFormAgreesWithTheHostItNames(String target, String host, boolean agrees) {
        assertThat(parse(target).agreesWith(Objects.requireNonNull(HostHeader.parse(host))))
                .isEqualTo(agrees);
    }

    private static RequestTarget parse(String target) {
        return Objects.requireNonNull(RequestTarget.parse(target));
    }
}
