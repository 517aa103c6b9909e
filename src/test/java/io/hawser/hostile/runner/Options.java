package io.hawser.hostile.runner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param names scenarios, or tiers that stand for all of theirs
 * @param tier the size; null is the smallest that a scenario has
 * @param time in place of the scenario's own; null is its own
 */
record Options(
        List<String> names,
        @Nullable Tier tier,
        String transport,
        String jdk,
        @Nullable Duration time) {

    /** How large a scenario is, and how often it runs. */
    enum Tier {
        /** With every change. */
        P,
        /** Nightly. */
        N,
        /** Before a release. */
        R
    }

    static Options parse(String... words) {
        List<String> names = new ArrayList<>();
        Tier tier = null;
        String transport = "epoll";
        String jdk = System.getProperty("java.home");
        Duration time = null;
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "--tier" -> tier = Tier.valueOf(words[++i]);
                case "--transport" -> transport = words[++i];
                case "--jdk" -> jdk = words[++i];
                case "--time" -> time = Settings.duration(words[++i]);
                default -> names.add(words[i]);
            }
        }
        return new Options(List.copyOf(names), tier, transport, jdk, time);
    }

    Options withTier(Tier other) {
        return new Options(names, other, transport, jdk, time);
    }
}
