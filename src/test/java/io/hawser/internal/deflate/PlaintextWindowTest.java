package io.hawser.internal.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlaintextWindowTest {

    @Test
    void holdsTheLastBytesOfAllThatWasAppended() {
        Random random = new Random(7692);
        for (int limit : new int[] {1, 2, 128, 300, 4096}) {
            PlaintextWindow window = new PlaintextWindow(limit);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 500; i++) {
                byte[] bytes = new byte[random.nextInt(i % 50 == 0 ? 2 * limit + 2 : limit / 8 + 2)];
                random.nextBytes(bytes);
                window.append(bytes, bytes.length);
                all.writeBytes(bytes);
                byte[] seen = all.toByteArray();
                byte[] expected = Arrays.copyOfRange(seen, Math.max(0, seen.length - limit), seen.length);
                assertThat(Arrays.copyOf(window.array(), window.size())).isEqualTo(expected);
                assertThat(window.array().length).isLessThanOrEqualTo(limit);
            }
        }
    }

    @Test
    void takesOnlyTheFirstBytesOfALargerArray() {
        PlaintextWindow window = new PlaintextWindow(4);
        window.append(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 6);
        assertThat(Arrays.copyOf(window.array(), window.size())).containsExactly(3, 4, 5, 6);
    }

    @Test
    void costsNoMoreThanTwiceWhatWasSeen() {
        PlaintextWindow window = new PlaintextWindow(32_768);
        assertThat(window.array()).isEmpty();
        window.append(new byte[100], 100);
        assertThat(window.array()).hasSize(256);
        window.append(new byte[1000], 1000);
        assertThat(window.array().length).isLessThanOrEqualTo(2 * 1100);
    }
}
