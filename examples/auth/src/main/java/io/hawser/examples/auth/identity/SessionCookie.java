package io.hawser.examples.auth.identity;

import io.hawser.RequestHead;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The cookie that a login is known by. Scripts cannot read it (HttpOnly), and no other site's page makes a browser send it
 * (SameSite=Strict). The default origin policy keeps other origins from the endpoint besides.
 */
public final class SessionCookie {

    private final boolean isSecure;
    private final String name;

    /**
     * How it is set.
     *
     * @param isSecure whether browsers reach us over https, here or at a proxy. Then the name begins with {@code __Host-}, and no
     *     sibling of our domain can set one in our place (RFC 6265bis §4.1.3.2)
     */
    public SessionCookie(boolean isSecure) {
        this.isSecure = isSecure;
        this.name = isSecure ? "__Host-session" : "session";
    }

    /** What it is called. */
    public String name() {
        return name;
    }

    /** What a request has in it. */
    public Optional<String> in(RequestHead request) {
        return request.cookie(name);
    }

    /** The value of Set-Cookie for a login. */
    public String set(Logins.Opened login, Instant now) {
        long seconds = Duration.between(now, login.identity().expiresAt()).toSeconds();
        return line(login.cookie(), seconds);
    }

    /** The value of Set-Cookie that takes it away. */
    public String clear() {
        return line("", 0);
    }

    private String line(String value, long seconds) {
        return name + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (isSecure ? "; Secure" : "");
    }
}
