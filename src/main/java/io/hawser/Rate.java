package io.hawser;

/**
 * How many of something a peer may do: so many a second in the long run, and so many at once after a rest (a token bucket).
 *
 * @param perSecond over zero, or 0 for {@link #unlimited()}
 * @param burst at least {@code perSecond}
 * @since 0.1.0
 */
public record Rate(int perSecond, int burst) {

    private static final Rate UNLIMITED = new Rate(0, 0);

    /**
     * Checks the numbers.
     *
     * @param perSecond zero or more
     * @param burst at least {@code perSecond}
     */
    public Rate {
        if (perSecond < 0 || burst < perSecond || (perSecond == 0 && burst != 0)) {
            throw new IllegalArgumentException("not a rate: " + perSecond + " a second, bursts of " + burst);
        }
    }

    /**
     * A rate.
     *
     * @param perSecond over zero
     * @param burst at least {@code perSecond}
     * @return a limited rate
     */
    public static Rate of(int perSecond, int burst) {
        return new Rate(Limits.requirePositive(perSecond, "perSecond"), burst);
    }

    /**
     * No limit.
     *
     * @return the rate that is never exceeded
     */
    public static Rate unlimited() {
        return UNLIMITED;
    }

    /**
     * Whether there is no limit.
     *
     * @return true for {@link #unlimited()}
     */
    public boolean isUnlimited() {
        return perSecond == 0;
    }
}
