package io.hawser.hostile.runner;

import io.hawser.OverflowPolicy;
import io.hawser.SendResult.Outcome;
import io.hawser.internal.session.SendingRace;
import java.util.List;

/**
 * R24: two sends, a close, and the peer's end race for each of ten million sessions: every tracked send is told once what became of
 * it, and rightly; nothing follows the Close frame; no buffer is left or released twice.
 */
final class Races implements Scenario {

    private static final int BATCH = 2_000;

    @Override
    public void run(Trial trial) throws Exception {
        long wanted = trial.isSmall() ? 200_000 : 10_000_000;
        SendingRace race = trial.closing(new SendingRace(OverflowPolicy.CLOSE, 2, 1));
        long forbidden = 0;
        for (long done = 0; done < wanted; done += BATCH) {
            List<String> wrong = race.run(BATCH);
            if (forbidden == 0) { // the first that are wrong say enough
                trial.require(wrong.isEmpty(), "%s", wrong.stream().limit(3).toList());
            }
            forbidden += wrong.size();
        }
        long written = race.told(Outcome.WRITTEN);
        long notWritten = race.told(Outcome.NOT_WRITTEN);
        trial.figure(
                "%d races, outcomes WRITTEN %d, NOT_WRITTEN %d, UNKNOWN %d",
                wanted, written, notWritten, race.told(Outcome.UNKNOWN));
        trial.atMost("forbidden results", forbidden, 0, "");
        trial.require(race.bufferBytes() == 0, "buffers are in use");
        trial.require(race.metrics().openSessions() == 1, "sessions are left"); // but for the one that takes no part
        trial.require(written > 0 && notWritten > 0, "the races were none");
    }
}
