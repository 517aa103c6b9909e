package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "http://good.com, good.com",
        "https://good.com, good.com",
        "HTTPS://GOOD.COM, good.com",
        "https://good.com, GOOD.com",
        "https://good.com, good.com:443",
        "https://good.com:443, good.com",
        "http://good.com, good.com:80",
        "http://good.com, good.com:",
        "http://good.com:8080, good.com:8080",
        "http://127.0.0.1:8080, 127.0.0.1:8080",
        "http://[::1]:8080, [::1]:8080",
        "https://[2001:DB8::1], [2001:db8::1]"
    })
    void aPageOfTheSameHostAndPortMayConnect(String origin, String host) {
        assertThat(OriginPolicy.sameOrigin().allows(origin, requestTo(host))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.com, good.com",
        "https://good.com.evil.io, good.com",
        "https://evilgood.com, good.com",
        "https://sub.good.com, good.com",
        "https://good.com, sub.good.com",
        "https://good.com:444, good.com",
        "https://good.com, good.com:80",
        "http://good.com, good.com:443",
        "http://good.com, good.com:8080",
        "http://good.com:8080, good.com",
        "https://good.com., good.com",
        "null, good.com",
        "null, null",
        "file://, good.com",
        "chrome-extension://good.com, good.com",
        "capacitor://localhost, localhost",
        "ws://good.com, good.com",
        "http://[::1], [::2]"
    })
    void everyOtherPageMayNot(String origin, String host) {
        assertThat(OriginPolicy.sameOrigin().allows(origin, requestTo(host))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "good.com",
                "//good.com",
                "://good.com",
                "https:good.com",
                "https:/good.com",
                "https://",
                "https://good.com/",
                "https://good.com/path",
                "https://good.com?q",
                "https://good.com#f",
                "https://user@good.com",
                "https://good.com@evil.com",
                "https://good.com:",
                "https://good.com:x",
                "https://good.com:443x",
                "https://good.com:-443",
                "https://good.com:000443",
                "https://good.com:65536",
                "https://good.com:443:443",
                "https://good.com https://good.com",
                "https://good.com,https://good.com",
                " https://good.com",
                "https://good.com ",
                "https://good.com\u0000",
                "https://good%2ecom",
                "https://*.good.com",
                "https://g\u00f6\u00f6d.com",
                "htt\u017fs://good.com",
                "1https://good.com",
                "ht tps://good.com",
                "https://[good.com]",
                "https://[]",
                "https://[::1",
                "https://[::1]x"
            })
    void whatIsNoOriginIsRefusedByEveryList(String origin) {
        assertThat(OriginPolicy.sameOrigin().allows(origin, requestTo("good.com")))
                .isFalse();
        assertThat(OriginPolicy.allowOnly("https://good.com", "https://*.com").allows(origin, requestTo("good.com")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://good.com", "HTTPS://GOOD.COM", "https://good.com:443", "http://other.com:8080"})
    void anAllowedTupleMayConnectToAnyHost(String origin) {
        OriginPolicy policy = OriginPolicy.allowOnly("https://good.com", "http://Other.com:8080");

        assertThat(policy.allows(origin, requestTo("api.example"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://good.com",
                "https://good.com:444",
                "https://good.com:80",
                "https://good.com.evil.io",
                "https://evilgood.com",
                "https://a.good.com",
                "https://good.com.",
                "null",
                "file://"
            })
    void othersThanTheAllowedTuplesMayNot(String origin) {
        OriginPolicy policy = OriginPolicy.allowOnly("https://good.com");

        assertThat(policy.allows(origin, requestTo("good.com"))).isFalse();
    }

    @Test
    void aWildcardStandsForExactlyOneWholeLabel() {
        OriginPolicy policy = OriginPolicy.allowOnly("https://*.good.com");

        assertThat(policy.allows("https://a.good.com", requestTo("x"))).isTrue();
        assertThat(policy.allows("https://A.GOOD.com:443", requestTo("x"))).isTrue();
        for (String origin : List.of(
                "https://good.com",
                "https://.good.com",
                "https://a.b.good.com",
                "https://evilgood.com",
                "https://a.evilgood.com",
                "https://a.good.com.evil.io",
                "http://a.good.com",
                "https://a.good.com:444")) {
            assertThat(policy.allows(origin, requestTo("x"))).as(origin).isFalse();
        }
    }

    @Test
    void aSchemeOfAnAppMayBeAllowedByName() {
        OriginPolicy policy = OriginPolicy.allowOnly("capacitor://localhost", "chrome-extension://abcdef");

        assertThat(policy.allows("capacitor://localhost", requestTo("x"))).isTrue();
        assertThat(policy.allows("chrome-extension://abcdef", requestTo("x"))).isTrue();
        assertThat(policy.allows("capacitor://localhost:80", requestTo("x"))).isFalse();
        assertThat(policy.allows("http://localhost", requestTo("x"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "null",
                "good.com",
                "https://",
                "https://*",
                "https://*.",
                "https://*.*.com",
                "https://a.*.com",
                "https://*good.com",
                "https://*.192.0.2.1",
                "https://*.[::1]",
                "https://*.good.com.",
                "https://good.com/",
                "*://good.com",
                "*.good.com",
                "1ttp://good.com",
                "h_ttp://good.com",
                "h@ttp://good.com",
                "h/ttp://good.com",
                "h:ttp://good.com",
                "https://[good.com]",
                "https://[]",
                "https://[::g]",
                "https://[::1/]",
                "https://good.com:65536",
                "https://good.com:000443",
                "https://good.com:4/3",
                "https://good.com:4:3",
                "https://good/com",
                "https://good@com",
                "https://good[com",
                "https://good`com",
                "https://good{com"
            })
    void aListTakesOriginsAlone(String origin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OriginPolicy.allowOnly(origin))
                .withMessageContaining("not an origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a://b",
                "z+0-9.Z://b",
                "https://azAZ09-._~:0",
                "https://a:1",
                "https://a:65535",
                "https://[::1]",
                "https://[0123:4567:89ab:cdef:ABCD:EF::]:1",
                "https://[::ffff:192.0.2.1]"
            })
    void aListTakesEveryOrigin(String origin) {
        assertThat(OriginPolicy.allowOnly(origin).allows(origin, requestTo("x")))
                .isTrue();
        assertThat(OriginPolicy.allowOnly("https://good.com").allows(origin, requestTo("x")))
                .isFalse();
    }

    @Test
    void aListTakesNoNull() {
        assertThatNullPointerException().isThrownBy(() -> OriginPolicy.allowOnly((String) null));
    }

    @Test
    void anEmptyListAllowsNoPage() {
        assertThat(OriginPolicy.allowOnly().allows("https://good.com", requestTo("good.com")))
                .isFalse();
    }

    @Test
    void anyOriginAllowsEveryPage() {
        assertThat(OriginPolicy.anyOrigin().allows("null", requestTo("good.com")))
                .isTrue();
        assertThat(OriginPolicy.anyOrigin().allows("https://evil.com", requestTo("good.com")))
                .isTrue();
    }

    @Test
    void anOriginIsRequiredOnlyWhenAskedFor() {
        OriginPolicy strict = OriginPolicy.sameOrigin().requireOrigin();

        assertThat(OriginPolicy.sameOrigin().isOriginRequired()).isFalse();
        assertThat(strict.isOriginRequired()).isTrue();
        assertThat(strict.allows("http://good.com", requestTo("good.com"))).isTrue();
        assertThat(strict.allows("http://evil.com", requestTo("good.com"))).isFalse();
    }

    @Test
    void withoutAHostNoPageIsOnTheSameHost() {
        assertThat(OriginPolicy.sameOrigin().allows("http://good.com", requestTo(null)))
                .isFalse();
    }

    private static RequestHead requestTo(String host) {
        return new HostOnly(host);
    }

    /** A request of which only Host matters. */
    private record HostOnly(String host) implements RequestHead {

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String path() {
            return "/";
        }

        @Override
        public String rawQuery() {
            return "";
        }

        @Override
        public Map<String, List<String>> query() {
            return Map.of();
        }

        @Override
        public List<String> headers(String name) {
            return host != null && name.equalsIgnoreCase("Host") ? List.of(host) : List.of();
        }

        @Override
        public Optional<String> cookie(String name) {
            return Optional.empty();
        }

        @Override
        public SocketAddress remoteAddress() {
            return new InetSocketAddress(1);
        }

        @Override
        public SocketAddress connectionAddress() {
            return remoteAddress();
        }

        @Override
        public Optional<SSLSession> tls() {
            return Optional.empty();
        }
    }
}
