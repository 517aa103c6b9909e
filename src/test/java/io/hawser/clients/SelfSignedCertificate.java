package io.hawser.clients;

import io.hawser.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** A certificate for {@code localhost} and 127.0.0.1, made by the JDK's keytool, and a client's trust in it alone. */
public final class SelfSignedCertificate {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String ALIAS = "suite";

    private final Path chain;
    private final Path key;
    private final KeyStore trusted;
    private final KeyStore own;

    private SelfSignedCertificate(Path chain, Path key, KeyStore trusted, KeyStore own) {
        this.chain = chain;
        this.key = key;
        this.trusted = trusted;
        this.own = own;
    }

    /** Leaves {@code certificate.pem} and {@code key.pem} in the directory, for clients that are other programs. */
    public static SelfSignedCertificate generate(Path directory) throws IOException, GeneralSecurityException {
        Files.createDirectories(directory);
        Path store = directory.resolve("suite.p12");
        Files.deleteIfExists(store);
        runKeytool(store);
        KeyStore generated = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            generated.load(in, PASSWORD);
        }
        Certificate certificate = generated.getCertificate(ALIAS);
        Path chain = writePem(directory.resolve("certificate.pem"), "CERTIFICATE", certificate.getEncoded());
        byte[] privateKey = generated.getKey(ALIAS, PASSWORD).getEncoded();
        Path key = writePem(directory.resolve("key.pem"), "PRIVATE KEY", privateKey);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, certificate);
        return new SelfSignedCertificate(chain, key, trusted, generated);
    }

    public Tls serverTls() {
        return Tls.pem(chain, key);
    }

    public SSLContext clientContext() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trustManagers().getTrustManagers(), null);
        return context;
    }

    /** As {@link #clientContext()}, for a client that has a certificate to show. */
    public SSLContext clientContext(SelfSignedCertificate ofClient) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(ofClient.own, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trustManagers().getTrustManagers(), null);
        return context;
    }

    /** The certificate, in PEM. */
    public Path certificateFile() {
        return chain;
    }

    /** Its key, in PEM. */
    public Path keyFile() {
        return key;
    }

    /** The certificate. */
    public Certificate certificate() throws GeneralSecurityException {
        return own.getCertificate(ALIAS);
    }

    X509TrustManager trustManager() throws GeneralSecurityException {
        return (X509TrustManager) trustManagers().getTrustManagers()[0];
    }

    private TrustManagerFactory trustManagers() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory;
    }

    private static void runKeytool(Path store) throws IOException {
        String password = new String(PASSWORD);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-validity",
                        "30",
                        "-alias",
                        ALIAS,
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        password)
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        }
    }

    private static Path writePem(Path file, String type, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
