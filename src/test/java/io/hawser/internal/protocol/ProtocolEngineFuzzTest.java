package io.hawser.internal.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hawser.CloseStatus;
import io.hawser.Message;
import io.hawser.internal.protocol.MessageRules.Delivery;
import io.hawser.testing.MarkingTransform;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes give the same calls however they are cut, keep the grammar of the ports, and never give more than the limits allow. */
class ProtocolEngineFuzzTest {

    private static final int MAX_MESSAGE_BYTES = 200;
    private static final int MAX_FRAGMENTS = 6;

    static List<byte[]> seeds() {
        return Chunks.seeds();
    }

    @MethodSource("seeds")
    @FuzzTest(maxExecutions = 1_000_000)
    void sameCallsHoweverCut(byte[] input) {
        Chunks chunks = new Chunks(input);
        Calls whole = new Calls(chunks.choice());
        chunks.whole(whole.engine::receive);
        Calls cut = new Calls(chunks.choice());
        chunks.cut(cut.engine::receive);

        require(whole.calls.equals(cut.calls), whole.calls + " whole, but cut " + cut.calls);
        require(whole.engine.isInsideMessage() == cut.engine.isInsideMessage(), "inside a message");
        require(whole.engine.isOpen() == cut.engine.isOpen(), "open");
        require(whole.engine.isOpen() == !whole.calls.contains("closeTransport"), "open until the transport closes");
    }

    @MethodSource("seeds")
    @FuzzTest(maxExecutions = 1_000_000)
    void nothingComesAfterOurCloseButThePeers(byte[] input) {
        Chunks chunks = new Chunks(input);
        Calls calls = new Calls(chunks.choice());
        int[] chunk = {0};
        chunks.cut(in -> {
            calls.engine.receive(in);
            if (chunk[0]++ == 2) {
                calls.engine.close(CloseStatus.GOING_AWAY);
            }
        });

        int timer = calls.calls.indexOf("startCloseTimer");
        if (timer >= 0) {
            List<String> after = calls.calls.subList(timer + 1, calls.calls.size());
            String last = after.isEmpty() ? "" : after.get(after.size() - 1);
            require(last.isEmpty() || last.equals("closeTransport"), "the end: " + after);
            require(after.size() <= 2, "after our Close: " + after);
            require(after.size() < 2 || after.get(0).startsWith("close "), "the peer's Close: " + after);
        }
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new AssertionError(rule);
        }
    }

    /** Writes all calls down, in their order, and checks what each must be. */
    private static final class Calls implements MessageListener, Outbox {

        private static final Set<Integer> VIOLATIONS = Set.of(1002, 1007, 1008, 1009);

        private final List<String> calls = new ArrayList<>();
        private final ProtocolEngine engine;
        private final boolean extended;
        private boolean closeWritten;
        private boolean over;

        Calls(boolean extended) {
            this.extended = extended;
            @Nullable PayloadTransform transform = extended ? new MarkingTransform(2) : null;
            engine = new ProtocolEngine(
                    new MessageRules(MAX_MESSAGE_BYTES, MAX_FRAGMENTS, Delivery.WHOLE), transform, this, this);
        }

        @Override
        public void onText(Message message) {
            byte[] bytes = message.bytesWithoutCopy();
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            } catch (CharacterCodingException e) {
                throw new AssertionError("text that is not UTF-8: " + Arrays.toString(bytes), e);
            }
            onMessage("text", message);
        }

        @Override
        public void onBinary(Message message) {
            onMessage("binary", message);
        }

        private void onMessage(String type, Message message) {
            require(message.sizeBytes() <= MAX_MESSAGE_BYTES, "limit");
            require(!engine.isInsideMessage(), "ended");
            add(type + " " + Arrays.toString(message.bytesWithoutCopy()));
        }

        @Override
        public void onPing(byte[] payload) {
            String call = "ping " + Arrays.toString(payload);
            require(calls.get(calls.size() - 1).equals("write " + call), "answered before it is told");
            add(call);
        }

        @Override
        public void onPong(byte[] payload) {
            require(payload.length <= Opcode.MAX_CONTROL_BYTES, "control frame");
            add("pong " + Arrays.toString(payload));
        }

        @Override
        public void onClose(CloseStatus status) {
            require(status.isSendable() || status.equals(CloseStatus.NO_STATUS), "code " + status.code());
            add("close " + status);
        }

        @Override
        public void onViolation(ProtocolViolation violation) {
            require(VIOLATIONS.contains(violation.status().code()), "code " + violation.status());
            add("violation " + describe(violation.status()));
        }

        @Override
        public void writePong(byte[] payload) {
            require(!closeWritten, "a frame after Close");
            add("write ping " + Arrays.toString(payload));
        }

        @Override
        public void writeClose(CloseStatus status) {
            require(!closeWritten, "two Close frames");
            closeWritten = true;
            add("write close " + describe(status));
        }

        @Override
        public void startCloseTimer() {
            add("startCloseTimer");
        }

        @Override
        public void closeTransport() {
            require(closeWritten, "closed without a Close");
            add("closeTransport");
            over = true;
        }

        /** An extension decodes a piece before its text is looked at: with two faults in it, the cuts say which is found first. */
        private String describe(CloseStatus status) {
            boolean ofDecoding = status.code() == 1007 || status.code() == 1009;
            return extended && ofDecoding ? "undecodable" : status.toString();
        }

        private void add(String call) {
            require(!over, call + " after the end");
            calls.add(call);
        }
    }
}
