package io.hawser.internal.server;

import io.hawser.ServerLimits;
import io.hawser.internal.handshake.ClientAddresses;
import io.hawser.internal.handshake.IpAddress;
import io.hawser.internal.session.LimitName;
import io.hawser.internal.session.SessionRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a server's own port, counted in all and by client, and what {@link ServerLimits} says of their number and of how
 * fast they come. What a connection takes of them it has in its {@link Admission}, and a session in {@link #placesOf}.
 *
 * <p><b>Threading:</b> any thread.
 */
final class ConnectionLimits {

    /** So many that are refused wait for their answer at once; the others are cut, for each holds a file descriptor. */
    static final int MAX_REFUSALS = 256;

    private final ServerLimits limits;
    private final SessionRegistry registry;
    private final ClientAddresses addresses;
    private final AtomicInteger places = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final ConcurrentMap<Long, Integer> connectionsOf = new ConcurrentHashMap<>();
    private final @Nullable ClientRates rates;
    /** One for all sessions, where clients are not told apart. */
    private final ChannelFutureListener placeOfAnyone = closed -> leaveAll();

    ConnectionLimits(ServerLimits limits, ClientAddresses addresses, SessionRegistry registry) {
        this.limits = limits;
        this.registry = registry;
        this.addresses = addresses;
        this.rates = limits.handshakeRatePerAddress().isUnlimited()
                ? null
                : new ClientRates(limits.handshakeRatePerAddress(), System.nanoTime());
    }

    /** A connection was accepted; what it takes it gives back when it closes, however that comes. */
    Admission arrive(Channel channel) {
        registry.connections(1);
        Admission admission = new Admission(this, addresses, channel.remoteAddress());
        channel.closeFuture().addListener(admission);
        admission.arrived();
        return admission;
    }

    boolean takePlace() {
        return takeOne(places, limits.maxConnections());
    }

    void leavePlace() {
        places.decrementAndGet();
    }

    /** Whether a refused connection may wait for its answer. */
    boolean takeRefusal() {
        return takeOne(refusals, MAX_REFUSALS);
    }

    void leaveRefusal() {
        refusals.decrementAndGet();
    }

    /** Takes one of {@code most}, where 0 is any number. */
    private static boolean takeOne(AtomicInteger taken, int most) {
        int before = taken.getAndUpdate(count -> most == 0 || count < most ? count + 1 : count);
        return most == 0 || before < most;
    }

    /** Counts one more connection of a client, unless that is one too many. */
    boolean takePlaceOf(long client) {
        int most = limits.maxConnectionsPerAddress();
        if (most == 0) {
            return true;
        }
        boolean[] taken = {false};
        connectionsOf.compute(client, (key, before) -> {
            int count = before == null ? 0 : before;
            taken[0] = count < most;
            return taken[0] ? count + 1 : count;
        });
        return taken[0];
    }

    void leavePlaceOf(long client) {
        connectionsOf.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }

    boolean takeHandshakeOf(long client) {
        return rates == null || rates.take(client, System.nanoTime());
    }

    /**
     * Gives back what a connection that was admitted has taken, when it closes.
     *
     * @param client whose it is; {@link IpAddress#NO_CLIENT} if that is not counted
     */
    ChannelFutureListener placesOf(long client) {
        if (client == IpAddress.NO_CLIENT || limits.maxConnectionsPerAddress() == 0) {
            return placeOfAnyone;
        }
        return closed -> {
            leaveAll();
            leavePlaceOf(client);
        };
    }

    private void leaveAll() {
        left();
        leavePlace();
    }

    /** A connection is gone. */
    void left() {
        registry.connections(-1);
    }

    void hit(LimitName limit) {
        registry.limitHit(limit);
    }

    /** How many clients are counted, for tests: it is to come back to none. */
    int clientCount() {
        return connectionsOf.size();
    }

    /** How many places are taken, for tests. */
    int placesTaken() {
        return places.get() + refusals.get();
    }
}
