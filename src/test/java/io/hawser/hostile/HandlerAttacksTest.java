package io.hawser.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Transport;
import io.hawser.WebSocketSession;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.Frames;
import io.hawser.testing.RawClient;
import io.hawser.testing.Throwing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Test;

/** Rows S74 and S75: a program's callbacks that throw, and thousands of its sessions that end at once. */
@DisplayNameGeneration(RowNames.class)
class HandlerAttacksTest {

    /** Joins a room. */
    private static final class Member extends Target.Echo {
        @Override
        public void onOpen(WebSocketSession session) {
            super.onOpen(session);
            session.join("room");
        }
    }

    @EachTransport
    void s74_whateverACallbackThrowsEndsItsSessionAndLeavesNothing(Transport transport) throws Exception {
        Member handler = new Member();
        try (CapturedLog log = CapturedLog.start();
                Target target = Target.start(
                        handler,
                        builder -> builder.transport(transport).endpoint(Throwing.PATH, new Throwing(handler)));
                RawClient bystander = target.upgraded()) {
            for (String hook : Throwing.HOOKS) {
                for (String kind : Throwing.KINDS) {
                    try (RawClient client = RawClient.upgraded(target.port(), Throwing.path(hook, kind))) {
                        provoke(client, hook);
                        String expected = hook.equals("close") ? "close 1000 PEER" : "close 1011 SERVER";
                        assertThat(closeCodeOf(client)).isEqualTo(hook.equals("close") ? 1000 : 1011);
                        assertThat(target.handler().nextClose(hook)).isEqualTo(expected);
                    }
                }
            }
            Target.expectEcho(bystander, "untouched");
            assertThat(target.server().sessions()).hasSize(1);
            assertThat(target.server().room("room").localSize()).isEqualTo(1);
            assertThat(log.lines()).anyMatch(line -> line.contains("handler threw"));
        }
    }

    private static void provoke(RawClient client, String hook) throws IOException {
        switch (hook) {
            case "text", "writable", "error" -> client.sendText("a");
            case "binary" -> client.sendFrame(0x82, new byte[1]);
            case "pong" -> client.sendFrame(0x8A, new byte[1]);
            case "close" -> client.sendClose(1000, "");
            default -> {} // it opened
        }
    }

    /** An echo may come first; the server then waits for the end of the client's direction. */
    private static int closeCodeOf(RawClient client) throws IOException {
        RawClient.Frame frame = client.readFrame();
        while (frame.opcode() != Frames.CLOSE) {
            frame = client.readFrame();
        }
        assertThat(client.readToEnd()).isEmpty();
        client.close();
        return frame.closeCode();
    }

    @Test
    void s75_whoStaysDoesNotNoticeHowManyGo() throws Exception {
        boolean unnoticed = false;
        for (int attempt = 0; attempt < 5 && !unnoticed; attempt++) {
            unnoticed = isUnnoticed(Scale.of(3_000, 9_000));
        }
        assertThat(unnoticed).isTrue();
    }

    /** 99 of a hundred echoes in 100 ms, or on a machine that is busy with others in three times what they took before. */
    private static boolean isUnnoticed(int count) throws Exception {
        ExecutorService leaving = Executors.newSingleThreadExecutor();
        try (Target target = Target.start(new Member(), builder -> builder);
                RawClient witness = target.upgraded();
                Crowd crowd = Crowd.of(count, target::upgraded)) {
            int[] before = {500};
            long quiet = slowestOf100(witness, () -> before[0]-- > 0);
            Future<?> gone = leaving.submit(() -> {
                crowd.each(RawClient::reset);
                return null;
            });
            long slowest = slowestOf100(
                    witness, () -> !gone.isDone() || target.server().metrics().openSessions() > 1);
            gone.get();
            assertThat(target.server().room("room").localSize()).isEqualTo(1);
            return slowest <= Math.max(100_000_000, 3 * quiet);
        } finally {
            leaving.shutdown();
        }
    }

    private static long slowestOf100(RawClient witness, BooleanSupplier goOn) throws IOException {
        List<Long> times = new ArrayList<>();
        while (goOn.getAsBoolean()) {
            long begin = System.nanoTime();
            Target.expectEcho(witness, "still here");
            times.add(System.nanoTime() - begin);
        }
        times.sort(null);
        return times.get((int) (times.size() * 0.99));
    }
}
