package io.hawser.hostile.runner;

import io.hawser.hostile.runner.Options.Tier;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Runs scenarios, one after the other, each with a server process of its own, and says of each whether its figures reach their
 * goals. See {@code src/hostile/README.md}.
 */
public final class Runner {

    /** A scenario's sizes, the smallest first. */
    private record Entry(String tiers, Scenario scenario) {
        boolean isIn(Tier tier) {
            return tiers.contains(tier.name());
        }
    }

    private static final Map<String, Entry> SCENARIOS = scenarios();

    private Runner() {}

    private static Map<String, Entry> scenarios() {
        Map<String, Entry> all = new LinkedHashMap<>();
        all.put("R1", new Entry("PN", new IdleHold()));
        all.put("R1b", new Entry("R", new CostlyHold()));
        all.put("R2", new Entry("PN", new ReconnectStorm()));
        all.put("R3", new Entry("N", new HandshakeFlood()));
        all.put("R4", new Entry("PN", new SlowReaders()));
        all.put("stuck-reader", new Entry("PN", new StuckReader()));
        all.put("R5", new Entry("N", new DeadLink()));
        all.put("R7", new Entry("N", new LossyLink()));
        all.put("R9", new Entry("R", new Killed()));
        all.put("R11", new Entry("N", new PartialFrames()));
        all.put("R8", new Entry("PR", new Drain()));
        all.put("R6", new Entry("PN", new ZeroWindow()));
        all.put("R12", new Entry("PR", new AttackMix()));
        all.put("worst-case", new Entry("PN", new WorstCase()));
        all.put("R13", new Entry("PN", new FileExhaustion()));
        all.put("R14", new Entry("PN", new ThrowingCallbacks()));
        all.put("R15", new Entry("PN", new BlockingHandlers()));
        all.put("R16", new Entry("N", new ClockJumps()));
        all.put("R20", new Entry("R", new Soak()));
        all.put("R24", new Entry("N", new Races()));
        return all;
    }

    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments);
        if (options.names().isEmpty()) {
            System.err.println("usage: run (P | N | R | SCENARIO)... [--tier P|N|R] [--transport nio|epoll|io_uring]"
                    + " [--jdk HOME] [--time 10m]; scenarios: " + String.join(" ", SCENARIOS.keySet()));
            System.exit(2);
        }
        int passed = 0;
        int failed = 0;
        for (String name : options.names()) {
            for (Map.Entry<String, Entry> chosen : chosen(name).entrySet()) {
                Tier tier = tierOf(name, chosen.getValue(), options);
                if (run(chosen.getKey(), chosen.getValue().scenario(), options.withTier(tier))) {
                    passed++;
                } else {
                    failed++;
                }
            }
        }
        System.out.println("hostile: " + passed + " passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1);
    }

    private static Map<String, Entry> chosen(String name) {
        if (SCENARIOS.containsKey(name)) {
            return Map.of(name, SCENARIOS.get(name));
        }
        Tier tier = Tier.valueOf(name);
        Map<String, Entry> chosen = new LinkedHashMap<>(SCENARIOS);
        chosen.values().removeIf(entry -> !entry.isIn(tier));
        return chosen;
    }

    private static Tier tierOf(String name, Entry entry, Options options) {
        Tier tier = options.tier();
        if (SCENARIOS.containsKey(name)) {
            return tier == null ? Tier.valueOf(entry.tiers().substring(0, 1)) : tier;
        }
        return Tier.valueOf(name);
    }

    private static boolean run(String name, Scenario scenario, Options options) throws IOException {
        long start = System.nanoTime();
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        Trial trial = new Trial(name, options);
        try (trial) {
            scenario.run(trial);
        } catch (Exception e) {
            e.printStackTrace();
            trial.require(false, "%s", e);
        }
        System.out.printf(
                "%s {tier %s, %s, %d s, load %.1f to %.1f, ended %s}%n",
                trial.verdict(),
                options.tier(),
                options.transport(),
                (System.nanoTime() - start) / 1_000_000_000,
                load,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                LocalTime.now().truncatedTo(ChronoUnit.SECONDS));
        return trial.hasPassed();
    }
}
