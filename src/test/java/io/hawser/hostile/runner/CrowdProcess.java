package io.hawser.hostile.runner;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A {@link Crowd} of echoing clients in a process of its own, for one that has to live in another network. */
final class CrowdProcess {

    private CrowdProcess() {}

    /**
     * Answers {@code open COUNT PATH INTERVAL SIZE}, {@code stop} and {@code stats} by a line of figures each.
     *
     * @param arguments the server's address and port
     */
    public static void main(String[] arguments) throws IOException {
        Crowd crowd = new Crowd(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])), null);
        EchoLoad load = new EchoLoad(0, Duration.ofDays(1));
        System.out.println("ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            if (words[0].equals("open")) {
                load = new EchoLoad(Integer.parseInt(words[4]), Settings.duration(words[3]));
                List<Peer> opened = crowd.open(
                        Integer.parseInt(words[1]), 100, Crowd.Kind.of(words[2]).withListener(load));
                System.err.println(opened.size());
            }
            Map<String, Long> figures = new TreeMap<>();
            if (words[0].equals("stop")) {
                figures.put("lost", load.stop(Settings.duration(words[1])));
            }
            figures.put("open", (long) crowd.open());
            figures.put("received", load.received());
            figures.put("complaints", (long) crowd.complaints().size());
            System.out.println("= " + new Figures(figures).line());
        }
        Runtime.getRuntime().halt(0);
    }
}
