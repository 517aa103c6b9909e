package io.hawser;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The server's certificate and key: from PEM files, or as a ready {@link SSLContext}. TLS 1.2 and 1.3 only.
 *
 * @since 0.1.0
 */
public final class Tls {

    private final @Nullable SSLContext context;
    private final @Nullable Path certificateChain;
    private final @Nullable Path privateKey;

    private Tls(@Nullable SSLContext context, @Nullable Path certificateChain, @Nullable Path privateKey) {
        this.context = context;
        this.certificateChain = certificateChain;
        this.privateKey = privateKey;
    }

    /**
     * TLS from PEM files, read when the server starts.
     *
     * @param certificateChain X.509, the server's own certificate first
     * @param privateKey PKCS #8, not encrypted
     * @return TLS settings
     */
    public static Tls pem(Path certificateChain, Path privateKey) {
        return new Tls(
                null,
                Objects.requireNonNull(certificateChain, "certificateChain"),
                Objects.requireNonNull(privateKey, "privateKey"));
    }

    /**
     * TLS from a context that the program has made.
     *
     * @param context with a key manager that has the server's certificate
     * @return TLS settings
     */
    public static Tls context(SSLContext context) {
        return new Tls(Objects.requireNonNull(context, "context"), null, null);
    }

    /**
     * The ready context.
     *
     * @return empty if there are PEM files
     */
    public Optional<SSLContext> sslContext() {
        return Optional.ofNullable(context);
    }

    /**
     * The certificate chain's file.
     *
     * @return empty if there is a ready context
     */
    public Optional<Path> certificateChain() {
        return Optional.ofNullable(certificateChain);
    }

    /**
     * The private key's file.
     *
     * @return empty if there is a ready context
     */
    public Optional<Path> privateKey() {
        return Optional.ofNullable(privateKey);
    }
}
