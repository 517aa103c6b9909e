package io.hawser.hostile.runner;

/** One hostile situation, its figures and their goals. */
interface Scenario {

    /** Throws what it could not do; what it measured, and whether that is enough, it tells the trial. */
    void run(Trial trial) throws Exception;
}
