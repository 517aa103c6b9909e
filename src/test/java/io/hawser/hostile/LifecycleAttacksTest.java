package io.hawser.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.CloseStatus;
import io.hawser.Heartbeat;
import io.hawser.HttpLimits;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.SendResult;
import io.hawser.Transport;
import io.hawser.WebSocketSession;
import io.hawser.testing.BadRequests;
import io.hawser.testing.BadRequests.BadRequest;
import io.hawser.testing.CapturedLog;
import io.hawser.testing.EachTransport;
import io.hawser.testing.Frames;
import io.hawser.testing.OpenFiles;
import io.hawser.testing.RawClient;
import io.hawser.testing.Vectors;
import io.hawser.testing.Vectors.Vector;
import io.netty.buffer.ByteBuf;
import io.netty.util.LeakPresenceDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Test;

/** Rows S70, S71, S73, S76 and S79: how connections end, and what is left. */
@DisplayNameGeneration(RowNames.class)
class LifecycleAttacksTest {

    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(300);

    /** Netty's io_uring can miss an RST that comes with data: there the next ping, soon, meets it. */
    private static Target start(Transport transport) {
        Duration ping = Duration.ofSeconds(transport == Transport.IO_URING ? 1 : 60);
        return Target.start(builder -> builder.transport(transport)
                .heartbeat(Heartbeat.onSilence(ping, ping))
                .httpLimits(HttpLimits.defaults().withHandshakeTimeout(Duration.ofSeconds(2)))
                .limits(Limits.defaults().withCloseTimeout(CLOSE_TIMEOUT)));
    }

    interface End {
        void of(RawClient client) throws IOException;
    }

    /** Ways to go without a word, some of them in the middle of one. */
    private static final List<End> RUDE_ENDS = List.of(
            RawClient::reset,
            client -> {
                client.shutdownOutput();
                client.reset();
            },
            client -> {
                client.sendHex("82fe 1000 00000000 61");
                client.reset();
            },
            client -> {
                client.sendHex("0181 00000000 61 82");
                client.close();
            },
            client -> {
                client.sendText("unread answer");
                client.reset();
            });

    @EachTransport
    void s70_connectionsThatAreCutLeaveNoFileAndNoWork(Transport transport) throws Exception {
        int count = Scale.of(300, 1_000);
        try (Target target = start(transport)) {
            long files = OpenFiles.count();
            for (int i = 0; i < count; i++) {
                RUDE_ENDS.get(i % RUDE_ENDS.size()).of(target.upgraded());
                RawClient halfway = RawClient.connect(target.port());
                halfway.send("GET / HTTP/1.1\r\nHost:");
                halfway.reset();
            }
            for (int i = 0; i < count; i++) {
                assertThat(target.handler().nextClose()).isEqualTo("close 1006 NETWORK");
            }
            OpenFiles.awaitAtMost(files);
            target.awaitRest();
            target.expectService();
        }
    }

    @EachTransport
    void s71_whoDoesNotAnswerOurCloseIsCutThoughItTalksOn(Transport transport) throws Exception {
        try (Target target = start(transport)) {
            for (boolean talks : new boolean[] {false, true}) {
                try (RawClient client = target.upgraded()) {
                    target.handler().session().close(CloseStatus.NORMAL);
                    assertThat(client.readFrame().closeCode()).isEqualTo(1000);
                    while (talks && client.trySend(RawClient.frame(0x82, new byte[10_000]))) {}
                    client.readToAnyEnd();
                    assertThat(target.handler().next()).isEqualTo("open");
                    assertThat(target.handler().next())
                            .as("nothing of what it said")
                            .isEqualTo("close 1000 SERVER");
                }
            }
        }
    }

