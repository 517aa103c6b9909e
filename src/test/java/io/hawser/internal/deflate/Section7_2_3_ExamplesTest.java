package io.hawser.internal.deflate;

import static io.hawser.internal.deflate.DeflateFixture.agreement;
import static io.hawser.internal.deflate.DeflateFixture.closeCodeOf;
import static io.hawser.internal.deflate.DeflateFixture.decode;
import static io.hawser.internal.deflate.DeflateFixture.encode;
import static io.hawser.internal.deflate.DeflateFixture.hex;
import static io.hawser.internal.deflate.DeflateFixture.text;
import static io.hawser.internal.deflate.DeflateFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Compression;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7692 §7.2.3, each example whole and at every pair of cuts. */
class Section7_2_3_ExamplesTest {

    private final Compression compression = Compression.on().withClientContextTakeover();
    private final DeflatePool pool = new DeflatePool();
    private final DeflateTransform transform = new DeflateTransform(agreement(compression), compression, pool);

    @AfterEach
    void nothingIsHeld() {
        transform.release();
        assertThat(pool.lent()).isZero();
        pool.close();
    }

    @ParameterizedTest(name = "§{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "7.2.3.1 | f2 48 cd c9 c9 07 00                      | Hello",
                "7.2.3.3 | 00 05 00 fa ff 48 65 6c 6c 6f 00          | Hello",
                "7.2.3.4 | f3 48 cd c9 c9 07 00 00                   | Hello",
                "7.2.3.5 | f2 48 05 00 00 00 ff ff ca c9 c9 07 00    | Hello",
                "7.2.3.6 | 00                                        | ''"
            })
    void messageIsDecodedAtEveryPairOfCuts(String section, String payload, String message) {
        byte[] bytes = hex(payload);
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                byte[] decoded = decode(
                        transform,
                        Arrays.copyOf(bytes, first),
                        Arrays.copyOfRange(bytes, first, second),
                        Arrays.copyOfRange(bytes, second, bytes.length));
                assertThat(text(decoded))
                        .as("%s cut at %d, %d", section, first, second)
                        .isEqualTo(message);
            }
        }
    }

    @Test
    void secondMessageMayReferToTheFirst() {
        assertThat(text(decode(transform, hex("f248cdc9c90700")))).isEqualTo("Hello");
        assertThat(text(decode(transform, hex("f200110000")))).isEqualTo("Hello");
    }

    @Test
    void secondMessageThatRefersToTheFirstNeedsContextTakeover() {
        DeflateTransform alone = new DeflateTransform(agreement(Compression.on()), Compression.on(), pool);
        assertThat(text(decode(alone, hex("f248cdc9c90700")))).isEqualTo("Hello");
        assertThat(closeCodeOf(() -> decode(alone, hex("f200110000")))).isEqualTo(1007);
        alone.release();
    }

    @Test
    void messagesAreEncodedAsInTheExamples() {
        assertThat(encode(transform, utf8("Hello"))).isEqualTo(hex("f248cdc9c90700"));
        assertThat(encode(transform, utf8("Hello"))).isEqualTo(hex("f200110000"));
        assertThat(encode(transform, utf8(""))).isEqualTo(hex("00"));
    }

    @Test
    void messagesAreEncodedAloneWithoutContextTakeover() {
        DeflateTransform alone =
                new DeflateTransform(agreement(compression, "server_no_context_takeover"), compression, pool);
        assertThat(encode(alone, utf8("Hello"))).isEqualTo(hex("f248cdc9c90700"));
        assertThat(encode(alone, utf8("Hello"))).isEqualTo(hex("f248cdc9c90700"));
    }
}
