package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.Rate;
import io.hawser.SessionState;
import io.hawser.testing.Allocation;
import io.hawser.testing.RawClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a peer may send in a second, and what it is told when it sends more. */
class ReceiveRatesTest {

    private static final String PING = "8980 00000000";
    private static final String PONG = "8a80 00000000";

    private static void assertClosed(SessionFixture test, String limit, String reason) {
        assertThat(test.session.state()).isEqualTo(SessionState.CLOSING);
        byte[] out = HexFormat.of().parseHex(test.wire.takenHex());
        assertThat(new String(out, StandardCharsets.ISO_8859_1)).endsWith("\u0003\u00f0" + reason);
        assertThat(test.limitsHit(limit)).isEqualTo(1);
        test.conversation.disconnected();
        test.thread.run();
        assertThat(test.calls).last().isEqualTo("close 1008 SERVER");
    }

    private static String times(int count, String frame) {
        return String.join("", Collections.nCopies(count, frame));
    }

    @Test
    void aHundredPingsAtOnceAreAnsweredAndOneMoreEndsTheSession() {
        SessionFixture test = new SessionFixture();
        test.receive(times(100, PING));
        assertThat(test.wire.takenHex()).isEqualTo("8a00".repeat(100));
        test.receive(PING);
        assertClosed(test, "controlRate", "too many pings and pongs");
    }

    @Test
    void twentyPingsASecondGoOnForEver() {
        SessionFixture test = new SessionFixture();
        test.receive(times(100, PING));
        for (int i = 0; i < 10_000; i++) {
            test.thread.advanceMillis(50);
            test.receive(PING);
        }
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.receive(PING);
        assertThat(test.session.state()).isEqualTo(SessionState.CLOSING);
    }

    @Test
    void pongsThatNobodyAskedForCountToo() {
        SessionFixture test = new SessionFixture();
        test.receive(times(50, PING + PONG));
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.receive(PONG);
        assertThat(test.calls).hasSize(51); // the one too many is not told
        assertClosed(test, "controlRate", "too many pings and pongs");
    }

    @Test
    void theHeartbeatsPongsAreNotThePeersToPayFor() {
        Heartbeat heartbeat = Heartbeat.always(Duration.ofMillis(200), Duration.ofSeconds(4));
        SessionFixture test = new SessionFixture(Limits.defaults().withControlRate(Rate.of(1, 1)), heartbeat, null);
        for (int pings = 0; pings < 50; ) {
            test.thread.advanceMillis(100);
            String ping = test.wire.takenHex();
            if (!ping.isEmpty()) {
                pings++;
                test.receive("8a88 00000000" + ping.substring(4));
            }
        }
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
    }

    @Test
    void moreMessagesThanTheRateAllowsEndTheSessionAndTheLastIsNotTold() {
        SessionFixture test = new SessionFixture(Limits.defaults().withMessageRate(Rate.of(10, 20)));
        test.receive(times(21, "8181 00000000 61"));
        assertThat(test.calls).hasSize(21).last().isEqualTo("text a");
        assertClosed(test, "messageRate", "too many messages");
    }

    @Test
    void aMessageCountsOnceHoweverManyItsFrames() {
        SessionFixture test = new SessionFixture(Limits.defaults().withMessageRate(Rate.of(1, 1)));
        test.receive("0181 00000000 61" + times(500, "0081 00000000 61") + "8081 00000000 61");
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.thread.advanceMillis(999);
        test.receive("8181 00000000 61");
        assertClosed(test, "messageRate", "too many messages");
    }

    @Test
    void moreBytesThanTheRateAllowsEndTheSession() {
        SessionFixture test =
                new SessionFixture(Limits.defaults().withMaxMessageBytes(100).withByteRate(Rate.of(1_000, 1_000)));
        byte[] frame = RawClient.frame(0x82, new byte[100]);
        for (int i = 0; i < 10; i++) {
            test.receive(frame);
        }
        for (int i = 0; i < 10_000; i++) { // a thousand at once, then a thousand a second
            test.thread.advanceMillis(100);
            test.receive(frame);
        }
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.thread.advanceMillis(99);
        test.receive(frame);
        assertThat(test.calls).hasSize(1 + 10 + 10_000);
        assertClosed(test, "byteRate", "too many bytes");
    }

    @Test
    void aMessageOfTheLargestSizeAlwaysFitsTheBurstOfBytes() {
        SessionFixture test =
                new SessionFixture(Limits.defaults().withMaxMessageBytes(500).withByteRate(Rate.of(10, 10)));
        byte[] frame = RawClient.frame(0x82, new byte[500]);
        test.receive(frame);
        test.thread.advanceMillis(50_000);
        test.receive(frame);
        assertThat(test.session.state()).isEqualTo(SessionState.OPEN);
        test.thread.advanceMillis(49_900);
        test.receive(frame);
        assertClosed(test, "byteRate", "too many bytes");
    }

    @Test
    void askingCostsNoMemory() {
        ManualLoop clock = new ManualLoop();
        Limits limits = Limits.defaults().withMessageRate(Rate.of(1000, 1000)).withByteRate(Rate.of(1000, 1000));
        ReceiveRates rates = new ReceiveRates(limits, 10, clock);
        Runnable batch = () -> {
            for (int i = 0; i < 10_000; i++) {
                rates.beginBatch();
                rates.takeMessage();
                rates.takeBytes(3);
                rates.takeControlFrame();
            }
        };
        batch.run();
        assertThat(Allocation.bytesOf(batch)).isLessThan(1_000);
    }

    @Test
    void limitsOfTheProtocolAndOfRoomsAreCountedByTheirNames() {
        Limits limits =
                Limits.defaults().withMaxMessageBytes(10).withMaxFragments(2).withMaxRooms(1);
        SessionFixture large = new SessionFixture(limits);
        large.receive("828b 00000000");
        assertThat(large.registry.metrics().limitsHit()).isEqualTo(Map.of("maxMessageBytes", 1L));

        SessionFixture fragments = new SessionFixture(limits);
        fragments.receive("0180 00000000 0080 00000000 0080 00000000");
        assertThat(fragments.registry.metrics().limitsHit()).isEqualTo(Map.of("maxFragments", 1L));

        SessionFixture wrong = new SessionFixture(limits);
        wrong.receive("8181 00000000 ff"); // a broken rule is no limit
        assertThat(wrong.registry.metrics().limitsHit()).isEmpty();

        wrong.session.join("a");
        assertThatIllegalStateException().isThrownBy(() -> wrong.session.join("b"));
        assertThat(wrong.registry.metrics().limitsHit()).isEqualTo(Map.of("maxRooms", 1L));
    }
}
