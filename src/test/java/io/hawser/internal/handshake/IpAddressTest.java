package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    private static InetAddress parse(String text) {
        return IpAddress.parse("x" + text + "y", 1, text.length() + 1);
    }

    private static long client(String text) throws Exception {
        return IpAddress.clientOf(new InetSocketAddress(InetAddress.getByName(text), 4711));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "192.0.2.1",
                "255.255.255.255",
                "::",
                "::1",
                "1::",
                "2001:db8::a",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8",
                "1::8",
                "64:ff9b::192.0.2.33",
                "1:2:3:4:5:6:192.0.2.1",
                "::192.0.2.1",
                "FE80::ABCD"
            })
    void textBecomesTheBytesThatTheJdkFinds(String text) throws Exception {
        assertThat(parse(text)).isEqualTo(InetAddress.getByName(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "0x1.2.3.4",
                "1.2.3.1000",
                "1.2.3.99999999999",
                "+1.2.3.4",
                "\u0661.2.3.4",
                "localhost",
                "fe80::1%eth0",
                "[::1]",
                ":",
                ":::"
            })
    void nothingElseIsAnAddressAndNothingIsLookedUp(String text) {
        assertThat(parse(text)).isNull();
    }

    @Test
    void randomAddressesAreReadAsTheyWereWritten() {
        Random random = new Random(4291);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            for (int b = 0; b < bytes.length; b++) {
                bytes[b] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0);
            }
            String text = NetUtil.bytesToIpAddress(bytes);
            InetAddress read = parse(text);
            assertThat(read).as(text).isNotNull();
            assertThat(NetUtil.bytesToIpAddress(read.getAddress())).isEqualTo(text);
        }
    }

    @Test
    void anIpv4AddressInsideIpv6IsAnIpv4Address() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = -1;
        System.arraycopy(new byte[] {(byte) 192, 0, 2, 1}, 0, mapped, 12, 4);
        InetAddress sixteenBytes = Inet6Address.getByAddress("", mapped, 0);
        assertThat(sixteenBytes.getAddress()).hasSize(16);
        assertThat(IpAddress.clientOf(new InetSocketAddress(sixteenBytes, 1))).isEqualTo(client("192.0.2.1"));
        assertThat(client("::ffff:192.0.2.1")).isEqualTo(client("192.0.2.1"));
        assertThat(client("::192.0.2.1")).isNotEqualTo(client("192.0.2.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "127.0.0.1, 127.0.1.1, false",
        "2001:db8:1:2::1, 2001:db8:1:2:ffff:ffff:ffff:ffff, true",
        "2001:db8:1:2::1, 2001:db8:1:3::1, false",
        "fe80::1, fe80::2, true",
        "::1, ::2, true",
        "0:ffff:c000:201::1, 192.0.2.2, false",
    })
    void aClientIsAnIpv4AddressOrSixtyFourBitsOfIpv6(String one, String other, boolean same) throws Exception {
        assertThat(client(one) == client(other)).isEqualTo(same);
    }

    @Test
    void portsAndScopesAreNoPartOfAClient() throws Exception {
        byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();
        SocketAddress one = new InetSocketAddress(Inet6Address.getByAddress("", linkLocal, 1), 1);
        SocketAddress other = new InetSocketAddress(Inet6Address.getByAddress("", linkLocal, 2), 2);
        assertThat(IpAddress.clientOf(one)).isEqualTo(IpAddress.clientOf(other));
    }

    @Test
    void whoHasNoAddressIsNoClient() {
        assertThat(IpAddress.clientOf(new SocketAddress() {})).isEqualTo(IpAddress.NO_CLIENT);
        assertThat(IpAddress.clientOf(InetSocketAddress.createUnresolved("localhost", 1)))
                .isEqualTo(IpAddress.NO_CLIENT);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "192.0.2.0/25, 192.0.2.127, true",
        "192.0.2.0/25, 192.0.2.128, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.3, false",
        "192.0.2.1/32, 192.0.2.0, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ::1, true",
        "::/0, 203.0.113.9, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "2001:db8::/33, 2001:db8:7fff::, true",
        "2001:db8::/33, 2001:db8:8000::, false",
        "::1, ::1, true",
        "::1, ::2, false",
        "::ffff:10.0.0.0/104, 10.1.1.1, true",
        "::ffff:10.0.0.0/104, 11.1.1.1, false",
        "10.0.0.0/8, ::ffff:10.1.1.1, true",
    })
    void aNetworkIsItsFirstBits(String network, String address, boolean contained) throws Exception {
        assertThat(IpNetwork.parse(network).contains(InetAddress.getByName(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/8x",
                "10.0.0.0/0008",
                "10.0.0.0/8/8",
                "10.0.0/8",
                "localhost",
                "localhost/8",
                "[::1]/64",
                "::ffff:10.0.0.0/95",
                "fe80::1%eth0/64"
            })
    void othersAreNoNetworks(String text) {
        assertThatThrownBy(() -> IpNetwork.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
