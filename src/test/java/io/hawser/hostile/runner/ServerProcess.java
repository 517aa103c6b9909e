package io.hawser.hostile.runner;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link HostileServer} in its own JVM, seen from outside. */
final class ServerProcess implements AutoCloseable {

    /** How its JVM is started: what stands before {@code java}, its flags, and the server's settings. */
    record Launch(List<String> wrapper, List<String> flags, List<String> settings) {}

    private static final String END = "the process ended";

    private final Process process;
    private final Path log;
    private final PrintStream commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final InetSocketAddress address;

    private ServerProcess(Process process, Path log, String host) throws IOException {
        this.process = process;
        this.log = log;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "server-answers");
        reader.setDaemon(true);
        reader.start();
        String ready = answer(Duration.ofSeconds(60));
        if (!ready.startsWith("ready port=")) {
            throw new IOException("the server did not start: " + ready + "; " + log);
        }
        this.address = new InetSocketAddress(host, Integer.parseInt(ready.substring("ready port=".length())));
    }

    static ServerProcess start(Options options, Launch launch, Path log, String host) throws IOException {
        List<String> command = new ArrayList<>(launch.wrapper());
        command.add(options.jdk() + "/bin/java");
        command.addAll(List.of("-Xmx512m", "-XX:MaxDirectMemorySize=256m", "-XX:+ExitOnOutOfMemoryError"));
        if (Files.exists(Path.of(options.jdk(), "lib", "ct.sym")) && isNew(options.jdk())) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(launch.flags());
        List<String> settings = new ArrayList<>(launch.settings());
        command.addAll(List.of("-cp", classpath(settings), HostileServer.class.getName()));
        command.add("transport=" + options.transport());
        command.addAll(settings);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new ServerProcess(builder.start(), log, host);
    }

    /** This process's own, or what the first setting says. */
    private static String classpath(List<String> settings) {
        if (!settings.isEmpty() && settings.get(0).startsWith("classpath=")) {
            return settings.remove(0).substring("classpath=".length());
        }
        return System.getProperty("java.class.path");
    }

    /** Whether it wants Netty's flags, with which a JVM of 17 does not start. */
    private static boolean isNew(String jdk) throws IOException {
        String release = Files.readString(Path.of(jdk, "release"));
        String version = release.replaceAll("(?s).*JAVA_VERSION=\"(\\d+).*", "$1");
        return Integer.parseInt(version) >= 24;
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(line);
            }
        } catch (IOException e) {
            answers.add(e.toString());
        }
        answers.add(END);
    }

    private String answer(Duration limit) throws IOException {
        try {
            String answer = answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
            return answer == null ? "no answer in " + limit : answer;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Path log() {
        return log;
    }

    /** Gives a command and waits for its figures. */
    synchronized Figures ask(String command) throws IOException {
        commands.println(command);
        String answer = answer(Duration.ofSeconds(120));
        if (!answer.startsWith("= ")) {
            throw new IOException("to " + command + " the server said: " + answer + "; " + log);
        }
        return Figures.parse(answer);
    }

    Figures stats() throws IOException {
        return ask("stats");
    }

    /** SIGTERM; the figures that the drain ended with. */
    Figures terminate(Duration limit) throws IOException {
        process.toHandle().destroy(); // unlike process.destroy() it leaves the streams open
        String answer = answer(limit);
        if (!answer.startsWith("drained ")) {
            throw new IOException("SIGTERM was answered by: " + answer + "; " + log);
        }
        return Figures.parse(answer);
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    int exitStatus(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }
}
