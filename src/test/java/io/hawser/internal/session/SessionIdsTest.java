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
                byte[] id = Base64.getUrlDecoder().decode(ids.next().id());
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
        Set<SessionId> seen = new HashSet<>();
        for (int i = 0; i < 1_000_000; i++) {
            seen.add(ids.next());
        }
        assertThat(seen).hasSize(1_000_000);
    }

    /** A session is found by what it was named, and by nothing that is merely decoded alike. */
    @Test
    void anIdIsWrittenInOneWay() {
        SessionId id = new SessionId(0x0102030405060708L, -1);
        assertThat(id.id()).isEqualTo("AQIDBAUGBwj__________w").hasSize(22);
        assertThat(SessionId.parse(id.id())).isEqualTo(id).hasSameHashCodeAs(id);
        assertThat(SessionId.parse("AQIDBAUGBwj__________x"))
                .as("bits that no byte has")
                .isNull();
        assertThat(SessionId.parse("AQIDBAUGBwj__________w=="))
                .as("with padding")
                .isNull();
        assertThat(SessionId.parse("AQIDBAUGBwj_________")).as("too short").isNull();
        assertThat(SessionId.parse("not base64!")).isNull();
        assertThat(SessionId.parse("")).isNull();
        assertThat(id).isNotEqualTo(new SessionId(0x0102030405060708L, 0)).isNotEqualTo(new SessionId(0, -1));
    }
}
