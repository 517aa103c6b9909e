package io.hawser.internal.deflate;

import static io.hawser.internal.deflate.DeflateFixture.agreement;
import static io.hawser.internal.deflate.DeflateFixture.cut;
import static io.hawser.internal.deflate.DeflateFixture.decode;
import static io.hawser.internal.deflate.DeflateFixture.encode;
import static io.hawser.internal.deflate.DeflateFixture.encodeShared;
import static io.hawser.internal.deflate.DeflateFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Compression;
import io.hawser.Message;
import io.hawser.internal.protocol.MessageBuffer;
import io.hawser.internal.protocol.ProtocolViolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageDeflaterTest {

    private static final int[] SIZES = {
        0,
        1,
        2,
        3,
        5,
        127,
        128,
        129,
        255,
        256,
        257,
        511,
        513,
        1_000,
        4_095,
        4_096,
        4_097,
        8_191,
        8_193,
        32_768,
        65_537,
        200 * 1024
    };

    private final DeflatePool pool = new DeflatePool();
    private final Random random = new Random(7692);

    @AfterEach
    void close() {
        assertThat(pool.lent()).isZero();
        pool.close();
    }

    static Stream<Arguments> windowsTakeoversAndLevels() {
        List<Arguments> all = new ArrayList<>();
        for (int bits = 8; bits <= 15; bits++) {
            for (int level : new int[] {1, 6, 9}) {
                all.add(Arguments.of(bits, true, level));
                all.add(Arguments.of(bits, false, level));
            }
        }
        return all.stream();
    }

    private DeflateTransform server(int bits, boolean takeover, int level) {
        Compression compression = Compression.on().withLevel(level);
        if (!takeover) {
            compression = compression.withoutServerContextTakeover();
        }
        return new DeflateTransform(agreement(compression, "server_max_window_bits=" + bits), compression, pool);
    }

    /** Our own inflating side as the client of that window. */
    private DeflateTransform client(int bits, boolean takeover) {
        Compression compression = takeover ? Compression.on().withClientContextTakeover() : Compression.on();
        return new DeflateTransform(agreement(compression, "client_max_window_bits=" + bits), compression, pool);
    }

    /** Words that repeat at all distances, noise, or runs: what compresses well, not at all, and absurdly. */
    private byte[] payload(int size) {
        byte[] bytes = new byte[size];
        int kind = random.nextInt(4);
        if (kind == 0) {
            random.nextBytes(bytes);
        } else if (kind > 1) {
            byte[] words = new byte[64 << random.nextInt(10)];
            random.nextBytes(words);
            for (int at = 0; at < size; ) {
                int from = random.nextInt(words.length);
                int length = Math.min(Math.min(3 + random.nextInt(60), words.length - from), size - at);
                System.arraycopy(words, from, bytes, at, length);
                at += length;
            }
        }
        return bytes;
    }

    /** Java's own inflater, of 15 bits, would not notice a distance that is too large. */
    @ParameterizedTest(name = "window {0}, takeover {1}, level {2}")
    @MethodSource("windowsTakeoversAndLevels")
    void everyMessageIsReadByAnInflaterOfThatVeryWindow(int bits, boolean takeover, int level) {
        DeflateTransform server = server(bits, takeover, level);
        DeflateTransform client = client(bits, takeover);
        StrictInflater strict = new StrictInflater(bits, takeover);
        int[] pieceBytes = {1, 2, 7, 100, 4_096, 1_000_000};
        for (int round = 0; round < 44; round++) {
            int size = round < SIZES.length ? SIZES[round] : random.nextInt(20_000);
            byte[] payload = payload(size);
            byte[] message = encode(server, payload);
            assertThat(strict.message(message)).isEqualTo(payload);
            assertThat(decode(client, cut(message, pieceBytes[round % pieceBytes.length])))
                    .isEqualTo(payload);
        }
        assertThat(strict.largestDistance()).isBetween(1 << bits - 1, 1 << bits);
    }

    @ParameterizedTest(name = "window {0}, takeover {1}, level {2}")
    @MethodSource("windowsTakeoversAndLevels")
    void ownSharedAndUncompressedMessagesMix(int bits, boolean takeover, int level) {
        DeflateTransform server = server(bits, takeover, level);
        DeflateTransform elsewhere = server(bits, takeover, level);
        DeflateTransform client = client(bits, takeover);
        StrictInflater strict = new StrictInflater(bits, takeover);
        List<byte[]> topics = List.of(payload(40), payload(300), payload(3_000), payload(9_000));
        for (int i = 0; i < 300; i++) {
            byte[] payload = random.nextInt(5) == 0 ? payload(random.nextInt(500)) : topics.get(random.nextInt(4));
            int kind = random.nextInt(3);
            if (kind == 0) {
                continue; // goes uncompressed: nobody's window gets to know
            }
            byte[] message;
            if (kind == 1) {
                message = encodeShared(elsewhere, payload);
                server.sharedSent(payload);
            } else {
                message = encode(server, payload);
            }
            assertThat(strict.message(message)).isEqualTo(payload);
            assertThat(decode(client, message)).isEqualTo(payload);
        }
    }

    @Test
    void sharedMessageIsReferredTo() {
        DeflateTransform server = server(15, true, 6);
        byte[] noise = new byte[1_000];
        random.nextBytes(noise);
        encodeShared(server, noise);
        assertThat(encode(server, noise).length)
                .as("encoded for others, not sent here")
                .isGreaterThan(1_000);
        server.sharedSent(noise);
        assertThat(encode(server, noise).length).isLessThan(50);
    }

    @Test
    void sharedMessageRefersToNothing() {
        DeflateTransform server = server(15, true, 6);
        byte[] noise = new byte[1_000];
        random.nextBytes(noise);
        byte[] first = encode(server, noise);
        assertThat(encodeShared(server, noise)).isEqualTo(first);
    }

    @Test
    void fourKiBytesArePlaintextEnough() {
        DeflateTransform server = server(15, true, 6);
        byte[] far = new byte[1_000];
        byte[] near = new byte[MessageDeflater.DICTIONARY_BYTES];
        random.nextBytes(far);
        random.nextBytes(near);
        encode(server, far);
        encode(server, near);
        assertThat(encode(server, far).length).as("out of reach").isGreaterThan(1_000);
        assertThat(encode(server, new byte[0])).containsExactly(0);
        assertThat(encode(server, far).length)
                .as("the empty message moved nothing")
                .isLessThan(50);
    }

    @Test
    void contextTakeoverPaysForSmallMessagesThatResembleEachOther() {
        DeflateTransform with = server(15, true, 6);
        DeflateTransform without = server(15, false, 6);
        int raw = 0;
        int small = 0;
        int large = 0;
        for (int i = 0; i < 200; i++) {
            byte[] tick = utf8("{\"type\":\"tick\",\"symbol\":\"HWS\",\"bid\":" + random.nextInt(9_999) + ",\"ask\":"
                    + random.nextInt(9_999) + ",\"time\":" + (1_700_000_000L + i) + "}");
            raw += tick.length;
            small += encode(with, tick).length;
            large += encode(without, tick).length;
        }
        assertThat(small).isLessThan(raw / 2).isLessThan(large / 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
    void sharingKeysAreEqualWhereMessagesAreInterchangeable(int bits) {
        assertThat(server(bits, true, 6).sharingKey())
                .isEqualTo(server(bits, false, 6).sharingKey());
        for (int otherBits = 8; otherBits <= 15; otherBits++) {
            for (int level = 1; level <= 9; level++) {
                boolean same = otherBits == bits && level == 6;
                assertThat(server(otherBits, true, level)
                                .sharingKey()
                                .equals(server(bits, true, 6).sharingKey()))
                        .isEqualTo(same);
            }
        }
    }

    @Test
    void outputGoesBehindNothingAndKeepsTheCallersArray() {
        DeflateTransform server = server(15, true, 6);
        MessageBuffer out = new MessageBuffer(Integer.MAX_VALUE);
        server.encode(new byte[5_000], out);
        byte[] array = out.array();
        for (int i = 0; i < 10; i++) {
            out.clear(Integer.MAX_VALUE);
            server.encode(new byte[5_000], out);
            assertThat(out.array()).isSameAs(array);
        }
    }

    @Test
    void deflaterIsFitForTheNextMessageAfterOneThatFailed() {
        DeflateTransform server = server(9, false, 6);
        byte[] noise = new byte[10_000];
        random.nextBytes(noise);
        assertThatThrownBy(() -> server.encode(noise, new MessageBuffer(2_000))).isInstanceOf(ProtocolViolation.class);
        assertThat(new StrictInflater(9, false).message(encode(server, noise))).isEqualTo(noise);
    }

    @Test
    void messagesBelowTheThresholdAndThoseOptedOutAreLeftAlone() {
        Compression compression = Compression.on().withThresholdBytes(10);
        DeflateTransform transform = new DeflateTransform(agreement(compression), compression, pool);
        assertThat(transform.encodes(Message.text("123456789"))).isFalse();
        assertThat(transform.encodes(Message.text("1234567890"))).isTrue();
        assertThat(transform.encodes(Message.text("1234567890").uncompressed())).isFalse();
    }
}
