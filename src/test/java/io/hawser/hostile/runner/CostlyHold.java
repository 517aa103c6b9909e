package io.hawser.hostile.runner;

import io.hawser.clients.SelfSignedCertificate;
import io.hawser.testing.Await;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** R1b: what a session costs under TLS, and with compression that keeps no context. */
final class CostlyHold implements Scenario {

    private static final double KIB = 1024;
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover;"
            + " server_no_context_takeover\r\n";

    @Override
    public void run(Trial trial) throws Exception {
        int sessions = trial.isSmall() ? 500 : 10_000;
        Path directory = trial.directory().resolve("certificate");
        SelfSignedCertificate.generate(directory);
        SslContext tls = SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
        hold(trial, sessions, "TLS", 60, tls, Crowd.Kind.of("/echo"), "tls=" + directory);
        hold(trial, sessions, "compression", 8, null, Crowd.Kind.of("/echo").withHeaders(DEFLATE), "deflate=yes");
    }

    private static void hold(
            Trial trial,
            int sessions,
            String what,
            double goal,
            @Nullable SslContext tls,
            Crowd.Kind kind,
            String setting)
            throws Exception {
        ServerProcess server = trial.server(
                "127.0.0.1", new ServerProcess.Launch(List.of(), List.of("-Xmx1g"), List.of(setting)), tls);
        Crowd crowd = trial.crowd(server.address(), tls);
        Figures before = server.ask("gc");
        // A message of incompressible kind and size each way, so that all that is made for a message has been made.
        List<Peer> peers = crowd.open(sessions, 200, kind.from(1, 256));
        peers.forEach(peer -> peer.send(Stamped.payload(System.nanoTime(), 0, 2_000)));
        boolean all = Await.until(
                java.time.Duration.ofSeconds(60), () -> peers.stream().allMatch(peer -> peer.messages == 1));
        Figures held = server.ask("gc");
        trial.require(all && held.get("m.openSessions") == sessions, "%s: not all are open and answered", what);
        double each =
                (held.get("heap") + held.get("direct") - before.get("heap") - before.get("direct")) / KIB / sessions;
        trial.atMost("heap and direct memory of each of " + sessions + " with " + what, each, goal, " KiB");
        crowd.resetAll();
        trial.backToZero(server, before);
        crowd.close();
        server.close();
    }
}
