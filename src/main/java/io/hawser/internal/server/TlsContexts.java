package io.hawser.internal.server;

import io.hawser.Tls;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Netty's TLS context for the settings of a program: JDK provider, TLS 1.3 and 1.2. */
final class TlsContexts {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /** Only http/1.1: a browser that hears of h2 would use it for WebSockets too (RFC 8441). */
    private static final ApplicationProtocolConfig ALPN = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            "http/1.1");

    private TlsContexts() {}

    static SslContext of(Tls tls) {
        return tls.sslContext().map(TlsContexts::wrap).orElseGet(() -> read(tls));
    }

    private static SslContext wrap(SSLContext context) {
        return new JdkSslContext(
                context, false, null, IdentityCipherSuiteFilter.INSTANCE, ALPN, ClientAuth.NONE, PROTOCOLS, false);
    }

    private static SslContext read(Tls tls) {
        Path chain = tls.certificateChain().orElseThrow();
        Path key = tls.privateKey().orElseThrow();
        try {
            return SslContextBuilder.forServer(chain.toFile(), key.toFile())
                    .sslProvider(SslProvider.JDK)
                    .protocols(PROTOCOLS)
                    .applicationProtocolConfig(ALPN)
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException("no usable certificate and PKCS #8 key in " + chain + " and " + key, e);
        }
    }
}
