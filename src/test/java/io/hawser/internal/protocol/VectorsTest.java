package io.hawser.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.internal.protocol.MessageRules.Delivery;
import io.hawser.testing.RecordingListener;
import io.hawser.testing.Vectors;
import io.hawser.testing.Vectors.Vector;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector of RFC 6455 gives the same calls and bytes, however the network cuts it. */
class VectorsTest {

    private static final int RANDOM_CUTS = 100;

    /** A longer vector is cut in two in its headers and at its end, and at random places of the payload between. */
    private static final int ALL_CUTS_UP_TO_BYTES = 600;

    static List<Vector> vectors() {
        return Vectors.startingWith("rfc6455");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void whole(Vector vector) {
        check(vector, new int[0]);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void byteByByte(Vector vector) {
        check(vector, IntStream.range(1, vector.in().length).toArray());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void atEveryTwoWayCut(Vector vector) {
        int length = vector.in().length;
        Random random = new Random(length);
        for (int cut = 1; cut < length; cut++) {
            boolean edge = cut <= ALL_CUTS_UP_TO_BYTES / 2 || cut > length - ALL_CUTS_UP_TO_BYTES / 2;
            if (length <= ALL_CUTS_UP_TO_BYTES || edge || random.nextInt(length) < RANDOM_CUTS) {
                check(vector, cut);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void atRandomCuts(Vector vector) {
        Random random = new Random(vector.toString().hashCode());
        for (int run = 0; run < RANDOM_CUTS; run++) {
            int cuts = 1 + random.nextInt(8);
            check(vector, random.ints(cuts, 0, vector.in().length + 1).sorted().toArray());
        }
    }

    /** A reason is constant text and decimal numbers, short enough for a Close frame, with the section that was broken. */
    @Test
    void everyReasonOfAViolationIsReachedAndNamesItsSection() throws IOException {
        List<String> reasons = vectors().stream()
                .flatMap(vector -> run(Delivery.WHOLE, vector).violations().stream())
                .map(ProtocolViolation::getMessage)
                .toList();
        List<Pattern> texts = violationTexts();

        assertThat(texts)
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        text -> assertThat(reasons).as("no vector for: " + text).anyMatch(text.asMatchPredicate()));
        assertThat(reasons).allSatisfy(reason -> {
            assertThat(texts).anyMatch(text -> text.matcher(reason).matches());
            assertThat(reason).matches(".+ \\(RFC 6455 §\\d+(\\.\\d+)*\\)");
            assertThat(reason.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(123);
        });
    }

    /** What the sources give to {@code new ProtocolViolation}: the text between quotes as it is, the rest a number. */
    private static List<Pattern> violationTexts() throws IOException {
        Pattern call = Pattern.compile("new ProtocolViolation\\(\\s*\\d+,\\s*(.*?)\\);", Pattern.DOTALL);
        List<Pattern> texts = new ArrayList<>();
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/io/hawser/internal/protocol"))) {
            for (Path source : sources.sorted().toList()) {
                Matcher calls = call.matcher(Files.readString(source));
                while (calls.find()) {
                    texts.add(Pattern.compile(Arrays.stream(calls.group(1).split("\\s*\\+\\s+"))
                            .map(part -> part.startsWith("\"") ? Pattern.quote(part.replace("\"", "")) : "\\d+")
                            .collect(Collectors.joining())));
                }
            }
        }
        return texts;
    }

    private static void check(Vector vector, int... cuts) {
        for (Delivery delivery : Delivery.values()) {
            check(delivery, vector, cuts);
        }
    }

    private static void check(Delivery delivery, Vector vector, int... cuts) {
        RecordingListener peer = run(delivery, vector, cuts);
        String where =
                vector + ", " + delivery + ", cut at " + (cuts.length > 10 ? "every byte" : Arrays.toString(cuts));
        assertThat(String.join(" ", peer.events())).as(where).isEqualTo(vector.calls());
        assertThat(peer.out()).as(where).isEqualTo(vector.out());
        boolean over = vector.calls().contains("close(") || vector.calls().contains("violation(");
        assertThat(peer.log().contains("closeTransport")).as(where).isEqualTo(over);
        assertThat(peer.log()).as(where).doesNotContain("startCloseTimer");
    }

    private static RecordingListener run(Delivery delivery, Vector vector, int... cuts) {
        RecordingListener peer = new RecordingListener();
        ProtocolEngine engine = new ProtocolEngine(
                new MessageRules(Vectors.MAX_MESSAGE_BYTES, Vectors.MAX_FRAGMENTS, delivery), null, peer, peer);
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i == cuts.length ? vector.in().length : cuts[i];
            engine.receive(Unpooled.wrappedBuffer(vector.in(), from, to - from));
            from = to;
        }
        return peer;
    }
}
