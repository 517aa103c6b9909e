package io.hawser.examples.auth.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.util.UUID;

/**
 * The keys of {@link TokenIssuer}: a JWK set (RFC 7517) in a file. The first one signs, all of them verify. To change keys, put a new
 * one first, restart, and remove the old one when its last token has expired.
 *
 * @param all every key
 * @param first the one to sign with
 */
public record SigningKeys(JWKSet all, RSAKey first) {

    private static final int BITS = 2048;

    /** A key that ends with the process, as do all tokens that it signs. */
    public static SigningKeys ephemeral() {
        try {
            return of(new JWKSet(new RSAKeyGenerator(BITS)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(AccessTokens.ALGORITHM)
                    .keyID(UUID.randomUUID().toString())
                    .generate()));
        } catch (JOSEException e) {
            throw new IllegalStateException("no RSA key can be made");
        }
    }

    /** Reads the file; makes it, for its owner's eyes alone, if it is not there. */
    public static SigningKeys in(Path file) throws IOException {
        if (Files.notExists(file)) {
            Files.createFile(file, ownerOnly());
            Files.writeString(file, ephemeral().all.toString(false));
        }
        try {
            return of(JWKSet.load(file.toFile()));
        } catch (ParseException e) {
            throw new IllegalArgumentException(file + " is not a JWK set");
        }
    }

    private static SigningKeys of(JWKSet all) {
        for (JWK key : all.getKeys()) {
            if (!(key instanceof RSAKey) || key.getKeyID() == null) {
                throw new IllegalArgumentException("every key must be an RSA key with a kid");
            }
        }
        if (all.isEmpty() || !all.getKeys().get(0).isPrivate()) {
            throw new IllegalArgumentException("the first key must be a private one");
        }
        return new SigningKeys(all, all.getKeys().get(0).toRSAKey());
    }

    private static FileAttribute<?>[] ownerOnly() {
        boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public String toString() {
        return first.getKeyID();
    }
}
