package io.hawser.internal.session;

/** One event loop's part of a {@link SharedBudget}, which it tells in grains. For the loop's thread. */
final class LoopShare {

    private final SessionLoop loop;
    private final SharedBudget budget;
    private long held;
    private long told;

    LoopShare(SessionLoop loop, SharedBudget budget) {
        this.loop = loop;
        this.budget = budget;
    }

    SharedBudget budget() {
        return budget;
    }

    /** The sessions of this loop hold so many more bytes. */
    void add(long more) {
        held += more;
        long change = held - told;
        if (change >= budget.grainBytes() || change <= -budget.grainBytes()) {
            told = held;
            if (budget.add(change)) {
                loop.submitLater(budget::shed);
            }
        }
    }
}
