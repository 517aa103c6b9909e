package io.hawser.hostile.runner;

import java.util.Map;
import java.util.TreeMap;

/** What a server process answered to a command: names and whole numbers, as {@code name=value} in one line. */
record Figures(Map<String, Long> values) {

    static Figures parse(String line) {
        Map<String, Long> values = new TreeMap<>();
        for (String word : line.split(" ")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                values.put(word.substring(0, equals), Long.parseLong(word.substring(equals + 1)));
            }
        }
        return new Figures(values);
    }

    /** A figure, 0 if the server did not tell it: a counter by code is absent until it counts. */
    long get(String name) {
        return values.getOrDefault(name, 0L);
    }

    /** The sum of all figures whose name begins so. */
    long sum(String prefix) {
        return values.entrySet().stream()
                .filter(figure -> figure.getKey().startsWith(prefix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** In the form that {@link #parse} reads. */
    String line() {
        StringBuilder line = new StringBuilder();
        values.forEach((name, value) ->
                line.append(line.isEmpty() ? "" : " ").append(name).append('=').append(value));
        return line.toString();
    }
}
