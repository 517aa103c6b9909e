package io.hawser;

/**
 * How a server talks to the operating system.
 *
 * @since 0.1.0
 */
public enum Transport {
    /** The fastest that this machine and class path have: epoll on Linux, kqueue on BSD and macOS, NIO elsewhere. */
    AUTO,
    /** Linux io_uring; needs {@code netty-transport-native-io_uring} on the class path. */
    IO_URING,
    /** Linux epoll; needs {@code netty-transport-native-epoll} on the class path. */
    EPOLL,
    /** BSD and macOS kqueue; needs {@code netty-transport-native-kqueue} on the class path. */
    KQUEUE,
    /** The JDK's own selectors: everywhere, with nothing added. */
    NIO
}
