package io.hawser.internal.server;

import io.hawser.internal.handshake.ClientAddresses;
import io.hawser.internal.handshake.IpAddress;
import io.hawser.internal.session.LimitName;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One connection's share of the {@link ConnectionLimits}, from accept until it closes or is a session's: a place among all, a place
 * among its client's, and a handshake of its client's for each request. Whose it is, is known at accept, or from a header of the PROXY
 * protocol, or anew from each request's headers. A refused connection has no place, so that those who are refused cannot keep out
 * others.
 *
 * <p><b>Threading:</b> for the connection's event loop.
 */
final class Admission implements ChannelFutureListener {

    /** Why a connection is not served. */
    enum Refusal {
        CONNECTIONS(503, "too many connections", LimitName.MAX_CONNECTIONS),
        CONNECTIONS_OF_CLIENT(429, "too many connections from this address", LimitName.MAX_CONNECTIONS_PER_ADDRESS),
        HANDSHAKES_OF_CLIENT(429, "too many requests from this address", LimitName.HANDSHAKE_RATE_PER_ADDRESS);

        final int status;
        final String reason;
        final LimitName limit;

        Refusal(int status, String reason, LimitName limit) {
            this.status = status;
            this.reason = reason;
            this.limit = limit;
        }
    }

    private final ConnectionLimits limits;
    private final ClientAddresses addresses;
    private final SocketAddress connection;
    private @Nullable SocketAddress client; // null where each request says it
    private @Nullable Refusal refusal;
    private long counted = IpAddress.NO_CLIENT;
    private boolean hasPlace;
    private boolean waitsForRefusal;
    private boolean isPaid; // the next request's handshake
    private boolean isClosed;

    Admission(ConnectionLimits limits, ClientAddresses addresses, SocketAddress connection) {
        this.limits = limits;
        this.addresses = addresses;
        this.connection = connection;
    }

    void arrived() {
        hasPlace = limits.takePlace();
        if (!hasPlace) {
            refuse(Refusal.CONNECTIONS);
        }
        if (!addresses.expectsProxyProtocol(connection) && !addresses.expectsHeaders(connection)) {
            identify(connection);
        }
    }

    boolean expectsProxyProtocol() {
        return addresses.expectsProxyProtocol(connection);
    }

    /** The other end of the connection. */
    SocketAddress connection() {
        return connection;
    }

    /** Whose connection it is, as far as is known by now. */
    SocketAddress client() {
        return client == null ? connection : client;
    }

    /** All that comes over this connection is one client's. */
    void identify(SocketAddress address) {
        client = address;
        take(address);
        isPaid = true;
    }

    /** A request came. Returns who sent it; {@link #refusal()} says whether it is to be served. */
    SocketAddress request(HttpHeaders headers) {
        SocketAddress sender = client == null ? addresses.of(headers, connection) : client;
        if (!isPaid) {
            take(sender);
        }
        isPaid = false;
        return sender;
    }

    private void take(SocketAddress sender) {
        long key = IpAddress.clientOf(sender);
        if (refusal != null || isClosed) {
            return;
        }
        if (key != counted) {
            leaveClient();
            if (key != IpAddress.NO_CLIENT && !limits.takePlaceOf(key)) {
                refuse(Refusal.CONNECTIONS_OF_CLIENT);
                return;
            }
            counted = key;
        }
        if (key != IpAddress.NO_CLIENT && !limits.takeHandshakeOf(key)) {
            refuse(Refusal.HANDSHAKES_OF_CLIENT);
        }
    }

    private void refuse(Refusal why) {
        refusal = why;
        limits.hit(why.limit);
        leavePlaces();
        waitsForRefusal = limits.takeRefusal();
    }

    /** Why it is not served; null if it is. */
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    /** Whether it is refused, and there is no room to let it read why. */
    boolean isToBeCut() {
        return refusal != null && !waitsForRefusal;
    }

    /** The connection is to be a session's: its places stay taken until it closes, and this object is of no more use. */
    void settle(Channel channel) {
        if (!isClosed) {
            channel.closeFuture().removeListener(this);
            channel.closeFuture().addListener(limits.placesOf(counted));
        }
    }

    /** The connection is gone. */
    @Override
    public void operationComplete(ChannelFuture closed) {
        limits.left();
        isClosed = true;
        leavePlaces();
        if (waitsForRefusal) {
            waitsForRefusal = false;
            limits.leaveRefusal();
        }
    }

    private void leavePlaces() {
        if (hasPlace) {
            hasPlace = false;
            limits.leavePlace();
        }
        leaveClient();
    }

    private void leaveClient() {
        if (counted != IpAddress.NO_CLIENT) {
            limits.leavePlaceOf(counted);
            counted = IpAddress.NO_CLIENT;
        }
    }
}
