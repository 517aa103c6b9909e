package io.hawser.internal.server;

import io.netty.util.internal.PlatformDependent;

/** How much memory all sessions together may use where nobody said so. */
final class MemoryBudget {

    private MemoryBudget() {}

    /** A budget as configured; for 0 a quarter of the smaller of heap and direct memory: buffers are of both kinds. */
    static long orQuarter(long configuredBytes) {
        return configuredBytes != 0
                ? configuredBytes
                : Math.min(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory()) / 4;
    }
}
