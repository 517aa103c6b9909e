package io.hawser;

/** An origin as a tuple (RFC 6454 §4). */
final class Origin {

    private Origin() {}

    static boolean isSameHost(String origin, RequestHead request) {
        throw new UnsupportedOperationException();
    }

    static OriginPolicy allowOnly(String... origins) {
        throw new UnsupportedOperationException();
    }
}
