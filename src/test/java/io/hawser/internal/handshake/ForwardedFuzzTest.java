package io.hawser.internal.handshake;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hawser.TrustedProxies;
import io.hawser.TrustedProxies.Source;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/** Whatever a client puts into a header, it cannot change what its proxy writes behind it, on the same line or on one of its own. */
class ForwardedFuzzTest {

    private static final InetSocketAddress PROXY = new InetSocketAddress("10.0.0.1", 5000);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 0);

    @FuzzTest(maxExecutions = 1_000_000)
    void forwarded(byte[] bytes) {
        check(Source.FORWARDED, "Forwarded", bytes, "for=192.0.2.1", "for=\"[fd00::1]:80\";by=\"a\\\", \"");
    }

    @FuzzTest(maxExecutions = 1_000_000)
    void forwardedFor(byte[] bytes) {
        check(Source.X_FORWARDED_FOR, "X-Forwarded-For", bytes, "192.0.2.1", "10.1.1.1");
    }

    private static void check(Source source, String header, byte[] bytes, String client, String proxy) {
        ClientAddresses addresses = new ClientAddresses(TrustedProxies.of(source, "10.0.0.0/8", "fd00::/8"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        require(addresses, header, text + ", " + client);
        require(addresses, header, text + "," + client + ", " + proxy);
        require(addresses, header, text, client);
        require(addresses, header, text + "," + client, proxy);
        SocketAddress alone = of(addresses, header, text); // no text makes the parser throw
        if (!(alone instanceof InetSocketAddress inet) || inet.isUnresolved()) {
            throw new AssertionError("an address: " + alone);
        }
    }

    private static void require(ClientAddresses addresses, String header, String... lines) {
        SocketAddress found = of(addresses, header, lines);
        if (!found.equals(CLIENT)) {
            throw new AssertionError(found + " instead of " + CLIENT);
        }
    }

    private static SocketAddress of(ClientAddresses addresses, String header, String... lines) {
        DefaultHttpHeaders headers = new DefaultHttpHeaders(false);
        for (String line : lines) {
            headers.add(header, line);
        }
        return addresses.of(headers, PROXY);
    }
}