    @EachTransport
    void s73_whateverRacesEverySendEndsOnceAndNothingFollowsTheClose(Transport transport) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Target target = Target.start(transport)) {
            for (int round = 0; round < Scale.of(200, 20_000); round++) {
                try (RawClient client = target.upgraded()) {
                    race(threads, target, client, round);
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void race(ExecutorService threads, Target target, RawClient client, int round) throws Exception {
        WebSocketSession session = target.handler().session();
        CountDownLatch go = new CountDownLatch(1);
        Queue<CompletionStage<SendResult>> sent = new ConcurrentLinkedQueue<>();
        List<Future<?>> racers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            racers.add(threads.submit(() -> {
                go.await();
                for (int n = 0; n < 30; n++) {
                    sent.add(session.sendTracked(Message.text("message")));
                }
                return null;
            }));
        }
        racers.add(threads.submit(() -> {
            go.await();
            session.close(CloseStatus.NORMAL);
            return null;
        }));
        racers.add(threads.submit(() -> {
            go.await();
            if (round % 2 == 0) {
                client.sendClose(1001, "");
            }
            return null;
        }));
        go.countDown();
        long received = messagesUpToTheClose(client);
        if (round % 2 != 0) {
            client.sendClose(1000, "");
        }
        assertThat(client.readToEnd()).as("behind the Close frame").isEmpty();
        for (Future<?> racer : racers) {
            racer.get(10, TimeUnit.SECONDS);
        }
        client.close();
        assertThat(target.handler().nextClose()).matches("close (1000 SERVER|1001 PEER)");
        long written = 0;
        for (CompletionStage<SendResult> stage : sent) {
            SendResult result = stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
            written += result.outcome() == SendResult.Outcome.WRITTEN ? 1 : 0;
        }
        assertThat(sent).hasSize(60);
        assertThat(written).isEqualTo(received);
    }

    private static long messagesUpToTheClose(RawClient client) throws IOException {
        for (long messages = 0; ; messages++) {
            RawClient.Frame frame = client.readFrame();
            if (frame.opcode() == Frames.CLOSE) {
                return messages;
            }
            assertThat(frame.text()).isEqualTo("message");
        }
    }

    @EachTransport
    void s76_noBreachOfAnyRuleIsAnErrorOfOurs(Transport transport) throws Exception {
        try (CapturedLog log = CapturedLog.start();
                Target target = start(transport)) {
            for (Vector vector : Vectors.startingWith("rfc6455")) {
                try (RawClient client = target.upgraded()) {
                    client.trySend(vector.in());
                    client.shutdownOutput();
                    client.readToAnyEnd();
                }
            }
            for (BadRequest request : Stream.of(BadRequests.http(), BadRequests.bodies(), BadRequests.handshakes())
                    .flatMap(List::stream)
                    .toList()) {
                try (RawClient client = RawClient.connect(target.port())) {
                    client.send(request.bytes());
                    client.readToAnyEnd();
                }
            }
            assertThat(log.lines()).noneMatch(line -> line.startsWith("WARN") || line.startsWith("ERROR"));
        }
    }

    @Test
    void s79_everyTestIsWatchedForBuffersThatAreNotReleased() {
        assertThat(ResourceLeakDetectorFactory.instance().newResourceLeakDetector(ByteBuf.class))
                .isInstanceOf(LeakPresenceDetector.class);
    }

    /** {@code LeakCheck} looks for what is left of them after this. */
    @EachTransport
    void s79_aServerThatStopsReleasesWhatItHolds(Transport transport) throws Exception {
        byte[] largest = new byte[1 << 20];
        try (Target target = start(transport);
                RawClient head = RawClient.connect(target.port());
                RawClient message = target.upgraded();
                RawClient deaf = target.upgraded()) {
            head.send("GET / HTTP/1.1\r\nX-A: " + "a".repeat(5_000));
            message.send(Arrays.copyOf(Frames.frame(0x02, 1, new byte[30_000]), 20_000));
            for (WebSocketSession session : target.server().sessions()) {
                session.trySend(Message.binary(largest));
                session.ping(new byte[125]);
            }
            assertThat(deaf.peek()).isNotNegative();
            target.server().stop(Duration.ofMillis(1)).toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }
}
