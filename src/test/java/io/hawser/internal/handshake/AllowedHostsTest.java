package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, true",
        "example.com, EXAMPLE.Com, true",
        "Example.COM, example.com, true",
        "example.com, example.com:8443, true",
        "example.com, example.com., true",
        "example.com., example.com:80, true",
        "example.com, www.example.com, false",
        "example.com, example.com.evil.io, false",
        "example.com, evilexample.com, false",
        "example.com, example.co, false",
        "example.com, example.com.., false",
        "example.com:8443, example.com:8443, true",
        "example.com:8443, example.com., false",
        "example.com:8443, example.com, false",
        "example.com:8443, example.com:443, false",
        "example.com:443, example.com, true",
        "example.com:80, example.com, true",
        "example.com:80, example.com:443, false",
        "127.0.0.1, 127.0.0.1:9000, true",
        "127.0.0.1, 127.0.0.2, false",
        "[::1], [::1]:8080, true",
        "[::1]:8080, [0:0:0:0:0:0:0:1]:8080, true",
        "[2001:DB8::A], [2001:db8:0::a], true",
        "[::1], [::2], false",
        "[::1]:8080, [::1]:8081, false",
        "[::ffff:127.0.0.1], 127.0.0.1, false",
    })
    void aHostIsAllowedByNameAndPerhapsPort(String allowed, String host, boolean answered) {
        AllowedHosts hosts = new AllowedHosts(List.of("other.example", allowed));
        assertThat(hosts.allow(HostHeader.parse(host))).isEqualTo(answered);
    }

    @Test
    void noneMeansAll() {
        assertThat(AllowedHosts.ALL.allow(HostHeader.parse("anything.example"))).isTrue();
        assertThat(AllowedHosts.ALL.allow(null)).isTrue();
    }

    @Test
    void aRequestThatNamesNoHostIsForNoneOfThem() {
        AllowedHosts hosts = new AllowedHosts(List.of("example.com"));
        assertThat(hosts.allow(null)).isFalse();
        assertThat(hosts.allow(HostHeader.parse(""))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "a b",
                "http://example.com",
                "example.com/",
                "*.example.com",
                "example.com:99999",
                "::1",
                "[::1"
            })
    void whatIsNoHostIsAnErrorOfTheProgram(String host) {
        assertThatThrownBy(() -> new AllowedHosts(List.of(host)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(host);
    }
}
