package io.hawser.internal.deflate;

import static io.hawser.internal.deflate.DeflateFixture.agreement;
import static io.hawser.internal.deflate.DeflateFixture.closeCodeOf;
import static io.hawser.internal.deflate.DeflateFixture.cut;
import static io.hawser.internal.deflate.DeflateFixture.decode;
import static io.hawser.internal.deflate.DeflateFixture.hex;
import static io.hawser.internal.deflate.DeflateFixture.text;
import static io.hawser.internal.deflate.DeflateFixture.utf8;
import static io.hawser.internal.deflate.DeflateFixture.zeroBomb;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Compression;
import io.hawser.internal.protocol.MessageBuffer;
import io.hawser.testing.ZlibClient;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageInflaterTest {

    private static final Compression TAKEOVER = Compression.on().withClientContextTakeover();

    private final DeflatePool pool = new DeflatePool();
    private final DeflateTransform alone = new DeflateTransform(agreement(Compression.on()), Compression.on(), pool);
    private final DeflateTransform takeover = new DeflateTransform(agreement(TAKEOVER), TAKEOVER, pool);

    @AfterEach
    void nothingIsHeld() {
        alone.release();
        takeover.release();
        assertThat(pool.lent()).isZero();
        pool.close();
    }

    private static byte[] json(int bytes) {
        StringBuilder json = new StringBuilder();
        Random random = new Random(bytes);
        while (json.length() < bytes) {
            json.append("{\"symbol\":\"HWS\",\"price\":")
                    .append(random.nextInt(100_000))
                    .append("},");
        }
        return Arrays.copyOf(utf8(json.toString()), bytes);
    }

    @ParameterizedTest(name = "{0} is malformed: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "ff                           | reserved block type",
                "06                           | reserved block type without BFINAL",
                "00 05 00 fa fe               | LEN and NLEN differ",
                "00 05 00 fa ff 48 65         | stored block is cut short",
                "00 ff ff 00 00               | stored block of which nothing came",
                "f2 48 cd c9 c9               | fixed block is cut short",
                "f3 48 cd c9 c9               | final block is cut short",
                "f2 48 cd c9 c9 07            | header of the empty block is missing",
                "01 09 00 f6 ff               | final stored block as long as all that is appended",
                "00 09 00 f6 ff               | stored block as long as all that is appended",
                "01 05 00 fa ff               | final stored block that ends amid what is appended",
                "04 c0 81 08 00 00 00 00      | dynamic block is cut short",
                "02 04 00                     | distance before the first byte",
                "f2 00 11 00 00               | distance before the first byte, of an example",
                "00 05 00 fa ff 48 65 6c 6c 6f 00 ff | garbage after the end",
                "f3 48 cd c9 c9 07 00 ff      | garbage after the final block",
                "f3 48 cd c9 c9 07 00 00 00   | one header too many",
                "01 00 00 ff ff 06            | bad block after a final one"
            })
    void malformedMessageIs1007HoweverItIsCut(String payload, String why) {
        byte[] bytes = hex(payload);
        for (int pieceBytes = 1; pieceBytes <= bytes.length; pieceBytes++) {
            byte[][] pieces = cut(bytes, pieceBytes);
            DeflateTransform transform = new DeflateTransform(agreement(TAKEOVER), TAKEOVER, pool);
            assertThat(closeCodeOf(() -> decode(transform, pieces))).as(why).isEqualTo(1007);
            transform.release();
        }
    }

    @Test
    void everyPrefixThatEndsInsideABlockIsMalformed() {
        ZlibClient client = new ZlibClient();
        byte[] message = client.message(json(3_000));
        client.end();
        for (int length = 1; length < message.length; length++) {
            byte[] prefix = Arrays.copyOf(message, length);
            assertThat(closeCodeOf(() -> decode(alone, prefix)))
                    .as("%d of %d bytes", length, message.length)
                    .isEqualTo(1007);
            alone.release();
        }
        assertThat(decode(alone, message)).isEqualTo(json(3_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 64, 511, 512, 513, 1024, 4096, 100_000})
    void messageAtTheLimitPassesAndOneByteMoreIs1009(int limit) {
        ZlibClient client = new ZlibClient();
        byte[] exact = client.message(json(limit));
        byte[] over = new ZlibClient().message(json(limit + 1));
        for (int pieceBytes : new int[] {1, 7, 1_000_000}) {
            assertThat(decode(alone, limit, cut(exact, pieceBytes))).isEqualTo(json(limit));
            assertThat(closeCodeOf(() -> decode(alone, limit, cut(over, pieceBytes))))
                    .isEqualTo(1009);
            alone.release();
        }
        client.end();
    }

    /** What comes first counts: zlib reports an error that it sees behind a byte, and not the byte, if it is given both. */
    @Test
    void messageOverTheLimitIs1009ThoughItIsMalformedBehindIt() {
        byte[] bytes = hex("fa48cd070005f2");
        for (int pieceBytes = 1; pieceBytes <= bytes.length; pieceBytes++) {
            byte[][] pieces = cut(bytes, pieceBytes);
            assertThat(closeCodeOf(() -> decode(alone, 0, pieces)))
                    .as("in pieces of %d", pieceBytes)
                    .isEqualTo(1009);
            alone.release();
        }
    }

    @Test
    void messageThatIsMalformedRightAtTheLimitIs1007() {
        byte[] bytes = hex("000500faff48656c6c6f06");
        for (int pieceBytes = 1; pieceBytes <= bytes.length; pieceBytes++) {
            byte[][] pieces = cut(bytes, pieceBytes);
            assertThat(closeCodeOf(() -> decode(alone, 5, pieces))).isEqualTo(1007);
            alone.release();
        }
    }

    @Test
    void nothingFitsIntoALimitOfZeroButTheEmptyMessage() {
        assertThat(decode(alone, 0, hex("00"))).isEmpty();
        assertThat(closeCodeOf(() -> decode(alone, 0, hex("f248cdc9c90700")))).isEqualTo(1009);
    }

    /** Output that did not fit must not be lost. */
    @Test
    void outputOfEverySizeOfRoomIsTheSame() {
        byte[] payload = json(5_000);
        byte[] runs = new byte[5_000];
        for (byte[] plain : new byte[][] {payload, runs}) {
            ZlibClient client = new ZlibClient();
            byte[] message = client.message(plain);
            client.end();
            for (int before = 0; before <= 1024; before++) {
                // The room of the first call is what this first, stored block leaves of the buffer's first array.
                byte[] stored = new byte[5 + before];
                stored[1] = (byte) before;
                stored[2] = (byte) (before >> 8);
                stored[3] = (byte) ~before;
                stored[4] = (byte) (~before >> 8);
                byte[] both = Arrays.copyOf(stored, stored.length + message.length);
                System.arraycopy(message, 0, both, stored.length, message.length);
                byte[] decoded = decode(alone, before + 5_000, stored, message);
                assertThat(Arrays.copyOfRange(decoded, before, decoded.length)).isEqualTo(plain);
                assertThat(decode(alone, before + 5_000, both)).isEqualTo(decoded);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000})
    void bombIs1009AndCostsNoMoreThanTheLimit(int fragments) {
        byte[] bomb = zeroBomb(64);
        assertThat(bomb.length).isLessThan(70_000);
        int limit = 65_536;
        MessageBuffer out = new MessageBuffer(limit);
        byte[][] pieces = cut(bomb, (bomb.length + fragments - 1) / fragments);
        assertThat(closeCodeOf(() -> {
                    for (byte[] piece : pieces) {
                        alone.decode(piece, 0, piece.length, out);
                        assertThat(out.array().length).isLessThanOrEqualTo(limit);
                    }
                }))
                .isEqualTo(1009);
        assertThat(out.array()).hasSize(limit);
    }

    @Test
    void bombOfEmptyBlocksMakesNoProgressAndNoMemory() {
        MessageBuffer out = new MessageBuffer(65_536);
        byte[] emptyBlocks = new byte[5 * 13_000];
        for (int i = 0; i < emptyBlocks.length; i += 5) {
            System.arraycopy(hex("000000ffff"), 0, emptyBlocks, i, 5);
        }
        alone.decode(emptyBlocks, 0, emptyBlocks.length, out);
        assertThat(out.size()).isZero();
        alone.decode(hex("00"), 0, 1, out);
        alone.decodeEnd(out);
        assertThat(out.take()).isEmpty();
    }

    @Test
    void endlessFinalBlocksAre1008() {
        byte[] blocks = new byte[2 * (MessageInflater.MAX_FINAL_BLOCKS + 2)];
        for (int i = 0; i < blocks.length; i += 2) {
            blocks[i] = 3;
        }
        assertThat(closeCodeOf(() -> decode(alone, blocks))).isEqualTo(1008);
        alone.release();
        byte[] fewer = Arrays.copyOf(blocks, 2 * MessageInflater.MAX_FINAL_BLOCKS);
        for (int i = 0; i < 3; i++) {
            assertThat(decode(alone, fewer)).as("counted for each message anew").isEmpty();
        }
    }

    @Test
    void messageAfterAFinalBlockMayReferBackOverIt() {
        assertThat(text(decode(takeover, hex("f348cdc9c9070000")))).isEqualTo("Hello");
        assertThat(text(decode(takeover, hex("f200110000")))).isEqualTo("Hello");
    }

    @Test
    void blockAfterAFinalOneMayReferBackOverItInTheSameMessage() {
        // "Hello" in a final block, then the example's "Hello" by a reference to the first.
        byte[] bytes = hex("f348cdc9c90700 f200110000");
        for (int pieceBytes = 1; pieceBytes <= bytes.length; pieceBytes++) {
            assertThat(text(decode(alone, cut(bytes, pieceBytes)))).isEqualTo("HelloHello");
            assertThat(text(decode(takeover, cut(bytes, pieceBytes)))).isEqualTo("HelloHello");
        }
    }

    @Test
    void blockAfterAFinalOneMayReferBackToAnEarlierMessage() {
        // First message: "Hello". Second: a final block with "!", then "Hello" from 6 bytes back.
        assertThat(text(decode(takeover, hex("f248cdc9c90700")))).isEqualTo("Hello");
        byte[] bang = hex("010100feff21");
        byte[] hello = new FixedBlock().match(5, 6).message();
        assertThat(text(decode(takeover, bang, hello))).isEqualTo("!Hello");
    }

    @Test
    void blockAfterAFinalOneMayReferBackOverAWholeWindow() {
        DeflateTransform small = new DeflateTransform(agreement(TAKEOVER, "client_max_window_bits=9"), TAKEOVER, pool);
        byte[] noise = new byte[600];
        new Random(2).nextBytes(noise);
        byte[] stored = Arrays.copyOf(hex("0158 02a7 fd"), 5 + noise.length);
        System.arraycopy(noise, 0, stored, 5, noise.length);
        byte[] decoded = decode(small, stored, new FixedBlock().match(10, 512).message());
        assertThat(Arrays.copyOfRange(decoded, 600, 610)).isEqualTo(Arrays.copyOfRange(noise, 88, 98));
        assertThat(closeCodeOf(() ->
                        decode(small, stored, new FixedBlock().match(10, 513).message())))
                .isEqualTo(1007);
        small.release();
    }

    @Test
    void messageThatEndsWithAFinalBlockNeedsNothingMore() {
        assertThat(text(decode(takeover, hex("f348cdc9c90700")))).isEqualTo("Hello");
        assertThat(text(decode(takeover, hex("f200110000")))).isEqualTo("Hello");
    }

    @Test
    void markedMessageWithoutAByteIsEmpty() {
        assertThat(decode(alone)).isEmpty();
        assertThat(decode(alone, new byte[0], new byte[0])).isEmpty();
        assertThat(pool.lent()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100, 4096, 1_000_000})
    void clientsMessagesMayReferBackOver32KiB(int pieceBytes) {
        ZlibClient client = new ZlibClient();
        Random random = new Random(1951);
        byte[] noise = new byte[30_000];
        random.nextBytes(noise);
        byte[] first = client.message(noise);
        byte[] between = client.message(json(2_000));
        byte[] again = client.message(noise);
        client.end();
        assertThat(again.length).as("refers to the first").isLessThan(1_000);
        assertThat(decode(takeover, cut(first, pieceBytes))).isEqualTo(noise);
        assertThat(decode(takeover, cut(between, pieceBytes))).isEqualTo(json(2_000));
        assertThat(decode(takeover, cut(again, pieceBytes))).isEqualTo(noise);
    }

    @Test
    void windowThatTheClientPromisedIsAllThatIsKept() {
        DeflateTransform small = new DeflateTransform(agreement(TAKEOVER, "client_max_window_bits=9"), TAKEOVER, pool);
        assertThat(decode(small, hex("f248cdc9c90700"))).isEqualTo(utf8("Hello"));
        byte[] noise = new byte[507];
        new Random(1).nextBytes(noise);
        ZlibClient client = new ZlibClient();
        decode(small, client.message(noise));
        client.end();
        // 512 bytes back is the first "H"; one byte more was forgotten.
        byte[] within = new FixedBlock().match(5, 512).message();
        byte[] beyond = new FixedBlock().match(5, 518).message();
        assertThat(text(decode(small, within))).isEqualTo("Hello");
        assertThat(closeCodeOf(() -> decode(small, beyond))).isEqualTo(1007);
        small.release();
    }
}
