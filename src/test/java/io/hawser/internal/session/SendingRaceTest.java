package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.OverflowPolicy;
import io.hawser.SendResult.Outcome;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends, closes and the peer's end from threads of their own, over and over; R24 of {@code src/hostile} does it at length. */
class SendingRaceTest {

    private static final int ROUNDS = 1_000;
    private static final int SENDERS = 3;
    private static final int SENDS = 12;

    @ParameterizedTest
    @ValueSource(strings = {"CLOSE", "DROP_NEWEST", "DROP_OLDEST", "CONFLATE"})
    void sendsClosesAndThePeersEndMayMeet(String policy) throws Exception {
        try (SendingRace race = new SendingRace(policy(policy), SENDERS, SENDS)) {
            for (int round = 0; round < ROUNDS; round++) {
                assertThat(race.run(1)).isEmpty();
            }
            assertThat(race.told(Outcome.WRITTEN)).isPositive();
            assertThat(race.told(Outcome.NOT_WRITTEN)).isPositive();
            assertThat(race.metrics().openSessions()).isEqualTo(1); // the one that takes no part
            assertThat(race.metrics().pendingBytes()).isZero();
            assertThat(race.metrics().rooms()).isZero();
            assertThat(race.bufferBytes()).isZero();
        }
    }

    private static OverflowPolicy policy(String name) {
        return switch (name) {
            case "CLOSE" -> OverflowPolicy.CLOSE;
            case "DROP_NEWEST" -> OverflowPolicy.DROP_NEWEST;
            case "DROP_OLDEST" -> OverflowPolicy.DROP_OLDEST;
            default -> OverflowPolicy.conflate(message -> Optional.of(message.sizeBytes() % 3));
        };
    }
}
