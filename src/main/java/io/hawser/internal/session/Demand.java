package io.hawser.internal.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** How many messages a program is ready for; without end, to begin with. Any thread. */
final class Demand {

    private static final long ENDLESS = Long.MAX_VALUE;
    private static final VarHandle LEFT;

    static {
        try {
            LEFT = MethodHandles.lookup().findVarHandle(Demand.class, "left", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long left = ENDLESS;

    /** Uses up one; false if there is none. */
    boolean take() {
        while (true) {
            long before = left;
            if (before == ENDLESS) {
                return true;
            }
            if (before == 0) {
                return false;
            }
            if (LEFT.compareAndSet(this, before, before - 1)) {
                return true;
            }
        }
    }

    void add(long more) {
        long before;
        do {
            before = left;
        } while (!LEFT.compareAndSet(this, before, before > ENDLESS - more ? ENDLESS : before + more));
    }

    void clear() {
        left = 0;
    }
}
