package io.hawser.internal.session;

import io.hawser.internal.protocol.MessageBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the sessions of one event loop share: the way in from other threads, the list of those that want a flush, the sweep over
 * their deadlines, scratch memory, counters.
 */
public final class SessionLoop {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLoop.class);

    /** How often deadlines are looked at: fine enough for seconds, and cheap for thousands of sessions. */
    private static final long SWEEP_NANOS = 100_000_000;
    /** A sweep this late shows that the loop itself, or the process, was stuck. */
    private static final long LATE_NANOS = 1_000_000_000;

    private static final int KEPT_SCRATCH_BYTES = 256 * 1024;

    private final LoopThread thread;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>(); // any thread
    private final AtomicBoolean inboxScheduled = new AtomicBoolean(); // any thread
    private final Runnable drainInbox = this::drainInbox;
    private final Runnable sweep = this::sweep;
    private final Runnable flushDirty = this::flushDirty;
    private final List<SendQueue> dirty = new ArrayList<>();
    private final List<LiveSession> sessions = new ArrayList<>();
    private final MessageBuffer scratch = new MessageBuffer(Integer.MAX_VALUE - 8);
    private final SessionIds ids = new SessionIds();
    private @Nullable SendQueue reading;
    private boolean flushScheduled;
    private boolean sweeping;
    private long now;

    final Counter messagesIn = new Counter();
    final Counter messagesOut = new Counter();
    final Counter bytesIn = new Counter();
    final Counter bytesOut = new Counter();

    /** The sessions' side of an event loop. */
    public SessionLoop(LoopThread thread) {
        this.thread = thread;
        this.now = thread.nanoTime();
    }

    LoopThread thread() {
        return thread;
    }

    /** Runs a task on the loop: at once if the caller is on it, else after what this thread submitted before. */
    void submit(Runnable task) {
        if (thread.isCurrent()) {
            task.run();
        } else {
            submitLater(task);
        }
    }

    /** Runs a task on the loop, never within this call. */
    void submitLater(Runnable task) {
        inbox.add(task);
        if (inboxScheduled.compareAndSet(false, true)) {
            thread.execute(drainInbox);
        }
    }

    private void drainInbox() {
        // Reset first: what is added from here on either is seen below or schedules another drain.
        inboxScheduled.set(false);
        for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
            runGuarded(task);
        }
        flushDirty();
    }

    private static void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable t) { // one session's failure must not cost the others their messages
            LOG.error("a session's task failed", t);
        }
    }

    /** Time as of the latest sweep, or as of now where nothing sweeps: good for deadlines, too coarse to measure with. */
    long now() {
        return now;
    }

    String nextSessionId() {
        return ids.next();
    }

    /** Scratch memory, empty; the caller's until it returns to the loop. */
    MessageBuffer scratch() {
        scratch.clear(KEPT_SCRATCH_BYTES);
        return scratch;
    }

    /** The session of {@code queue} is being read from: its flush comes with {@link #endRead}. */
    void beginRead(SendQueue queue) {
        reading = queue;
    }

    void endRead(SendQueue queue) {
        reading = null;
        queue.flush();
    }

    /** Something was put into {@code queue}: flush it, once, at the end of what the loop is doing. */
    void flushSoon(SendQueue queue) {
        if (queue == reading) {
            return;
        }
        dirty.add(queue);
        if (!flushScheduled) {
            flushScheduled = true;
            thread.execute(flushDirty);
        }
    }

    private void flushDirty() {
        flushScheduled = false;
        for (int i = 0; i < dirty.size(); i++) { // by index: a flush may make another queue dirty
            dirty.get(i).flush();
        }
        dirty.clear();
    }

    void add(LiveSession session) {
        session.sweepIndex = sessions.size();
        sessions.add(session);
        if (!sweeping) {
            sweeping = true;
            now = thread.nanoTime();
            thread.schedule(sweep, SWEEP_NANOS);
        }
    }

    void remove(LiveSession session) {
        int last = sessions.size() - 1;
        LiveSession moved = sessions.remove(last);
        if (moved != session) {
            sessions.set(session.sweepIndex, moved);
            moved.sweepIndex = session.sweepIndex;
        }
    }

    private void sweep() {
        long before = now;
        now = thread.nanoTime();
        long sinceDue = now - before - SWEEP_NANOS;
        long late = sinceDue > LATE_NANOS ? sinceDue : 0;
        for (int i = sessions.size() - 1; i >= 0; i--) { // backwards: a session may remove itself
            try {
                sessions.get(i).sweep(now, late);
            } catch (Throwable t) {
                LOG.error("a session's deadlines could not be judged", t);
            }
        }
        if (sessions.isEmpty()) {
            sweeping = false;
        } else {
            thread.schedule(sweep, SWEEP_NANOS);
        }
    }
}
