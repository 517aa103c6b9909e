package io.hawser;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** No text makes the parser throw; what it accepts is an origin that, written out, is the same origin. */
class OriginFuzzTest {

    private static final OriginPolicy LIST = OriginPolicy.allowOnly("https://good.com", "https://*.good.com:8443");

    @FuzzTest(maxExecutions = 1_000_000)
    void origins(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Origin origin = Origin.parse(text);
        if (origin == null) {
            require(!allows(text), "what is no origin is refused");
            return;
        }
        String port = origin.port() < 0 ? "" : ":" + origin.port();
        require(origin.equals(Origin.parse(origin.scheme() + "://" + origin.host() + port)), "again");
        require(allows(text) == isListed(origin), "the list decides by the tuple");
    }

    private static boolean allows(String origin) {
        return LIST.allows(origin, null);
    }

    private static boolean isListed(Origin origin) {
        boolean exact = origin.host().equals("good.com") && origin.port() == 443;
        int dot = origin.host().indexOf('.');
        boolean wild = dot > 0 && origin.host().substring(dot).equals(".good.com") && origin.port() == 8443;
        return origin.scheme().equals("https") && (exact || wild);
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new AssertionError(rule);
        }
    }
}
