package io.hawser.internal.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** IP addresses: from text, without ever looking up a name, and as the number that a client is known by. */
public final class IpAddress {

    /** What {@link #clientOf} says of a peer without an IP address, such as one of a domain socket. */
    public static final long NO_CLIENT = -1; // otherwise a multicast address, which nobody comes from

    private static final int IPV4_BYTES = 4;
    private static final int CLIENT_BYTES = 8;
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private IpAddress() {}

    /** The address that {@code text} from {@code start} to {@code end} is; null if it is none. */
    static @Nullable InetAddress parse(String text, int start, int end) {
        if (Ipv4Address.isValid(text, start, end)) {
            return of(Ipv4Address.bytesOf(text, start));
        }
        return Ipv6Address.isValid(text, start, end) ? of(Ipv6Address.bytesOf(text, start, end)) : null;
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes", e);
        }
    }

    /** An address in four bytes, or in sixteen; an IPv4 address within IPv6 (RFC 4291 §2.5.5.2) is an IPv4 address. */
    static byte[] bytesOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean isMapped =
                bytes.length > IPV4_BYTES && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        return isMapped ? Arrays.copyOfRange(bytes, MAPPED.length, bytes.length) : bytes;
    }

    /**
     * What connections of one client have in common: an IPv4 address, or the first 64 bits of one of IPv6, for whoever has one address
     * of those has them all (RFC 4291 §2.5.1). Scopes are ignored.
     *
     * @return {@link #NO_CLIENT} if the peer has no IP address
     */
    public static long clientOf(SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return NO_CLIENT;
        }
        InetAddress address = inet.getAddress();
        byte[] bytes = bytesOf(address);
        // IPv4 among the addresses of ::/8, which are reserved (RFC 4291 §2.4) but for a few that are no network of 64
        // bits.
        long client = bytes.length == IPV4_BYTES ? 0xFFFFL : 0;
        for (int i = 0; i < Math.min(bytes.length, CLIENT_BYTES); i++) {
            client = client << 8 | bytes[i] & 0xFF;
        }
        return client;
    }
}
