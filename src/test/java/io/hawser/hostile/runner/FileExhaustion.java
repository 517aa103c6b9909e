package io.hawser.hostile.runner;

import io.hawser.testing.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** R13: with no file left to accept with, the server goes on serving whom it has, does not spin, and accepts again by itself. */
final class FileExhaustion implements Scenario {

    private static final int CONNECTS = 1_000;
    private static final int GOOD = 50;

    @Override
    public void run(Trial trial) throws Exception {
        List<String> limited = List.of("bash", "-c", "ulimit -n 512; exec \"$@\"", "limited");
        // From jars, as programs are: a class in a folder needs a file to be loaded.
        ServerProcess server = trial.server(limited, List.of(), jars(trial.directory()));
        Figures before = server.stats();
        Crowd crowd = trial.crowd(server);
        EchoLoad load = new EchoLoad(128, Duration.ofMillis(200));
        List<Peer> good = crowd.open(GOOD, Crowd.Kind.of("/echo").withListener(load));

        List<Peer> more = new ArrayList<>();
        for (int i = 0; i < CONNECTS; i++) {
            more.add(crowd.connect(Crowd.Kind.of("/idle")));
        }
        Await.pass(Duration.ofSeconds(3));
        long served = more.stream().filter(Peer::wasOpen).count();
        Figures first = server.stats();
        long start = System.nanoTime();
        Latencies exhausted = load.measure();
        Await.pass(Duration.ofSeconds(10));
        double cpu = 100.0 * (server.stats().get("cpu") - first.get("cpu")) / (System.nanoTime() - start);
        trial.figure("%d of %d connections served with the files there are; echo %s", served, CONNECTS, exhausted);
        trial.require(served < CONNECTS - 100, "the files sufficed for %d", served);
        trial.atMost("CPU", cpu, 20, " % of a core");
        trial.require(exhausted.count() > GOOD * 40, "only %d echoes came", exhausted.count());

        long freed = System.nanoTime();
        crowd.reset(more.stream().filter(Peer::wasOpen).toList());
        Await.until(
                Duration.ofSeconds(20),
                () -> more.stream().filter(Peer::wasOpen).count() > served);
        double resumed = (more.stream().mapToLong(peer -> peer.openedAt).max().orElse(0) - freed) / 1e9;
        boolean accepts = more.stream().filter(Peer::wasOpen).count() > served;
        trial.require(accepts, "nobody was accepted when files were free");
        trial.atMost("accepts again after", resumed, 2, " s");
        crowd.reset(more);
        Peer late = crowd.open(1, Crowd.Kind.of("/echo")).get(0);
        trial.require(late.wasOpen(), "a connection made later got %d", late.status);
        trial.atMost("good messages lost", load.stop(), 0, "");
        trial.require(good.stream().allMatch(peer -> peer.open), "a good session was closed");

        crowd.reset(good);
        late.reset();
        trial.backToZero(server, before);
        trial.require(crowd);
    }

    private static String[] jars(Path directory) throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":")) {
            Path folder = Path.of(entry);
            entries.add(Files.isDirectory(folder) ? jar(folder, directory).toString() : entry);
        }
        return new String[] {"classpath=" + String.join(":", entries)};
    }

    private static Path jar(Path folder, Path directory) throws IOException {
        Path jar = directory.resolve(folder.getFileName() + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(folder.relativize(path).toString()));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
        return jar;
    }
}
