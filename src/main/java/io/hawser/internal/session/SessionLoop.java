package io.hawser.internal.session;

import io.hawser.SessionState;
import io.hawser.internal.protocol.MessageBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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
    static final long STUCK_NANOS = 1_000_000_000;

    /** So many tasks of other threads, then the sockets' turn: a thread that sends without end must not keep the loop to itself. */
    private static final int INBOX_TURN = 1024;

    private static final int KEPT_SCRATCH_BYTES = 256 * 1024;

    private final LoopThread thread;
    private final SessionRegistry registry;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>(); // any thread
    private final AtomicBoolean inboxScheduled = new AtomicBoolean(); // any thread
    private final Runnable drainInbox = this::drainInbox;
    private final Runnable sweep = this::sweep;
    private final Runnable flushDirty = this::flushDirty;
    private final List<Departures> dirty = new ArrayList<>();
    private final List<LiveSession> sessions = new ArrayList<>();
    /** When each of them has to be looked at; beside the sessions, for a sweep past thousands is to touch only those. */
    private long[] due = new long[16];

    private final BroadcastBatch broadcasts;
    private final SpareEngine spareEngine = new SpareEngine();
    private final MessageBuffer scratch = new MessageBuffer(Integer.MAX_VALUE - 8);
    private final Callbacks callbacks = new LoopCallbacks(this);
    private final SessionIds ids = new SessionIds();
    private final LoopShare pending;
    private final LoopShare received;
    private final AtomicLong onTheWay = new AtomicLong(); // any thread: bytes of messages in the inbox
    private @Nullable Departures reading;
    private long arrived;
    private boolean flushScheduled;
    private boolean sweeping;
    private boolean late;
    private long now;

    final Counter messagesIn = new Counter();
    final Counter messagesOut = new Counter();
    final Counter bytesIn = new Counter();
    final Counter bytesOut = new Counter();

    /** The sessions' side of an event loop. */
    SessionLoop(LoopThread thread, SessionRegistry registry, SharedBudget pending, SharedBudget received) {
        this.thread = thread;
        this.registry = registry;
        this.broadcasts = new BroadcastBatch(thread);
        this.pending = new LoopShare(this, pending);
        this.received = new LoopShare(this, received);
        this.now = thread.nanoTime();
    }

    /** All sessions of the server. */
    SessionRegistry registry() {
        return registry;
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
        int turn = INBOX_TURN;
        Runnable task = inbox.poll();
        while (task != null) {
            runGuarded(task);
            task = --turn == 0 ? null : inbox.poll();
        }
        tellArrived();
        flushDirty();
        if (turn == 0) {
            thread.schedule(drainInbox, 1); // not execute: that may come before the sockets' turn
            return;
        }
        inboxScheduled.set(false);
        // What was added before that saw it scheduled.
        if (!inbox.isEmpty() && inboxScheduled.compareAndSet(false, true)) {
            thread.execute(drainInbox);
        }
    }

    /**
     * From any thread: asks leave to send a message on its way to this loop, so that a loop which is slower than the threads that
     * send does not fill the memory. A lone message always has it. To be followed by {@link #submitLater} of a task that says {@link
     * #arrived}, or by {@link #retract}.
     */
    boolean admit(int cost) {
        long before = onTheWay.getAndAdd(cost);
        if (before == 0 || before + cost <= pending.budget().shareOfLoop()) {
            return true;
        }
        retract(cost);
        return false;
    }

    /** From any thread: an admitted message stays away. */
    void retract(int cost) {
        onTheWay.addAndGet(-cost);
    }

    /** An admitted message is here. */
    void arrived(int cost) {
        arrived += cost;
        if (arrived >= pending.budget().grainBytes()) {
            tellArrived();
        }
    }

    private void tellArrived() {
        onTheWay.addAndGet(-arrived);
        arrived = 0;
    }

    /** The sessions of this loop hold so many more bytes that wait for their peers. */
    void held(long more) {
        pending.add(more);
    }

    /** The sessions of this loop hold so many more bytes of what their peers sent. */
    void heldReceived(long more) {
        received.add(more);
    }

    static void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable t) { // one session's failure must not cost the others their messages
            LOG.error("a session's task failed", t);
        }
    }

    /** Runs callbacks right here. */
    Callbacks callbacks() {
        return callbacks;
    }

    /** Time as of the latest sweep, or as of now where nothing sweeps: good for deadlines, too coarse to measure with. */
    long now() {
        return now;
    }

    SessionId nextSessionId() {
        return ids.next();
    }

    /** Broadcasts that sessions of this loop are to get with the next flush. */
    BroadcastBatch broadcasts() {
        return broadcasts;
    }

    /** What reads the bytes of a session's peer. */
    SpareEngine spareEngine() {
        return spareEngine;
    }

    /** Scratch memory, empty; the caller's until it returns to the loop. */
    MessageBuffer scratch() {
        scratch.clear(KEPT_SCRATCH_BYTES);
        return scratch;
    }

    /** The session of {@code queue} is being read from: its flush comes with {@link #endRead}. */
    void beginRead(Departures queue) {
        reading = queue;
    }

    void endRead(Departures queue) {
        reading = null;
        queue.flush();
        if (dirty.isEmpty()) {
            broadcasts.clear();
        }
    }

    /** Something was put into {@code queue}: flush it, once, at the end of what the loop is doing. */
    void flushSoon(Departures queue) {
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
            try {
                dirty.get(i).flush();
            } catch (Throwable t) {
                LOG.error("a session could not be flushed", t);
            }
        }
        dirty.clear();
        broadcasts.clear();
    }

    void add(LiveSession session) {
        int index = sessions.size();
        session.sweepIndex = index;
        sessions.add(session);
        if (index == due.length) {
            due = Arrays.copyOf(due, 2 * index);
        }
        if (!sweeping) {
            sweeping = true;
            now = thread.nanoTime();
            thread.schedule(sweep, SWEEP_NANOS);
        }
        stir(session);
    }

    /** Something about a session may have a time now that it had not before: the next sweep looks at it. */
    void stir(LiveSession session) {
        setDue(session, now);
    }

    private void setDue(LiveSession session, long when) {
        if (session.state() != SessionState.CLOSED) { // else its place is another's
            due[session.sweepIndex] = when;
        }
    }

    void remove(LiveSession session) {
        int last = sessions.size() - 1;
        LiveSession moved = sessions.remove(last);
        if (!moved.equals(session)) {
            sessions.set(session.sweepIndex, moved);
            moved.sweepIndex = session.sweepIndex;
            due[moved.sweepIndex] = due[last];
        }
    }

    private void sweep(LiveSession session, long lateNanos, boolean again) {
        try {
            setDue(session, session.sweep(now, lateNanos, again));
        } catch (Throwable t) {
            LOG.error("a session's deadlines could not be judged", t);
        }
    }

    private void sweep() {
        long before = now;
        now = thread.nanoTime();
        long sinceDue = now - before - SWEEP_NANOS;
        boolean again = late;
        late = sinceDue > SWEEP_NANOS;
        for (int i = sessions.size() - 1; i >= 0; i--) { // backwards: a session may remove itself
            if (late || now - due[i] >= 0) {
                sweep(sessions.get(i), late ? sinceDue : 0, again);
            }
        }
        if (sessions.isEmpty()) {
            sweeping = false;
        } else {
            thread.schedule(sweep, SWEEP_NANOS);
        }
    }
}
