package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.TrustedProxies;
import io.hawser.TrustedProxies.Source;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose word about an address is taken: proxies are 10.0.0.0/8 and fd00::/8, and the connection is 10.0.0.1's. */
class ClientAddressesTest {

    private static final InetSocketAddress PROXY = new InetSocketAddress("10.0.0.1", 5000);
    private static final InetSocketAddress STRANGER = new InetSocketAddress("203.0.113.9", 6000);

    private static ClientAddresses addresses(Source source) {
        return new ClientAddresses(TrustedProxies.of(source, "10.0.0.0/8", "fd00::/8"));
    }

    /** Lines are separated by a vertical bar. */
    private static String client(Source source, String header, String lines) {
        HttpHeaders headers = new DefaultHttpHeaders(false); // white space and all
        for (String line : lines.split("\\|", -1)) {
            headers.add(header, line);
        }
        InetSocketAddress client = (InetSocketAddress) addresses(source).of(headers, PROXY);
        return client.equals(PROXY) ? "proxy" : client.getAddress().getHostAddress() + " " + client.getPort();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "192.0.2.1; 192.0.2.1 0",
                "' 192.0.2.1\t'; 192.0.2.1 0",
                "192.0.2.1:4711; 192.0.2.1 4711",
                "2001:db8::1; 2001:db8:0:0:0:0:0:1 0",
                "[2001:db8::1]; 2001:db8:0:0:0:0:0:1 0",
                "[2001:db8::1]:443; 2001:db8:0:0:0:0:0:1 443",
                "::ffff:192.0.2.1; 192.0.2.1 0",
                // the right-most that is no proxy's
                "198.51.100.1, 192.0.2.1; 192.0.2.1 0",
                "198.51.100.1, 192.0.2.1, 10.1.1.1; 192.0.2.1 0",
                "198.51.100.1,192.0.2.1,10.1.1.1,fd00::7; 192.0.2.1 0",
                "198.51.100.1|192.0.2.1; 192.0.2.1 0",
                "198.51.100.1, 192.0.2.1|10.1.1.1; 192.0.2.1 0",
                "192.0.2.1, ::ffff:10.9.9.9; 192.0.2.1 0",
                // no stranger at all: the farthest that is known
                "10.2.2.2, 10.1.1.1; 10.2.2.2 0",
                // what cannot be read ends the way
                "unknown; proxy",
                "''; proxy",
                "192.0.2.1,; proxy",
                "192.0.2.1, ; proxy",
                ",; proxy",
                "192.0.2.1|; proxy",
                "192.0.2.1, unknown, 10.1.1.1; 10.1.1.1 0",
                "192.0.2.1, 10.1.1.256; proxy",
                "192.0.2.1 10.1.1.1; proxy",
                "192.0.2.1:; proxy",
                "192.0.2.1:65536; proxy",
                "192.0.2.1:123456; proxy",
                "192.0.2.1:-1; proxy",
                "192.0.2.1:_a; proxy",
                "[192.0.2.1]; proxy",
                "[2001:db8::1; proxy",
                "[2001:db8::1]443; proxy",
                "2001:db8::1%eth0; proxy",
                "localhost; proxy",
            })
    void xForwardedForIsReadFromItsEnd(String lines, String client) {
        assertThat(client(Source.X_FORWARDED_FOR, "x-forwarded-for", lines)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "192.0.2.1; 192.0.2.1 0",
                "2001:db8::1; 2001:db8:0:0:0:0:0:1 0",
                "10.1.1.1; 10.1.1.1 0",
                "192.0.2.1, 192.0.2.2; proxy",
                "192.0.2.1|192.0.2.2; proxy",
                "unknown; proxy",
                "''; proxy",
            })
    void xRealIpIsOneAddress(String lines, String client) {
        assertThat(client(Source.X_REAL_IP, "X-Real-IP", lines)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "for=192.0.2.1 ~ 192.0.2.1 0",
                "For=192.0.2.1;proto=http;by=203.0.113.43 ~ 192.0.2.1 0",
                "proto=http;FOR=192.0.2.1 ~ 192.0.2.1 0",
                "for=192.0.2.43, for=198.51.100.17 ~ 198.51.100.17 0",
                "for=192.0.2.43,for=\"[fd00::1]\" ~ 192.0.2.43 0",
                "for=192.0.2.43|for=10.1.1.1 ~ 192.0.2.43 0",
                "for=\"192.0.2.1\" ~ 192.0.2.1 0",
                "for=\"192.0.2.1:4711\" ~ 192.0.2.1 4711",
                "for=\"192.0.2.1:_port-1.x\" ~ 192.0.2.1 0",
                "for=\"[2001:db8:cafe::17]:4711\" ~ 2001:db8:cafe:0:0:0:0:17 4711",
                "for=\"[2001:db8:cafe::17]\" ~ 2001:db8:cafe:0:0:0:0:17 0",
                "for=\"192\\.0.2.1\" ~ 192.0.2.1 0",
                "; for=192.0.2.1 ;; proto=https; ~ 192.0.2.1 0",
                "proto=\"a,b;for=1.1.1.1\";for=192.0.2.1 ~ 192.0.2.1 0",
                "for=192.0.2.1;proto=\"a, \\\"b\" ~ 192.0.2.1 0",
                "for=192.0.2.1;proto=\"a\\\\\" ~ 192.0.2.1 0",
                // a client's rubbish does not hide what the proxy wrote behind it
                "for=\"x, for=192.0.2.1 ~ 192.0.2.1 0",
                "for=\"x\\, for=192.0.2.1 ~ 192.0.2.1 0",
                "\", for=\"[2001:db8::1]\" ~ 2001:db8:0:0:0:0:0:1 0",
                // nor is it believed
                "for=198.51.100.1, for=unknown ~ proxy",
                "for=198.51.100.1, for=_hidden, for=10.1.1.1 ~ 10.1.1.1 0",
                "for=198.51.100.1, proto=https ~ proxy",
                "for=198.51.100.1,  ~ proxy",
                "`` ~ proxy",
                "for=198.51.100.1;for=192.0.2.1 ~ proxy",
                "for= ~ proxy",
                "for ~ proxy",
                "=192.0.2.1 ~ proxy",
                "for=192.0.2.1 x ~ proxy",
                "for=192.0.2.1:4711 ~ proxy",
                "for=[2001:db8::1] ~ proxy",
                "for=2001:db8::1 ~ proxy",
                "for=\"2001:db8::1\" ~ proxy",
                "for=\"192.0.2.1:_\" ~ proxy",
                "for=\"192.0.2.1:_a b\" ~ proxy",
                "for=\"192.0.2.1 ~ proxy",
                "for=192.0.2.1\" ~ proxy",
                "for=\"192.0.2.1\\\" ~ proxy",
                "for=\"192.0.2.1\"x ~ proxy",
            })
    void forwardedIsReadFromItsEnd(String lines, String client) {
        assertThat(client(Source.FORWARDED, "Forwarded", lines)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource({"X_FORWARDED_FOR, X-Forwarded-For", "X_REAL_IP, X-Real-IP", "FORWARDED, Forwarded"})
    void aStrangersHeaderSaysNothing(Source source, String header) {
        HttpHeaders headers = new DefaultHttpHeaders().add(header, "192.0.2.1").add(header, "for=192.0.2.1");
        assertThat(addresses(source).of(headers, STRANGER)).isSameAs(STRANGER);
        assertThat(addresses(source).expectsHeaders(STRANGER)).isFalse();
        assertThat(new ClientAddresses(null).of(headers, PROXY)).isSameAs(PROXY);
    }

    @Test
    void onlyTheHeaderThatWasNamedIsRead() {
        HttpHeaders headers =
                new DefaultHttpHeaders().add("X-Real-IP", "192.0.2.1").add("Forwarded", "for=192.0.2.1");
        assertThat(addresses(Source.X_FORWARDED_FOR).of(headers, PROXY)).isSameAs(PROXY);
        assertThat(addresses(Source.PROXY_PROTOCOL).of(headers, PROXY)).isSameAs(PROXY);
    }

    @Test
    void domainSocketsAreTrustedByTheirName() {
        SocketAddress unix = new SocketAddress() {};
        ClientAddresses trusting = new ClientAddresses(TrustedProxies.of(Source.PROXY_PROTOCOL, "unix"));
        assertThat(trusting.expectsProxyProtocol(unix)).isTrue();
        assertThat(trusting.expectsProxyProtocol(PROXY)).isFalse();
        assertThat(addresses(Source.PROXY_PROTOCOL).expectsProxyProtocol(unix)).isFalse();
        assertThat(addresses(Source.PROXY_PROTOCOL).expectsProxyProtocol(PROXY)).isTrue();
        assertThat(addresses(Source.PROXY_PROTOCOL).expectsHeaders(PROXY)).isFalse();
        HttpHeaders headers = new DefaultHttpHeaders().add("X-Real-IP", "192.0.2.1");
        assertThat(new ClientAddresses(TrustedProxies.of(Source.X_REAL_IP, "unix")).of(headers, unix))
                .isEqualTo(new InetSocketAddress("192.0.2.1", 0));
    }

    @Test
    void aMalformedNetworkIsAnErrorOfTheProgram() {
        assertThatThrownBy(() -> new ClientAddresses(TrustedProxies.of(Source.X_REAL_IP, "10.0.0.0/8", "Unix")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Unix");
    }
}
