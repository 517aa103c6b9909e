package io.hawser.hostile.runner;

import io.hawser.BroadcastResult;
import io.hawser.Message;
import io.hawser.WebSocketServer;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Broadcasts stamped messages at a rate of its own, whatever becomes of them. */
final class Broadcaster {

    private final WebSocketServer server;
    private final LongAdder made = new LongAdder();
    private final LongAdder targeted = new LongAdder();
    private final LongAdder queued = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private volatile boolean cancelled;

    Broadcaster(WebSocketServer server) {
        this.server = server;
    }

    /** {@code broadcast ROOM ROOMS COUNT SIZE RATE}: to ROOM0, ROOM1 … in turn, COUNT messages in all, RATE a second. */
    void start(String[] words) {
        cancelled = false;
        int rooms = Integer.parseInt(words[2]);
        long count = Long.parseLong(words[3]);
        int size = Integer.parseInt(words[4]);
        double nanosEach = 1e9 / Double.parseDouble(words[5]);
        Thread thread = new Thread(() -> run(words[1], rooms, count, size, nanosEach), "broadcaster");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(String room, int rooms, long count, int size, double nanosEach) {
        long start = System.nanoTime();
        for (long i = 0; i < count && !cancelled; i++) {
            long due = start + (long) (i * nanosEach);
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            Message message = Message.binary(Stamped.payload(due, i / rooms, size));
            server.room(room + i % rooms).broadcast(message).thenAccept(this::count);
            made.increment();
        }
    }

    private void count(BroadcastResult result) {
        targeted.add(result.targeted());
        queued.add(result.queued());
        dropped.add(result.dropped());
        closed.add(result.closed());
    }

    void cancel() {
        cancelled = true;
    }

    void addTo(Map<String, Long> figures) {
        figures.put("broadcasts", made.sum());
        figures.put("targeted", targeted.sum());
        figures.put("queued", queued.sum());
        figures.put("dropped", dropped.sum());
        figures.put("overflowed", closed.sum());
    }
}
