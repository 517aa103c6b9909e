package io.hawser.hostile.runner;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A network of its own behind a cable to this machine, with clients in it; needs root, and iproute2 and nftables. */
final class OtherNetwork implements AutoCloseable {

    static final String SERVER_SIDE = "10.203.77.1";

    private final String name = "hostile" + ProcessHandle.current().pid();
    private final String cable = "hst" + ProcessHandle.current().pid() % 100_000;
    private final Process process;
    private boolean closed;
    private final PrintStream commands;
    private final BufferedReader answers;

    OtherNetwork(int port, Path log) throws IOException, InterruptedException {
        Tools.run("ip", "netns", "add", name);
        Tools.run("ip", "link", "add", cable, "type", "veth", "peer", "name", "inner", "netns", name);
        Tools.run("ip", "address", "add", SERVER_SIDE + "/30", "dev", cable);
        Tools.run("ip", "link", "set", cable, "up");
        inside("ip", "address", "add", "10.203.77.2/30", "dev", "inner");
        inside("ip", "link", "set", "inner", "up");
        inside("ip", "link", "set", "lo", "up");
        process = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        name,
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrowdProcess.class.getName(),
                        SERVER_SIDE,
                        String.valueOf(port))
                .redirectError(log.toFile())
                .start();
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        if (!"ready".equals(answers.readLine())) {
            throw new IOException("the clients of the other network did not start: " + log);
        }
    }

    /** Runs a program there. */
    String inside(String... command) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", name));
        whole.addAll(List.of(command));
        return Tools.run(whole.toArray(String[]::new));
    }

    /** Gives its clients a command, see {@link CrowdProcess}. */
    Figures ask(String command) throws IOException {
        commands.println(command);
        String answer = answers.readLine();
        if (answer == null || !answer.startsWith("= ")) {
            throw new IOException("to " + command + " the other network said: " + answer);
        }
        return Figures.parse(answer);
    }

    /** Pulls the cable: no packet arrives any more, and nobody is told. */
    void unplug() throws IOException, InterruptedException {
        inside("ip", "link", "set", "inner", "down");
    }

    /** Loses that share of all packets, both ways. */
    void lose(int percent) throws IOException, InterruptedException {
        inside("nft", "add", "table", "inet", "loss");
        for (String hook : List.of("input", "output")) {
            inside("nft", "add", "chain", "inet", "loss", hook, "{ type filter hook " + hook + " priority 0; }");
            inside(("nft add rule inet loss " + hook + " numgen random mod 100 < " + percent + " drop").split(" "));
        }
    }

    void loseNothing() throws IOException, InterruptedException {
        inside("nft", "delete", "table", "inet", "loss");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (closed) {
            return;
        }
        closed = true;
        process.destroyForcibly();
        process.waitFor();
        Tools.run("ip", "link", "delete", cable); // at once; a network lives on until the last of its sockets is gone
        Tools.run("ip", "netns", "delete", name);
    }
}
