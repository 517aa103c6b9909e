package io.hawser.internal.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds what a TCP connection's kernel takes beyond what the peer has room for, where the transport can say so
 * ({@code TCP_NOTSENT_LOWAT}). Without it Linux takes up to 4 MiB and asks for more only when a third of that is free: a slow peer
 * would look dead for as long as it needs to read it, pings would come behind it, and messages that a policy would drop are sent
 * stale.
 */
final class UnsentMark {

    private static final String OPTION = "TCP_NOTSENT_LOWAT";
    private static final long BYTES = 128 * 1024;

    /** By type of channel, for a transport's options are constants of its own. */
    private static final Map<Class<?>, ChannelOption<?>> OPTIONS = new ConcurrentHashMap<>();
    /** Stands for none: all channels know it. */
    private static final ChannelOption<?> NONE = ChannelOption.AUTO_READ;

    private UnsentMark() {}

    /** Sets the bound on a channel; does nothing where there is no such option. */
    static void set(Channel channel) {
        ChannelOption<?> option = OPTIONS.computeIfAbsent(channel.getClass(), type -> find(channel.config()));
        if (!option.equals(NONE)) {
            @SuppressWarnings("unchecked") // the option's type on every transport that has it
            ChannelOption<Long> mark = (ChannelOption<Long>) option;
            channel.config().setOption(mark, BYTES);
        }
    }

    private static ChannelOption<?> find(ChannelConfig config) {
        for (ChannelOption<?> option : config.getOptions().keySet()) {
            if (option.name().endsWith(OPTION)) {
                return option;
            }
        }
        return NONE;
    }
}
