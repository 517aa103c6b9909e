package io.hawser.internal.deflate;

import io.hawser.Compression;
import io.hawser.internal.protocol.MessageBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Ticks of about 300 bytes, with context takeover both ways, on some connections in turn: by the event loop's pool, which restores the
 * plaintext of each connection for each message, and by a deflater and an inflater for each connection, which zlib was made for.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class DeflateBenchmark {

    /** More than a window of them, so that none is found there when they begin anew. */
    private static final int TICKS = 256;

    private static final int TAIL_BYTES = 4;
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};
    private static final int SCRATCH_BYTES = 64 * 1024;

    @Param({"1", "100"})
    int connections;

    private final byte[][] ticks = Ticks.make(TICKS);
    private byte[][] deflated;
    private long turn;

    private final DeflatePool pool = new DeflatePool();
    private final MessageBuffer scratch = new MessageBuffer(SCRATCH_BYTES);
    private final byte[] out = new byte[SCRATCH_BYTES];
    private DeflateTransform[] pooled;
    private Deflater[] deflaters;
    private Inflater[] inflaters;
    private long plainBytes;
    private long deflatedBytes;

    @Setup
    public void connect() throws DataFormatException {
        Compression compression = Compression.on().withClientContextTakeover();
        DeflateAgreement agreement = new DeflateAgreement(false, false, DeflateAgreement.MAX_WINDOW_BITS, 0, "");
        pooled = new DeflateTransform[connections];
        deflaters = new Deflater[connections];
        inflaters = new Inflater[connections];
        Deflater client = new Deflater(compression.level(), true);
        byte[][] first = deflateAll(client);
        deflated = deflateAll(client); // this time with the ticks themselves behind it, as it will be for ever
        client.end();
        for (int i = 0; i < connections; i++) {
            pooled[i] = new DeflateTransform(agreement, compression, pool);
            deflaters[i] = new Deflater(compression.level(), true);
            inflaters[i] = new Inflater(true);
            inflateAll(i, first);
            inflateAll(i, deflated);
        }
    }

    private void inflateAll(int connection, byte[][] messages) throws DataFormatException {
        for (int i = 0; i < TICKS; i++) {
            inflate(pooled[connection], messages[i]);
            if (scratch.size() != ticks[i].length || inflate(inflaters[connection], messages[i]) != ticks[i].length) {
                throw new IllegalStateException("tick " + i + " did not come through");
            }
        }
    }

    private byte[][] deflateAll(Deflater client) {
        byte[][] all = new byte[TICKS][];
        for (int i = 0; i < TICKS; i++) {
            all[i] = Arrays.copyOf(out, deflate(client, ticks[i]));
        }
        return all;
    }

    /** What each way makes of the ticks is told at the end: a dictionary of 4 KiB finds less than a window of 32 KiB. */
    @TearDown
    public void release() {
        if (plainBytes != 0) {
            System.out.printf("# deflated to %.1f %%%n", 100.0 * deflatedBytes / plainBytes);
        }
        for (int i = 0; i < connections; i++) {
            pooled[i].release();
            deflaters[i].end();
            inflaters[i].end();
        }
        pool.close();
    }

    @Benchmark
    public int deflatePooled() {
        byte[] tick = ticks[tick()];
        scratch.clear(SCRATCH_BYTES);
        pooled[nextConnection()].encode(tick, scratch);
        return deflated(tick, scratch.size());
    }

    @Benchmark
    public int deflateDedicated() {
        byte[] tick = ticks[tick()];
        return deflated(tick, deflate(deflaters[nextConnection()], tick));
    }

    private int deflated(byte[] tick, int length) {
        plainBytes += tick.length;
        deflatedBytes += length;
        return length;
    }

    @Benchmark
    public int inflatePooled() {
        byte[] message = deflated[tick()];
        inflate(pooled[nextConnection()], message);
        return scratch.size();
    }

    @Benchmark
    public int inflateDedicated() throws DataFormatException {
        byte[] message = deflated[tick()];
        return inflate(inflaters[nextConnection()], message);
    }

    /** All connections get a tick, then all get the next one. */
    private int tick() {
        return (int) (turn / connections % TICKS);
    }

    private int nextConnection() {
        return (int) (turn++ % connections);
    }

    private int deflate(Deflater deflater, byte[] tick) {
        deflater.setInput(tick);
        return deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH) - TAIL_BYTES;
    }

    private void inflate(DeflateTransform transform, byte[] message) {
        scratch.clear(SCRATCH_BYTES);
        transform.decode(message, 0, message.length, scratch);
        transform.decodeEnd(scratch);
    }

    private int inflate(Inflater inflater, byte[] message) throws DataFormatException {
        inflater.setInput(message);
        int length = inflater.inflate(out, 0, out.length);
        inflater.setInput(TAIL);
        return length + inflater.inflate(out, length, out.length - length);
    }
}
