package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The defaults that the documents promise, and what settings refuse. */
class SettingsTest {

    @Test
    void theLimitsOfASessionAreFiniteByDefault() {
        assertThat(Limits.defaults())
                .isEqualTo(new Limits(
                        65_536,
                        1_024,
                        Duration.ofSeconds(30),
                        Rate.unlimited(),
                        Rate.unlimited(),
                        Rate.of(20, 100),
                        1_048_576,
                        65_536,
                        32_768,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ZERO,
                        Duration.ZERO,
                        64,
                        262_144,
                        128));
    }

    @Test
    void eachLimitCanBeSetAlone() {
        Limits limits = Limits.defaults()
                .withMaxMessageBytes(1)
                .withMaxFragments(2)
                .withMessageTimeout(Duration.ofSeconds(3))
                .withMaxPendingBytes(4)
                .withWaterMarks(6, 5)
                .withCloseTimeout(Duration.ofSeconds(7))
                .withIdleTimeout(Duration.ofSeconds(8))
                .withMaxQueuedMessages(9)
                .withMaxQueuedBytes(10)
                .withMaxRooms(11)
                .withMessageRate(Rate.of(12, 13))
                .withByteRate(Rate.of(14, 15))
                .withControlRate(Rate.of(16, 17))
                .withWriteStallTimeout(Duration.ofSeconds(18))
                .withMaxLifetime(Duration.ofSeconds(19));

        assertThat(limits)
                .isEqualTo(new Limits(
                        1,
                        2,
                        Duration.ofSeconds(3),
                        Rate.of(12, 13),
                        Rate.of(14, 15),
                        Rate.of(16, 17),
                        4,
                        6,
                        5,
                        Duration.ofSeconds(18),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(19),
                        9,
                        10,
                        11));
    }

    @Test
    void theServersMemoryIsBoundedByDefaultAndItsConnectionsWhereAskedFor() {
        assertThat(ServerLimits.defaults()).isEqualTo(new ServerLimits(0, 0, Rate.unlimited(), 0, 0));
        assertThat(ServerLimits.defaults()
                        .withMaxConnections(1)
                        .withMaxConnectionsPerAddress(2)
                        .withHandshakeRatePerAddress(Rate.of(3, 4))
                        .withMaxPendingBytes(5)
                        .withMaxReceivedBytes(6))
                .isEqualTo(new ServerLimits(1, 2, Rate.of(3, 4), 5, 6));
        assertThatIllegalArgumentException().isThrownBy(() -> new ServerLimits(-1, 0, Rate.unlimited(), 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ServerLimits(0, -1, Rate.unlimited(), 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ServerLimits(0, 0, Rate.unlimited(), -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ServerLimits(0, 0, Rate.unlimited(), 0, -1));
    }

    @Test
    void aRatesBurstIsAtLeastWhatASecondGives() {
        assertThat(Rate.of(2, 2).isUnlimited()).isFalse();
        assertThat(Rate.unlimited().isUnlimited()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> Rate.of(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Rate.of(2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Rate(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Rate(-1, 1));
    }

    @Test
    void limitsArePositiveAndTheMarksInOrder() {
        Limits limits = Limits.defaults();

        assertThatIllegalArgumentException().isThrownBy(() -> limits.withMaxMessageBytes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.withMaxFragments(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.withMessageTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.withMaxPendingBytes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.withWaterMarks(1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.withWaterMarks(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.withCloseTimeout(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.withIdleTimeout(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.withMaxQueuedMessages(0));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.withMaxQueuedBytes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.withMaxRooms(0));
        assertThatNullPointerException().isThrownBy(() -> limits.withIdleTimeout(null));
        assertThatNullPointerException().isThrownBy(() -> limits.withCloseTimeout(null));
    }

    @Test
    void theLimitsOfARequestAreFiniteByDefault() {
        assertThat(HttpLimits.defaults()).isEqualTo(new HttpLimits(Duration.ofSeconds(10), 8_192, 16_384, 100));
        assertThat(HttpLimits.defaults()
                        .withHandshakeTimeout(Duration.ofSeconds(1))
                        .handshakeTimeout())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void theLimitsOfARequestArePositive() {
        Duration second = Duration.ofSeconds(1);

        assertThatIllegalArgumentException().isThrownBy(() -> new HttpLimits(Duration.ZERO, 1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new HttpLimits(second, 0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new HttpLimits(second, 1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new HttpLimits(second, 1, 1, 0));
    }

    @Test
    void silentPeersArePingedByDefault() {
        assertThat(Heartbeat.defaults())
                .isEqualTo(new Heartbeat(Heartbeat.Mode.ON_SILENCE, Duration.ofSeconds(25), Duration.ofSeconds(20)));
        assertThat(Heartbeat.always(Duration.ofSeconds(1), Duration.ofSeconds(2))
                        .mode())
                .isEqualTo(Heartbeat.Mode.ALWAYS);
        assertThat(Heartbeat.off().mode()).isEqualTo(Heartbeat.Mode.OFF);
    }

    @Test
    void aHeartbeatTakesTime() {
        Duration second = Duration.ofSeconds(1);

        assertThatIllegalArgumentException().isThrownBy(() -> Heartbeat.always(Duration.ZERO, second));
        assertThatIllegalArgumentException().isThrownBy(() -> Heartbeat.onSilence(second, Duration.ofSeconds(-1)));
    }

    @Test
    void compressionIsOffByDefaultAndAskedToForgetTheClientsMessages() {
        assertThat(Compression.off().enabled()).isFalse();
        assertThat(Compression.on()).isEqualTo(new Compression(true, 256, 6, true, false));
        assertThat(Compression.on()
                        .withThresholdBytes(0)
                        .withLevel(9)
                        .withoutServerContextTakeover()
                        .withClientContextTakeover())
                .isEqualTo(new Compression(true, 0, 9, false, true));
    }

    @Test
    void compressionHasALevelAndAThreshold() {
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.on().withLevel(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.on().withLevel(10));
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.on().withThresholdBytes(-1));
    }
}
