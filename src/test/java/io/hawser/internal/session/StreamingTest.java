package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Heartbeat;
import io.hawser.Limits;
import io.hawser.MessagePart;
import io.hawser.Rate;
import io.hawser.SessionState;
import io.hawser.StreamingHandler;
import io.hawser.WebSocketSession;
import io.hawser.testing.Frames;
import io.hawser.testing.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A session whose handler takes messages in parts. */
class StreamingTest {

    /** Writes down each part's size, and a full stop after the last. */
    private static final class Parts implements StreamingHandler {
        final List<String> calls = new ArrayList<>();
        long bytes;
        java.util.function.BiConsumer<WebSocketSession, MessagePart> onPart = (session, part) -> {};

        @Override
        public void onPart(WebSocketSession session, MessagePart part) {
            calls.add(part.bytes().length + (part.isLast() ? "." : ""));
            bytes += part.bytes().length;
            onPart.accept(session, part);
        }
    }

    private final Parts parts = new Parts();

    private SessionFixture fixture(Limits limits) {
        SessionFixture test = new SessionFixture(limits, Heartbeat.off(), null, parts);
        test.calls.clear();
        return test;
    }

    @Test
    void partsComeAsTheyAreReadAndTheMessageCountsOnce() {
        SessionFixture test = fixture(Limits.defaults());
        test.receive("0183 00000000 616263");
        test.receive("0082 00000000 6465");
        test.receive("8080 00000000");
        assertThat(parts.calls).containsExactly("3", "2", "0.");
        assertThat(test.registry.metrics().messagesIn()).isEqualTo(1);
        assertThat(test.registry.metrics().bytesIn()).isEqualTo(5);
        assertThat(test.calls).as("neither onText nor onBinary").isEmpty();
    }

    /** An executor may run what it gets at once: then a handler closes while what was kept is being read. */
    @Test
    void aCloseFromWithinTheReadingOfWhatWasKeptDoesNotReadAhead() {
        Limits limits = Limits.defaults().withMaxQueuedMessages(1).withMaxMessageBytes(100_000);
        SessionFixture test = new SessionFixture(limits, Heartbeat.off(), Runnable::run, parts);
        test.session.pause();
        test.receive("8280 00000000");
        byte[] large = RawClient.frame(0x82, new byte[70_000]);
        byte[] close = RawClient.frame(0x88, new byte[] {0x03, (byte) 0xE8});
        byte[] both = Arrays.copyOf(large, large.length + close.length);
        System.arraycopy(close, 0, both, large.length, close.length);
        int cut = large.length - 100;
        test.receive(Arrays.copyOf(both, cut));
        test.receive(Arrays.copyOfRange(both, cut, both.length - 2));
        assertThat(parts.calls).isEmpty();

        parts.onPart = (session, part) -> {
            if (part.bytes().length != 0) {
                session.close();
            }
        };
        test.session.request(2);
        test.thread.run();
        assertThat(parts.calls).containsExactly("0.", "65536");
        assertThat(test.wire.cut).isFalse();
        assertThat(test.wire.outputClosed).as("the peer's Close is not whole").isFalse();
        test.receive(Arrays.copyOfRange(both, both.length - 2, both.length));
        assertThat(test.wire.outputClosed).isTrue();
    }

    @Test
    void demandCountsParts() {
        SessionFixture test = fixture(Limits.defaults().withMaxMessageBytes(1_000_000));
        test.session.pause();
        byte[] frame = RawClient.frame(0x82, new byte[300_000]);
        test.receive(frame);
        assertThat(test.wire.reading).as("256 KiB wait").isFalse();
        assertThat(parts.calls).isEmpty();
        test.session.request(2);
        test.thread.run();
        assertThat(parts.calls).containsExactly("65536", "65536");
        assertThat(test.wire.reading).isTrue();
        parts.onPart = (session, part) -> session.pause();
        test.session.resume();
        test.thread.run();
        assertThat(parts.calls).containsExactly("65536", "65536", "65536");
        parts.onPart = (session, part) -> {};
        test.session.resume();
        test.thread.run();
        assertThat(parts.bytes).isEqualTo(300_000);
        assertThat(parts.calls).last().asString().endsWith(".");
    }

