package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** R16: neither a jump of the wall clock nor a process that was stopped for a minute costs a session. */
final class ClockJumps implements Scenario {

    private static final int SESSIONS = 1_000;

    @Override
    public void run(Trial trial) throws Exception {
        Duration stop = trial.time(Duration.ofSeconds(60));
        Path clock = trial.directory().resolve("clock");
        Files.writeString(clock, "+0\n");
        ServerProcess server =
                trial.server(Tools.fakingTime(clock), List.of(), "heartbeat=5s/3s", "limits.idleTimeout=10m");
        Figures before = server.stats();
        Crowd crowd = trial.crowd(server);
        List<Peer> quiet = crowd.open(SESSIONS / 2, Crowd.Kind.of("/echo").from(1, 100));
        EchoLoad load = new EchoLoad(64, Duration.ofSeconds(1));
        List<Peer> busy =
                crowd.open(SESSIONS / 2, Crowd.Kind.of("/echo").from(1, 100).withListener(load));
        for (String jump : List.of("+10d", "-1h", "+0")) {
            Files.writeString(clock, jump + "\n");
            Await.pass(Duration.ofSeconds(10));
            trial.require(
                    crowd.open() == SESSIONS, "%d sessions are left after the clock went to %s", crowd.open(), jump);
        }
        long wall = server.stats().get("wall");
        trial.figure("clock +10 d, -1 h, back: %d of %d sessions left", crowd.open(), SESSIONS);
        trial.require(Math.abs(wall - System.currentTimeMillis()) < 60_000, "the clock was not set back");
        trial.atMost("messages lost", load.stop(), 0, "");

        load.resume(busy);
        Tools.run("kill", "-STOP", String.valueOf(server.pid()));
        Await.pass(stop);
        Tools.run("kill", "-CONT", String.valueOf(server.pid()));
        Await.pass(Duration.ofSeconds(15));
        double lost = 100.0 * (SESSIONS - crowd.open()) / SESSIONS;
        trial.atMost("closed after " + stop.toSeconds() + " s of SIGSTOP", lost, 1, " %");
        load.pause();
        crowd.reset(quiet);
        crowd.reset(busy);
        trial.backToZero(server, before);
        trial.require(crowd);
    }
}
