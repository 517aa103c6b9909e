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

    /** Whether clients show a certificate. */
    public enum ClientCertificate {
        /** Clients are not asked. */
        NONE,
        /** Clients are asked, and may have none. */
        WANTED,
        /** Clients without one do not get through the TLS handshake. */
        REQUIRED
    }

    private final @Nullable SSLContext context;
    private final @Nullable Path certificateChain;
    private final @Nullable Path privateKey;
    private final ClientCertificate clientCertificate;
    private final @Nullable Path clientAuthorities;

    private Tls(
            @Nullable SSLContext context,
            @Nullable Path certificateChain,
            @Nullable Path privateKey,
            ClientCertificate clientCertificate,
            @Nullable Path clientAuthorities) {
        this.context = context;
        this.certificateChain = certificateChain;
        this.privateKey = privateKey;
        this.clientCertificate = clientCertificate;
        this.clientAuthorities = clientAuthorities;
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
                Objects.requireNonNull(privateKey, "privateKey"),
                ClientCertificate.NONE,
                null);
    }

    /**
     * TLS from a context that the program has made.
     *
     * @param context with a key manager that has the server's certificate
     * @return TLS settings
     */
    public static Tls context(SSLContext context) {
        return new Tls(Objects.requireNonNull(context, "context"), null, null, ClientCertificate.NONE, null);
    }

    /**
     * Asks clients for certificates that one of these authorities signed. The handshake hook finds them in
     * {@link RequestHead#tls()}.
     *
     * @param clientCertificate whether they must have one
     * @param authorities X.509 certificates in PEM
     * @return new settings
     * @throws IllegalStateException if there is a ready context: its trust manager says whom it trusts
     */
    public Tls withClientCertificates(ClientCertificate clientCertificate, Path authorities) {
        if (context != null) {
            throw new IllegalStateException("a ready context has a trust manager of its own");
        }
        return new Tls(
                null,
                certificateChain,
                privateKey,
                Objects.requireNonNull(clientCertificate, "clientCertificate"),
                Objects.requireNonNull(authorities, "authorities"));
    }

    /**
     * Asks clients for certificates that the context's trust manager, or the JDK's, accepts.
     *
     * @param clientCertificate whether they must have one
     * @return new settings
     */
    public Tls withClientCertificates(ClientCertificate clientCertificate) {
        return new Tls(
                context,
                certificateChain,
                privateKey,
                Objects.requireNonNull(clientCertificate, "clientCertificate"),
                clientAuthorities);
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

    /**
     * Whether clients show a certificate.
     *
     * @return {@link ClientCertificate#NONE} unless set
     */
    public ClientCertificate clientCertificate() {
        return clientCertificate;
    }

    /**
     * Who signs the clients' certificates.
     *
     * @return empty for the context's trust manager, or the JDK's
     */
    public Optional<Path> clientAuthorities() {
        return Optional.ofNullable(clientAuthorities);
    }
}
