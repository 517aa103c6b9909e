package io.hawser.internal.session;

import io.hawser.Message;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketSession;
import io.hawser.internal.protocol.ClientFrames;
import io.hawser.internal.protocol.Opcode;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * The whole message path without a kernel: a masked frame of 128 bytes comes, the handler does something with the message, the read
 * batch ends with a flush. With {@code -prof gc}: {@link #receive} allocates what the program is given, the message and its bytes,
 * and an echo no more than that.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class EchoBenchmark {

    private static final int BYTES = 128;
    private static final int BATCH = 16;

    /** The opcode of what comes. */
    @Param({"TEXT", "BINARY"})
    String type;

    private ByteBuf one;
    private ByteBuf batch;
    private OpenSessions open;
    private LiveSession session;
    private Message ready;
    private BiConsumer<WebSocketSession, Message> onMessage;
    private BiConsumer<WebSocketSession, Message> noAnswer;
    private long answers;

    @Setup
    public void open(Blackhole sink) {
        int opcode = type.equals("TEXT") ? Opcode.TEXT : Opcode.BINARY;
        one = ClientFrames.direct(opcode, BYTES, 1);
        batch = ClientFrames.direct(opcode, BYTES, BATCH);
        open = new OpenSessions(1, WebSocketHandler.onMessage((to, message) -> onMessage.accept(to, message)));
        session = open.sessions.get(0);
        ready = Message.binaryWithoutCopy(new byte[BYTES]);
        noAnswer = (from, message) -> sink.consume(message);
    }

    /** An echo that lost something would be quick. */
    @TearDown
    public void check() {
        if (open.wires.get(0).bytes() < answers * BYTES) {
            throw new IllegalStateException("not all of it was sent");
        }
        one.release();
        batch.release();
    }

    @Benchmark
    public void receive() {
        onMessage = noAnswer;
        read(one);
    }

    @Benchmark
    public void echo() {
        answers++;
        onMessage = WebSocketSession::send;
        read(one);
    }

    @Benchmark
    public void echoIfRoom() {
        answers++;
        onMessage = WebSocketSession::trySend;
        read(one);
    }

    /** Sixteen in one read batch, and one flush. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void echoSixteen() {
        answers += BATCH;
        onMessage = WebSocketSession::send;
        read(batch);
    }

    /** A message that is there already, from the event loop. */
    @Benchmark
    public void send() {
        answers++;
        session.send(ready);
        open.thread.run();
    }

    /** The same from another thread, as it looks to the session: the way to the event loop is on the bill. */
    @Benchmark
    public void sendFromElsewhere() {
        answers++;
        open.thread.setCurrent(false);
        session.send(ready);
        open.thread.setCurrent(true);
        open.thread.run();
    }

    private void read(ByteBuf in) {
        session.conversation().receive(in.readerIndex(0));
        session.conversation().readComplete();
        open.thread.run();
    }
}
