package io.hawser.internal.server;

import io.hawser.Transport;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's parts for a transport. The native ones are optional dependencies, so each is reached through a class of its own, which
 * is not loaded before it is known to be there.
 *
 * @param server makes a listening channel
 * @param domain makes one for domain sockets; null where the transport has none
 */
record EventLoops(
        Transport transport,
        IoHandlerFactory io,
        ChannelFactory<ServerChannel> server,
        @Nullable ChannelFactory<ServerChannel> domain) {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);
    /** Whether this process was told that it does without the native transport that it has. */
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    /** The parts for a transport, or for the best there is; throws IllegalArgumentException if it is not to be had. */
    static EventLoops of(Transport wanted) {
        return switch (wanted) {
            case AUTO -> best();
            case NIO -> nio();
            case EPOLL ->
                require(wanted, "io.netty.channel.epoll.Epoll", "epoll", EpollParts::unavailability, EpollParts::loops);
            case IO_URING ->
                require(
                        wanted,
                        "io.netty.channel.uring.IoUring",
                        "io_uring",
                        UringParts::unavailability,
                        UringParts::loops);
            case KQUEUE ->
                require(
                        wanted,
                        "io.netty.channel.kqueue.KQueue",
                        "kqueue",
                        KqueueParts::unavailability,
                        KqueueParts::loops);
        };
    }

    private static EventLoops best() {
        Throwable epoll = null;
        if (isPresent("io.netty.channel.epoll.Epoll")) {
            epoll = EpollParts.unavailability();
            if (epoll == null) {
                return EpollParts.loops();
            }
        }
        Throwable kqueue = null;
        if (isPresent("io.netty.channel.kqueue.KQueue")) {
            kqueue = KqueueParts.unavailability();
            if (kqueue == null) {
                return KqueueParts.loops();
            }
        }
        if (epoll != null && (kqueue == null || isLinux())) {
            tell("epoll", epoll);
        } else if (kqueue != null) {
            tell("kqueue", kqueue);
        }
        return nio();
    }

    /** Where epoll is the transport to be had, and kqueue's jar is there for other machines. */
    private static boolean isLinux() {
        return System.getProperty("os.name", "").equals("Linux");
    }

    private static void tell(String name, Throwable unavailability) {
        if (TOLD.compareAndSet(false, true)) {
            LOG.info("transport NIO: {} is there, and does not work here: {}", name, unavailability.toString());
        }
    }

    private static EventLoops nio() {
        return new EventLoops(Transport.NIO, NioIoHandler.newFactory(), NioListeningChannel::new, null);
    }

    private interface Unavailability {
        @Nullable
        Throwable get();
    }

    private interface Parts {
        EventLoops get();
    }

    private static EventLoops require(
            Transport wanted, String className, String name, Unavailability unavailability, Parts parts) {
        if (!isPresent(className)) {
            throw new IllegalArgumentException("transport " + wanted + " needs io.netty:netty-transport-native-" + name
                    + ", with the classifier of this platform, on the class path; on the module path also --add-modules"
                    + " io.netty.transport.classes." + name + " and the native jar's module");
        }
        Throwable cause = unavailability.get();
        if (cause != null) {
            throw new IllegalArgumentException("transport " + wanted + " does not work on this machine", cause);
        }
        return parts.get();
    }

    static boolean isPresent(String className) {
        try {
            Class.forName(className, false, EventLoops.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }

    private static final class EpollParts {
        static @Nullable Throwable unavailability() {
            return Epoll.unavailabilityCause();
        }

        static EventLoops loops() {
            return new EventLoops(
                    Transport.EPOLL,
                    EpollIoHandler.newFactory(),
                    EpollServerSocketChannel::new,
                    EpollServerDomainSocketChannel::new);
        }
    }

    private static final class UringParts {
        /** Netty reads it once, when its class is loaded. */
        private static final String MULTISHOT_ACCEPT = "io.netty.iouring.acceptMultiShotEnabled";

        static {
            // A multishot accept that failed is repeated at once, whoever asks it not to: without a file left, that
            // never ends.
            if (System.getProperty(MULTISHOT_ACCEPT) == null) {
                System.setProperty(MULTISHOT_ACCEPT, "false");
            }
        }

        static @Nullable Throwable unavailability() {
            return IoUring.unavailabilityCause();
        }

        static EventLoops loops() {
            return new EventLoops(
                    Transport.IO_URING, IoUringIoHandler.newFactory(), IoUringServerSocketChannel::new, null);
        }
    }

    private static final class KqueueParts {
        static @Nullable Throwable unavailability() {
            return KQueue.unavailabilityCause();
        }

        static EventLoops loops() {
            return new EventLoops(
                    Transport.KQUEUE,
                    KQueueIoHandler.newFactory(),
                    KQueueServerSocketChannel::new,
                    KQueueServerDomainSocketChannel::new);
        }
    }
}
