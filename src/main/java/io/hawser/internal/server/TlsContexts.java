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
        return tls.sslContext().map(context -> wrap(context, clientAuth(tls))).orElseGet(() -> read(tls));
    }

    private static ClientAuth clientAuth(Tls tls) {
        return switch (tls.clientCertificate()) {
            case NONE -> ClientAuth.NONE;
            case WANTED -> ClientAuth.OPTIONAL;
            case REQUIRED -> ClientAuth.REQUIRE;
        };
    }

    private static SslContext wrap(SSLContext context, ClientAuth clientAuth) {
        return new JdkSslContext(
                context, false, null, IdentityCipherSuiteFilter.INSTANCE, ALPN, clientAuth, PROTOCOLS, false);
    }

    private static SslContext read(Tls tls) {
        Path chain = tls.certificateChain().orElseThrow();
        Path key = tls.privateKey().orElseThrow();
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(chain.toFile(), key.toFile())
                    .sslProvider(SslProvider.JDK)
                    .protocols(PROTOCOLS)
                    .clientAuth(clientAuth(tls))
                    .applicationProtocolConfig(ALPN);
            tls.clientAuthorities().ifPresent(file -> trust(builder, file));
            SslContext context = builder.build();
            TlsTrial.run(context);
            return context;
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "no usable certificate and PKCS #8 key in " + chain + " and " + key + ": " + e.getMessage(), e);
        }
    }

    private static void trust(SslContextBuilder builder, Path authorities) {
        try {
            builder.trustManager(authorities.toFile());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no certificates of authorities in " + authorities, e);
        }
    }
}
