package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Provider;
import java.security.SecureRandomSpi;
import java.security.Security;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionIdsTest {

    /** Every id has the bytes that SecureRandom gave, all of them, and no byte is used twice. */
    @Test
    void everyBitOfAnIdIsSecureRandoms() {
        Provider counting = new Provider("Counting", "1", "counts where it should be random") {};
        counting.put("SecureRandom.Counting", CountingRandom.class.getName());
        Security.insertProviderAt(counting, 1);
        try {
            SessionIds ids = new SessionIds();
            CountingRandom.next = 0;
            for (int i = 0; i < 1_000; i++) {
                byte[] id = Base64.getUrlDecoder().decode(ids.next());
                assertThat(id).hasSize(16);
                for (int at = 0; at < id.length; at++) {
                    assertThat(id[at]).isEqualTo((byte) (31 * (16 * i + at)));
                }
            }
        } finally {
            Security.removeProvider(counting.getName());
        }
    }

    public static final class CountingRandom extends SecureRandomSpi {

        private static final long serialVersionUID = 1;
        private static int next;

        @Override
        protected void engineSetSeed(byte[] seed) {}

        @Override
        protected void engineNextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (31 * next++);
            }
        }

        @Override
        protected byte[] engineGenerateSeed(int bytes) {
            return new byte[bytes];
        }
    }

    @Test
    void aMillionIdsDoNotRepeat() {
        SessionIds ids = new SessionIds();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000_000; i++) {
            seen.add(ids.next());
        }
        assertThat(seen).hasSize(1_000_000);
    }
}
