package io.hawser.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of {@code src/test/resources/vectors}, one a section of an RFC. A line is one vector:
 *
 * <pre>{@code name | bytes in | calls expected | bytes out | Autobahn case}</pre>
 *
 * <p>Bytes are written as {@link Hex} reads them, calls as {@link RecordingListener#events} writes them. The last column is {@code -}
 * where Autobahn has no such case. Empty lines and those that begin with {@code #} are for people.
 */
public final class Vectors {

    /** The limits that the vectors of RFC 6455 are written for. */
    public static final int MAX_MESSAGE_BYTES = 65_536;

    /** See {@link #MAX_MESSAGE_BYTES}. */
    public static final int MAX_FRAGMENTS = 1_024;

    private static final int COLUMNS = 5;

    private Vectors() {}

    /**
     * One line.
     *
     * @param section the file's name, such as {@code rfc6455-5.4}
     * @param in what the client sends
     * @param calls what the server's side is told, joined by spaces
     * @param out what the server sends, reasons of Close frames left out; messages are not echoed
     */
    public record Vector(String section, String name, byte[] in, String calls, String out, String autobahnCase) {

        @Override
        public String toString() {
            return section + ": " + name + (autobahnCase.equals("-") ? "" : " (Autobahn " + autobahnCase + ")");
        }
    }

    /** The vectors of all files whose names begin with {@code prefix}, such as {@code rfc6455}. */
    public static List<Vector> startingWith(String prefix) {
        List<Vector> vectors = new ArrayList<>();
        for (Path file : files()) {
            String section = file.getFileName().toString().replaceFirst("\\.txt$", "");
            if (section.startsWith(prefix)) {
                read(file).forEach(line -> vectors.add(parse(section, line)));
            }
        }
        if (vectors.isEmpty()) {
            throw new IllegalArgumentException("no vectors: " + prefix);
        }
        return vectors;
    }

    private static List<Path> files() {
        URL folder = Vectors.class.getResource("/vectors");
        if (folder == null) {
            throw new IllegalStateException("no folder vectors among the resources");
        }
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> read(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Vector parse(String section, String line) {
        String[] columns = line.split("\\|", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalArgumentException(section + " has a line of " + columns.length + " columns: " + line);
        }
        return new Vector(
                section,
                columns[0].strip(),
                Hex.bytes(columns[1]),
                columns[2].strip(),
                Hex.of(Hex.bytes(columns[3])),
                columns[4].strip());
    }
}
