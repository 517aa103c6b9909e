package io.hawser.hostile;

/**
 * How much of an attack is tried: as much as fits a build that people wait for, or, with {@code -Dhawser.hostile.full=true}, the
 * whole count of its row.
 */
final class Scale {

    private static final boolean FULL = Boolean.getBoolean("hawser.hostile.full");

    private Scale() {}

    static int of(int reduced, int full) {
        return FULL ? full : reduced;
    }
}
