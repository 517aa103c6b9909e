package io.hawser.internal.handshake;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hawser.internal.deflate.ExtensionOffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** No text makes a parser throw, and what a parser accepts means the same when it is written out and read again. */
class HeaderFuzzTest {

    @FuzzTest(maxExecutions = 1_000_000)
    void extensions(byte[] bytes) {
        List<String> lines = lines(bytes);
        List<ExtensionOffer> offers = ExtensionHeader.parse(lines);
        if (offers != null) {
            require(!offers.isEmpty(), "a header offers something");
            require(offers.equals(ExtensionHeader.parse(List.of(write(offers, "")))), "plain");
            require(offers.equals(ExtensionHeader.parse(List.of(write(offers, "\"")))), "quoted");
        }
    }

    private static String write(List<ExtensionOffer> offers, String quote) {
        StringBuilder text = new StringBuilder();
        for (ExtensionOffer offer : offers) {
            text.append(text.isEmpty() ? "" : ", ").append(offer.name());
            for (ExtensionOffer.Parameter parameter : offer.parameters()) {
                text.append("; ").append(parameter.name());
                if (parameter.value() != null) {
                    text.append('=').append(quote).append(parameter.value()).append(quote);
                }
            }
        }
        return text.toString();
    }

    @FuzzTest(maxExecutions = 1_000_000)
    void subprotocols(byte[] bytes) {
        Set<String> tokens = HeaderList.uniqueTokens(lines(bytes));
        if (tokens != null) {
            require(!tokens.isEmpty(), "a header has a token");
            require(tokens.stream().allMatch(HttpToken::isToken), "tokens");
            require(tokens.equals(HeaderList.uniqueTokens(List.of(String.join(",", tokens)))), "again");
            for (String token : tokens) {
                require(HeaderList.containsToken(List.copyOf(tokens), token), "each is contained");
            }
        }
    }

    @FuzzTest(maxExecutions = 1_000_000)
    void cookies(byte[] bytes) {
        List<String> lines = lines(bytes);
        String name = lines.get(0);
        Optional<String> value = Cookies.find(lines, name);
        if (value.isPresent()) {
            require(lines.stream().anyMatch(line -> line.contains(name + "=")), "a cookie is in the header");
            require(value.get().indexOf(';') < 0, "a cookie ends at a semicolon");
        }
    }

    @FuzzTest(maxExecutions = 1_000_000)
    void hosts(byte[] bytes) {
        HostHeader host = HostHeader.parse(text(bytes));
        if (host != null) {
            String text = host.port() == HostHeader.NO_PORT ? host.host() : host.host() + ":" + host.port();
            require(host.equals(HostHeader.parse(text)), "again");
            require(host.port() >= HostHeader.NO_PORT && host.port() <= 65535, "a port is one of TCP");
            require(host.host().chars().allMatch(c -> c > ' ' && c < 0x7F && "@/?#,\\%".indexOf(c) < 0), "no traps");
        }
    }

    @FuzzTest(maxExecutions = 1_000_000)
    void targets(byte[] bytes) {
        RequestTarget target = RequestTarget.parse(text(bytes));
        if (target != null) {
            require(target.path().startsWith("/"), "a path begins with a slash");
            require(target.path().indexOf('?') < 0, "a path has no query");
            require(PercentEncoding.decode(target.path()) != null, "a path is UTF-8");
            QueryString.parse(target.query());
        }
    }

    private static List<String> lines(byte[] bytes) {
        return List.of(text(bytes).split("\n", -1));
    }

    /** As Netty's decoder reads bytes. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new AssertionError(rule);
        }
    }
}
