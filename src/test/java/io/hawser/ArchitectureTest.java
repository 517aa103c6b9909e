package io.hawser;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may know whom. A sentence here is the rule; a new arrow between packages is a change of this file. */
class ArchitectureTest {

    private static final String PROTOCOL = "io.hawser.internal.protocol";
    private static final String DEFLATE = "io.hawser.internal.deflate";
    private static final String HANDSHAKE = "io.hawser.internal.handshake";
    private static final String SESSION = "io.hawser.internal.session";
    private static final String SERVER = "io.hawser.internal.server";
    private static final String BUFFERS = "io.netty.buffer..";
    /** What Netty's buffers cannot be used without: {@code ReferenceCounted}, {@code ByteProcessor}. */
    private static final String BUFFERS_OWN = "io.netty.util";

    private static final int MAX_LINES = 400;

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.hawser");

    @Test
    void theContractKnowsNothingOfOursButTheServerThatItStarts() {
        noClasses()
                .that()
                .resideInAPackage("io.hawser")
                .and()
                .doNotBelongToAnyOf(WebSocketServerBuilder.class)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.hawser.*..")
                .check(MAIN);
        noClasses()
                .that()
                .belongToAnyOf(WebSocketServerBuilder.class)
                .should()
                .dependOnClassesThat(resideInAPackage("io.hawser.*..").and(not(resideInAPackage(SERVER))))
                .check(MAIN);
    }

    @Test
    void theContractShowsNoNettyType() {
        noClasses()
                .that()
                .resideInAPackage("io.hawser")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(MAIN);
    }

    @Test
    void theProtocolKnowsBuffersAndTheContract() {
        only(PROTOCOL, "io.hawser", BUFFERS, BUFFERS_OWN);
    }

    @Test
    void deflateKnowsTheProtocol() {
        only(DEFLATE, PROTOCOL, "io.hawser", BUFFERS, BUFFERS_OWN);
    }

    @Test
    void theHandshakeKnowsDeflateAndHttpHeadersButNoChannel() {
        only(
                HANDSHAKE,
                DEFLATE,
                "io.hawser",
                "io.netty.handler.codec",
                "io.netty.handler.codec.http",
                BUFFERS_OWN,
                "javax.net.ssl");
    }

    @Test
    void theSessionKnowsTheProtocolAndNoChannel() {
        only(SESSION, PROTOCOL, "io.hawser", BUFFERS, BUFFERS_OWN, "org.slf4j..", "javax.net.ssl");
    }

    @Test
    void onlyTheServerSeesSocketsThreadsAndChannels() {
        noClasses()
                .that()
                .resideOutsideOfPackages(SERVER, "io.hawser.netty")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty.channel..", "io.netty.handler.ssl..", "io.netty.bootstrap..", "java.nio.channels..")
                .check(MAIN);
    }

    @Test
    void packagesAreFreeOfCycles() {
        // The contract's composition root is the one way back, and the rule above names it.
        slices().matching("io.hawser.internal.(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void theProtocolHasNoClockThreadLockLoggerOrRandomness() {
        noClasses()
                .that()
                .resideInAnyPackage(PROTOCOL, DEFLATE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.util.concurrent..",
                        "java.time..",
                        "org.slf4j..",
                        "java.util.logging..",
                        "java.security..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, ThreadLocal.class, Random.class)
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(MAIN);
    }

    @Test
    void nothingThatAnEventLoopRunsIsSynchronized() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(PROTOCOL, DEFLATE, HANDSHAKE, SESSION)
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED)
                .check(MAIN);
    }

    @Test
    void noRegularExpressionReadsWhatAPeerSent() {
        noClasses()
                .that()
                .resideInAnyPackage(PROTOCOL, DEFLATE, HANDSHAKE, SESSION, SERVER)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.regex..")
                .orShould()
                .callMethod(String.class, "split", String.class)
                .orShould()
                .callMethod(String.class, "split", String.class, int.class)
                .orShould()
                .callMethod(String.class, "matches", String.class)
                .orShould()
                .callMethod(String.class, "replaceAll", String.class, String.class)
                .orShould()
                .callMethod(String.class, "replaceFirst", String.class, String.class)
                .check(MAIN);
    }

    @Test
    void atMostFourClassesOfTheProtocolJudgeAPeer() {
        Stream<String> judges = MAIN.get(PROTOCOL + ".ProtocolViolation").getConstructorCallsToSelf().stream()
                .map(call -> call.getOriginOwner())
                .filter(judge -> judge.getPackageName().equals(PROTOCOL))
                .map(JavaClass::getSimpleName)
                .distinct();

        assertThat(judges).hasSizeBetween(1, 4);
    }

    @Test
    void namesSayARole() {
        classes()
                .should()
                .haveNameNotMatching(".*(Impl|Utils?|Helper|Manager|Base|Context|Data|Info|Common)(\\$.*)?")
                .andShould()
                .haveNameNotMatching(".*[.$]Abstract[^.]*")
                .check(MAIN);
    }

    @Test
    void everyPackageIsNullMarkedAndSaysItsJob() throws IOException {
        Path sources = Path.of("src/main/java");
        List<Path> silent;
        try (Stream<Path> files = Files.walk(sources)) {
            silent = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .filter(folder -> !folder.equals(sources))
                    .filter(folder -> !read(folder.resolve("package-info.java")).contains("@NullMarked"))
                    .toList();
        }
        assertThat(silent).isEmpty();
    }

    @Test
    void noFileIsLongerThan400Lines() throws IOException {
        List<Path> tooLong;
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            tooLong = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> read(file).lines().count() > MAX_LINES)
                    .toList();
        }
        assertThat(tooLong).isEmpty();
    }

    /** Classes of a package know each other, the JDK, JSpecify, and these packages. */
    private static void only(String of, String... known) {
        String[] allowed = Stream.concat(Stream.of(known), Stream.of(of, "java..", "org.jspecify.annotations"))
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(of)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .check(MAIN);
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
