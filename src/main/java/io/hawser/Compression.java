package io.hawser;

/**
 * Whether and how permessage-deflate is negotiated (RFC 7692). Off unless asked for: it costs CPU, some memory, and can tell an
 * attacker about secrets that share a message with what he chose (§8).
 *
 * @param enabled whether an offer is accepted at all
 * @param thresholdBytes smaller messages go uncompressed; 256 unless set
 * @param level 1 (fastest) to 9 (smallest); 6 unless set
 * @param serverContextTakeover whether our messages may refer back to earlier ones of the session (§7.1.1.1), at 4 KB of heap a
 *     session; true unless set, and always false where the client asks so
 * @param clientContextTakeover whether the client's may, at some 44 KB of memory a session that uses it (§7.1.1.2); false unless
 *     set
 * @since 0.1.0
 */
public record Compression(
        boolean enabled, int thresholdBytes, int level, boolean serverContextTakeover, boolean clientContextTakeover) {

    /**
     * Checks the threshold and the level.
     *
     * @param enabled either
     * @param thresholdBytes zero or more
     * @param level 1 to 9
     * @param serverContextTakeover either
     * @param clientContextTakeover either
     */
    public Compression {
        if (thresholdBytes < 0) {
            throw new IllegalArgumentException("thresholdBytes is negative");
        }
        if (level < 1 || level > 9) {
            throw new IllegalArgumentException("level is 1 to 9: " + level);
        }
    }

    /**
     * Offers are ignored: the default.
     *
     * @return no compression
     */
    public static Compression off() {
        return new Compression(false, 256, 6, true, false);
    }

    /**
     * Offers are accepted.
     *
     * @return compression with the defaults above
     */
    public static Compression on() {
        return new Compression(true, 256, 6, true, false);
    }

    /**
     * This compression with another threshold.
     *
     * @param thresholdBytes smaller messages go uncompressed; 0 compresses all
     * @return new settings
     */
    public Compression withThresholdBytes(int thresholdBytes) {
        return new Compression(enabled, thresholdBytes, level, serverContextTakeover, clientContextTakeover);
    }

    /**
     * This compression with another level.
     *
     * @param level 1 to 9
     * @return new settings
     */
    public Compression withLevel(int level) {
        return new Compression(enabled, thresholdBytes, level, serverContextTakeover, clientContextTakeover);
    }

    /**
     * This compression without back-references to earlier messages of ours.
     *
     * @return new settings
     */
    public Compression withoutServerContextTakeover() {
        return new Compression(enabled, thresholdBytes, level, false, clientContextTakeover);
    }

    /**
     * This compression with back-references to earlier messages of the client's.
     *
     * @return new settings
     */
    public Compression withClientContextTakeover() {
        return new Compression(enabled, thresholdBytes, level, serverContextTakeover, true);
    }
}
