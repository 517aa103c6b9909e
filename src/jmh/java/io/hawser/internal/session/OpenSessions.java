package io.hawser.internal.session;

import io.hawser.Handshake;
import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.OverflowPolicy;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Open sessions of one server, all on one event loop, each with a {@link FastWire}. */
final class OpenSessions {

    private static final long BUDGET = 64 << 20;

    final HereLoop thread = new HereLoop();
    final List<LiveSession> sessions = new ArrayList<>();
    final List<FastWire> wires = new ArrayList<>();
    private final SessionRegistry registry =
            new SessionRegistry(WebSocketServer.builder().build(), BUDGET, BUDGET);
    private final SessionLoop loop = registry.newLoop(thread);

    OpenSessions(int count, WebSocketHandler handler) {
        SessionSettings settings =
                new SessionSettings(handler, Limits.defaults(), Heartbeat.off(), OverflowPolicy.CLOSE, null);
        for (int i = 0; i < count; i++) {
            FastWire wire = new FastWire();
            LiveSession session = new LiveSession(
                    handshake(), Optional.empty(), Map.of(), Optional.empty(), settings, null, loop, wire);
            wire.attach(session.conversation());
            session.conversation().open(null);
            sessions.add(session);
            wires.add(wire);
        }
        thread.run();
    }

    private static Handshake handshake() {
        return (Handshake) Proxy.newProxyInstance(
                OpenSessions.class.getClassLoader(),
                new Class<?>[] {Handshake.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "path" -> "/";
                    case "remoteAddress" -> new InetSocketAddress(0);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
