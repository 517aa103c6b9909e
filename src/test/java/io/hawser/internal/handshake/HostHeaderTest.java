package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostHeaderTest {

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, -1",
        "EXAMPLE.com, example.com, -1",
        "example.com:, example.com, -1",
        "example.com:0, example.com, 0",
        "example.com:80, example.com, 80",
        "example.com:00080, example.com, 80",
        "example.com:65535, example.com, 65535",
        "192.0.2.1:8080, 192.0.2.1, 8080",
        "[::1], [::1], -1",
        "[::1]:, [::1], -1",
        "[2001:DB8::A]:443, [2001:db8::a], 443",
        "my_host-1.local., my_host-1.local., -1",
        "azAZ09-._~:9, azaz09-._~, 9"
    })
    void aHostAndItsPortAreRead(String value, String host, int port) {
        assertThat(HostHeader.parse(value)).isEqualTo(new HostHeader(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                " ",
                "a b",
                "a,b",
                "a;b",
                "evil.com@h",
                "user:pw@h",
                "h:65536",
                "h:99999",
                "h:100000",
                "h:000080",
                "h:-1",
                "h:+1",
                "h:8 ",
                "h:8a",
                "h:a",
                "h:80:80",
                "h/",
                "h?",
                "h#",
                "h\\x",
                "h%41",
                "h`",
                "h{",
                "h@",
                "h[",
                "h!",
                "h:/",
                "h:;",
                "h\u00e9",
                "h:\u0661",
                "\"h\"",
                "[",
                "]",
                "[]",
                "[]:80",
                "[::1",
                "::1",
                "[::1]80",
                "[::1]x",
                "[::1]:x",
                "[::1%25eth0]",
                "[v1.x]",
                "[1.2.3.4]",
                "[[::1]]",
                "a[::1]"
            })
    void whatIsNoHostIsRefused(String value) {
        assertThat(HostHeader.parse(value)).isNull();
    }

    @Test
    void hostsAreComparedWithTheSchemesPortInPlaceOfNone() {
        assertThat(parse("a").isSameAs(parse("A:80"), 80)).isTrue();
        assertThat(parse("a:80").isSameAs(parse("a"), 443)).isFalse();
        assertThat(parse("a").isSameAs(parse("b"), 80)).isFalse();
        assertThat(parse("a:1").isSameAs(parse("a:1"), 80)).isTrue();
    }

    private static HostHeader parse(String value) {
        return Objects.requireNonNull(HostHeader.parse(value));
    }
}
