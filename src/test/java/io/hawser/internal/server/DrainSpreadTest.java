package io.hawser.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a server takes to tell all its sessions that it stops; what the sessions see of it is in {@code DrainTest}. */
class DrainSpreadTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT30S, PT5S, PT0S",
        "10, PT30S, PT5S, PT0.01S",
        "19000, PT30S, PT5S, PT19S",
        "100000, PT30S, PT5S, PT25S", // the last are to have the close timeout
        "2000, PT6S, PT5S, PT1S",
        "1000, PT5S, PT5S, PT0S",
        "1000, PT1S, PT5S, PT0S",
        "1000, PT0.001S, PT5S, PT0S",
        "2000000000, PT8760H, PT5S, PT2000000S",
    })
    void aThousandASecondAndTheLastBeforeTheCloseTimeout(
            int sessions, Duration deadline, Duration close, Duration all) {
        assertThat(Drain.spread(sessions, deadline, close)).isEqualTo(all);
    }
}