    @Test
    void aMessageLargerThanTheQueueGoesThroughItPieceByPiece() {
        SessionFixture test =
                fixture(Limits.defaults().withMaxMessageBytes(50_000_000).withMaxQueuedBytes(100_000));
        Random random = new Random(1);
        test.session.pause();
        byte[] wire = RawClient.frame(0x82, new byte[10_000_000]);
        for (int at = 0; at < wire.length; ) {
            int end = Math.min(wire.length, at + 1 + random.nextInt(65_536));
            test.receive(Arrays.copyOfRange(wire, at, end));
            at = end;
            while (!test.wire.reading) {
                test.session.request(1);
                test.thread.run();
            }
        }
        test.session.resume();
        test.thread.run();
        assertThat(parts.bytes).isEqualTo(10_000_000);
        assertThat(parts.calls.stream().filter(call -> call.endsWith("."))).hasSize(1);
    }

    @Test
    void anUnfinishedMessageIsNotCountedAsDiscardedAndAFinishedOneOnce() {
        SessionFixture test = fixture(Limits.defaults());
        test.session.pause();
        test.receive("0281 00000000 01");
        test.receive("8081 00000000 01");
        test.receive("0281 00000000 01");
        test.conversation.disconnected();
        test.thread.run();
        assertThat(parts.calls).isEmpty();
        assertThat(test.registry.metrics().discardedMessages()).isEqualTo(1);
    }

    @Test
    void theLimitsOfWholeMessagesHold() {
        SessionFixture size = fixture(Limits.defaults().withMaxMessageBytes(5));
        size.receive("0283 00000000 010203");
        size.receive("0083 00000000");
        assertThat(size.registry.metrics().limitsHit()).isEqualTo(Map.of("maxMessageBytes", 1L));

        SessionFixture time = fixture(Limits.defaults().withMessageTimeout(Duration.ofSeconds(3)));
        time.receive("0281 00000000 01");
        time.thread.advanceMillis(2_000);
        time.receive("0081 00000000 01");
        time.thread.advanceMillis(1_200);
        assertThat(time.registry.metrics().limitsHit()).isEqualTo(Map.of("messageTimeout", 1L));

        SessionFixture fragments = fixture(Limits.defaults().withMaxFragments(2));
        fragments.receive("0281 00000000 01 0081 00000000 01 0081 00000000");
        assertThat(fragments.registry.metrics().limitsHit()).isEqualTo(Map.of("maxFragments", 1L));
    }

    @Test
    void ratesCountPartsAsTheyComeAndMessagesWhenTheyEnd() {
        SessionFixture bytes =
                fixture(Limits.defaults().withMaxMessageBytes(10_000_000).withByteRate(Rate.of(1_000, 1_000)));
        bytes.receive(Frames.header(0x82, 1_000_000, 0));
        bytes.receive(new byte[65_536]); // a part's worth is always there
        assertThat(bytes.session.state()).isEqualTo(SessionState.OPEN);
        bytes.receive(new byte[10]);
        assertThat(bytes.registry.metrics().limitsHit()).isEqualTo(Map.of("byteRate", 1L));

        SessionFixture messages = fixture(Limits.defaults().withMessageRate(Rate.of(1, 1)));
        for (int i = 0; i < 10; i++) {
            messages.receive(i == 0 ? "0281 00000000 01" : "0081 00000000 01");
        }
        messages.receive("8080 00000000");
        assertThat(messages.session.state()).isEqualTo(SessionState.OPEN);
        messages.receive("8280 00000000");
        assertThat(messages.registry.metrics().limitsHit()).isEqualTo(Map.of("messageRate", 1L));
    }

    @Test
    void aThrowWithinAPartEndsTheSessionAndItsMessage() {
        SessionFixture test = fixture(Limits.defaults().withMaxMessageBytes(1_000_000));
        parts.onPart = (session, part) -> {
            throw new StackOverflowError("deep");
        };
        test.receive(RawClient.frame(0x82, new byte[300_000]));
        assertThat(parts.calls).containsExactly("65536");
        assertThat(test.wire.takenHex()).contains("03f3");
        assertThat(test.registry.metrics().handlerFailures()).isEqualTo(1);
    }
}
