package io.hawser.internal.server;

import io.hawser.Compression;
import io.hawser.Endpoint;
import io.hawser.Heartbeat;
import io.hawser.HttpLimits;
import io.hawser.HttpResponder;
import io.hawser.Limits;
import io.hawser.OriginPolicy;
import io.hawser.OverflowPolicy;
import io.hawser.ServerLimits;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.TrustedProxies;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What a {@link io.hawser.WebSocketServerBuilder} gathered. */
public record ServerConfig(
        InetSocketAddress address,
        @Nullable Path domainSocket,
        @Nullable Tls tls,
        Transport transport,
        int ioThreads,
        HttpLimits httpLimits,
        Limits limits,
        Heartbeat heartbeat,
        Compression compression,
        OriginPolicy originPolicy,
        OverflowPolicy overflowPolicy,
        ServerLimits serverLimits,
        @Nullable TrustedProxies trustedProxies,
        Set<String> allowedHosts,
        @Nullable Executor handlerExecutor,
        @Nullable HttpResponder httpResponder,
        List<Endpoint> endpoints) {}
