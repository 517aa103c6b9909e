package io.hawser.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Test;

/** Whoever reads README.md of this package finds a test for each row, and the other way round. */
class RowsTest {

    private static final Path HERE = Path.of("src/test/java/io/hawser/hostile");
    private static final Path TOKEN_VECTORS =
            Path.of("examples/auth/src/test/java/io/hawser/examples/auth/TokenVectorsTest.java");

    /** S57 is a program's business, shown in an example; S84 asks for outgoing TLS, which there is none of. */
    private static final Set<String> NOT_HERE = Set.of("S57", "S84");

    private static Stream<String> ids() {
        return Stream.of(range(1, 13), range(20, 29), range(30, 41), range(50, 62), range(70, 79), range(80, 85))
                .flatMapToInt(range -> range)
                .mapToObj(number -> "S%02d".formatted(number));
    }

    private static IntStream range(int first, int last) {
        return IntStream.rangeClosed(first, last);
    }

    /** The classes that have tests of each id. */
    private static Map<String, Set<String>> tested() throws Exception {
        Map<String, Set<String>> classes = new TreeMap<>();
        for (Class<?> type : testClasses()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().matches("s\\d\\d_.*")) {
                    String id = RowNames.of(method).substring(0, 3);
                    classes.computeIfAbsent(id, any -> new TreeSet<>()).add(type.getSimpleName());
                }
            }
        }
        return classes;
    }

    private static List<Class<?>> testClasses() throws Exception {
        try (Stream<Path> files = Files.list(HERE)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Test.java"))
                    .map(name -> name.replace(".java", ""))
                    .toList();
            List<Class<?>> types = new ArrayList<>();
            for (String name : names) {
                types.add(Class.forName(RowsTest.class.getPackageName() + '.' + name));
            }
            return types;
        }
    }

    /** The last column of the table's row of each id. */
    private static Map<String, String> indexed() throws IOException {
        return Files.readAllLines(HERE.resolve("README.md")).stream()
                .filter(line -> line.matches("\\| S\\d\\d \\|.*"))
                .map(line -> line.split("\\s*\\|\\s*"))
                .collect(Collectors.toMap(columns -> columns[1], columns -> columns[3]));
    }

    @Test
    void everyRowHasATest() throws Exception {
        assertThat(tested().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        ids().filter(id -> !NOT_HERE.contains(id)).toList());
        assertThat(TOKEN_VECTORS).exists();
    }

    @Test
    void theIndexNamesEveryRowAndWhereItIs() throws Exception {
        Map<String, String> indexed = indexed();
        assertThat(indexed.keySet()).containsExactlyInAnyOrderElementsOf(ids().toList());
        tested().forEach((id, classes) -> assertThat(
                        Arrays.stream(indexed.get(id).split("[^A-Za-z]+"))
                                .filter(word -> word.endsWith("Test"))
                                .toList())
                .as(id)
                .containsAll(classes));
    }

    @Test
    void everyTestOfARowShowsItsId() throws Exception {
        for (Class<?> type : testClasses()) {
            if (type != RowsTest.class) {
                assertThat(type).hasAnnotation(DisplayNameGeneration.class);
            }
        }
        Method method = FrameAttacksTest.class.getDeclaredMethod("s01_aRefusedLengthAllocatesNothingOfItsSize");
        assertThat(RowNames.of(method)).isEqualTo("S01 a refused length allocates nothing of its size");
    }
}
