package io.hawser.examples.auth;

import io.hawser.examples.auth.identity.Passwords;
import io.hawser.examples.auth.identity.SigningKeys;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What differs from place to place.
 *
 * @param address where to listen
 * @param keys that sign and verify tokens
 * @param passwords the users
 * @param tokenLifetime of an access token
 * @param loginLifetime of a login and its cookie
 * @param isSecure whether browsers reach the server over https, here or at a proxy
 */
record Settings(
        InetSocketAddress address,
        SigningKeys keys,
        Passwords passwords,
        Duration tokenLifetime,
        Duration loginLifetime,
        boolean isSecure) {

    private static final Duration TOKEN = Duration.ofMinutes(5);
    private static final Duration LOGIN = Duration.ofHours(8);

    /** Everybody knows the demonstration's passwords: with them, only this very machine is served. */
    static Settings demonstration(int port, SigningKeys keys) throws IOException {
        try (InputStream users = Settings.class.getResourceAsStream("/demo-users.txt")) {
            String lines = new String(users.readAllBytes(), StandardCharsets.UTF_8);
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            return new Settings(address, keys, Passwords.parse(lines.lines().toList()), TOKEN, LOGIN, false);
        }
    }

    Settings withUsers(List<String> lines) {
        InetSocketAddress anywhere = new InetSocketAddress(address.getPort());
        return new Settings(anywhere, keys, Passwords.parse(lines), tokenLifetime, loginLifetime, isSecure);
    }

    Settings withTokenLifetime(Duration lifetime) {
        return new Settings(address, keys, passwords, lifetime, loginLifetime, isSecure);
    }

    Settings withSecureCookies() {
        return new Settings(address, keys, passwords, tokenLifetime, loginLifetime, true);
    }

    /** The port is the argument, else the environment's PORT, else 8080; the rest is the environment's. */
    static Settings of(String[] args, Map<String, String> environment) throws IOException {
        int port = port(args.length > 0 ? args[0] : environment.getOrDefault("PORT", "8080"));
        String keyFile = environment.get("AUTH_KEYS");
        SigningKeys keys = keyFile == null ? SigningKeys.ephemeral() : SigningKeys.in(Path.of(keyFile));
        Settings settings = demonstration(port, keys);
        if (environment.containsKey("AUTH_USERS")) {
            settings = settings.withUsers(Files.readAllLines(Path.of(environment.get("AUTH_USERS"))));
        }
        if (environment.containsKey("AUTH_TOKEN_SECONDS")) {
            settings = settings.withTokenLifetime(
                    Duration.ofSeconds(Integer.parseInt(environment.get("AUTH_TOKEN_SECONDS"))));
        }
        return "true".equals(environment.get("AUTH_HTTPS")) ? settings.withSecureCookies() : settings;
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("a port is a number of 0 to 65535");
        }
        return Integer.parseInt(text);
    }
}
