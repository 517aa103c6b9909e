package io.hawser.internal.handshake;

import io.hawser.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the endpoint of a path in a tree of segments. A lookup visits each node at most once, so it costs no more than
 * all templates have segments, whatever the path looks like.
 */
final class PathRouter {

    /**
     * What a path leads to.
     *
     * @param endpoint whose template matched
     * @param parameters decoded, unmodifiable
     */
    record Match(Endpoint endpoint, Map<String, String> parameters) {}

    private final Node root = new Node();

    /** Throws IllegalArgumentException for a malformed template, and for two that match the same paths. */
    PathRouter(List<Endpoint> endpoints) {
        for (Endpoint endpoint : endpoints) {
            root.add(endpoint, PathTemplate.parse(endpoint.path()));
        }
    }

    /** The match of a path whose percent-encodings are valid; null if there is none. */
    @Nullable
    Match match(String path) {
        return root.matchFrom(path, 1, new ArrayList<>());
    }

    /** The templates that have their first segments in common. */
    private static final class Node {

        private final Map<String, Node> literals = new HashMap<>();
        private @Nullable Node parameter;
        private @Nullable Route route;

        void add(Endpoint endpoint, PathTemplate template) {
            Node node = this;
            List<String> names = new ArrayList<>();
            for (PathTemplate.Segment segment : template.segments()) {
                if (segment.isParameter()) {
                    names.add(segment.text());
                    node = node.parameterChild();
                } else {
                    node = node.literals.computeIfAbsent(segment.text(), absent -> new Node());
                }
            }
            if (node.route != null) {
                throw new IllegalArgumentException("two endpoints match the same paths: " + node.route.endpoint.path()
                        + " and " + endpoint.path());
            }
            node.route = new Route(endpoint, List.copyOf(names));
        }

        private Node parameterChild() {
            Node child = parameter == null ? new Node() : parameter;
            parameter = child;
            return child;
        }

        @Nullable
        Match matchFrom(String path, int start, List<String> values) {
            int slash = path.indexOf('/', start);
            String encoded = path.substring(start, slash < 0 ? path.length() : slash);
            String segment = PercentEncoding.decode(encoded);
            if (segment == null) {
                return null;
            }
            Node literal = literals.get(segment);
            Match match = literal == null ? null : literal.matchRest(path, slash, values);
            if (match != null || parameter == null || segment.isEmpty()) {
                return match;
            }
            values.add(segment);
            match = parameter.matchRest(path, slash, values);
            values.remove(values.size() - 1);
            return match;
        }

        private @Nullable Match matchRest(String path, int slash, List<String> values) {
            if (slash >= 0) {
                return matchFrom(path, slash + 1, values);
            }
            return route == null ? null : route.match(values);
        }
    }

    private record Route(Endpoint endpoint, List<String> names) {

        Match match(List<String> values) {
            Map<String, String> parameters = new HashMap<>();
            for (int i = 0; i < names.size(); i++) {
                parameters.put(names.get(i), values.get(i));
            }
            return new Match(endpoint, Map.copyOf(parameters));
        }
    }
}
