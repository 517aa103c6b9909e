package io.hawser.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv6AddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::",
                "::1",
                "1::",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8",
                "1::8",
                "1:2::7:8",
                "2001:db8::A",
                "ABCD:EF01:2345:6789:abcd:ef01:2345:6789",
                "::ffff:192.0.2.1",
                "::192.0.2.1",
                "1:2:3:4:5:6:192.0.2.1",
                "64:ff9b::0.0.0.0"
            })
    void addressesAreRecognised(String address) {
        assertThat(isValid(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1",
                "1:",
                ":1",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8:",
                ":1:2:3:4:5:6:7:8",
                "1:2:3:4::5:6:7:8",
                "::1::",
                "1::2::3",
                "1:::2",
                "12345::",
                "g::",
                "::1.2.3",
                "::1.2.3.4.5",
                "::1.2.3.256",
                "::01.2.3.4",
                "::1.2.3.",
                "::.1.2.3",
                "::1..2.3",
                "::1.2.3.a",
                "::1.2.3.4:5",
                "1.2.3.4",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::a.2.3.4",
                "1::2 ",
                "%::",
                "::1%0",
                "::\u0661"
            })
    void othersAreNot(String text) {
        assertThat(isValid(text)).isFalse();
    }

    @Test
    void nettyComesToTheSameConclusion() {
        Random random = new Random(3986);
        String alphabet = "::::::01f.";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(20); n >= 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String address = text.toString();
            // Netty takes an IPv4 address at the end with fewer groups before it, and octets with leading zeros: no
            // dots here.
            if (address.indexOf('.') < 0) {
                assertThat(isValid(address)).as(address).isEqualTo(NetUtil.isValidIpV6Address(address));
            }
        }
    }

    private static boolean isValid(String text) {
        return Ipv6Address.isValid("[" + text + "]", 1, text.length() + 1);
    }
}
