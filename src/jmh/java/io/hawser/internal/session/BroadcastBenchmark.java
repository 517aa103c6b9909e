package io.hawser.internal.session;

import io.hawser.BroadcastResult;
import io.hawser.Message;
import io.hawser.WebSocketHandler;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One message to a thousand sessions of one event loop, flushed; per delivery, without a kernel. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BroadcastBenchmark {

    private static final int SESSIONS = 1_000;

    @Param({"128", "1024"})
    int bytes;

    private final Members members = new Members();
    private OpenSessions open;
    private Message message;
    private long broadcasts;

    @Setup
    public void join() {
        open = new OpenSessions(SESSIONS, new WebSocketHandler() {});
        open.sessions.forEach(members::add);
        byte[] payload = new byte[bytes];
        new Random(bytes).nextBytes(payload);
        message = Message.binaryWithoutCopy(payload);
    }

    /** A fan-out that lost something would be quick. */
    @TearDown
    public void check() {
        List<FastWire> wires = open.wires;
        if (wires.stream().anyMatch(wire -> wire.bytes() < broadcasts * bytes)) {
            throw new IllegalStateException("not all of it was delivered");
        }
    }

    @Benchmark
    @OperationsPerInvocation(SESSIONS)
    public CompletionStage<BroadcastResult> broadcast() {
        broadcasts++;
        CompletionStage<BroadcastResult> result = members.broadcast(message, null);
        open.thread.run();
        return result;
    }

    /** What a program without rooms would do. */
    @Benchmark
    @OperationsPerInvocation(SESSIONS)
    public void sendToEach() {
        broadcasts++;
        for (LiveSession session : open.sessions) {
            session.send(message);
        }
        open.thread.run();
    }
}
