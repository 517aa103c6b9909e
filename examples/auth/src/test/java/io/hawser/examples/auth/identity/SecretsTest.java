package io.hawser.examples.auth.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How secrets are made, kept and compared. */
class SecretsTest {

    private static final Set<String> COMPARISONS = Set.of(
            "equals",
            "equalsIgnoreCase",
            "contentEquals",
            "compareTo",
            "compareToIgnoreCase",
            "compare",
            "mismatch",
            "matches",
            "deepEquals");

    private static final Set<String> COMPARED =
            Set.of(String.class.getName(), Arrays.class.getName(), Objects.class.getName(), Object.class.getName());

    static {
        // What our classes call is named in them; to read the JDK and the libraries as well takes long and adds
        // nothing.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    }

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.hawser.examples.auth");

    /** S52: a comparison that ends at the first difference tells by its time where that is. */
    @Test
    void whereSecretsAreNothingIsComparedThatEndsAtTheFirstDifference() {
        assertTrue(CLASSES.contain(Secret.class) && CLASSES.contain(Passwords.class));
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("..auth.identity")
                .or()
                .haveSimpleName("LoginHandler")
                .should()
                .callMethodWhere(isComparison())
                .check(CLASSES);
    }

    @Test
    void secretsAndHashesAreComparedByMessageDigest() {
        for (Class<?> keeper : List.of(Secret.class, Passwords.class)) {
            assertTrue(
                    CLASSES.stream()
                            .filter(c -> c.getName().startsWith(keeper.getName()))
                            .flatMap(c -> c.getMethodCallsFromSelf().stream())
                            .anyMatch(SecretsTest::isConstantTime),
                    keeper.getName());
        }
    }

    private static boolean isConstantTime(JavaMethodCall call) {
        return call.getTargetOwner().isEquivalentTo(MessageDigest.class)
                && call.getName().equals("isEqual");
    }

    private static DescribedPredicate<JavaMethodCall> isComparison() {
        return DescribedPredicate.describe("a comparison that stops early", call -> {
            CodeUnitCallTarget target = call.getTarget();
            return COMPARED.contains(target.getOwner().getName()) && COMPARISONS.contains(target.getName());
        });
    }

    @Test
    void everySecretIsAnotherOfTwoHundredAndFiftySixBits() {
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            Secret.Shown shown = Secret.random();
            assertEquals(22, shown.id().length());
            assertEquals(43, shown.secret().length());
            assertTrue(all.add(shown.id()) && all.add(shown.secret()));
        }
    }

    @Test
    void aSecretIsShownByItsOwnTextAlone() {
        Secret.Shown shown = Secret.random();
        Secret secret = new Secret(shown);
        assertTrue(secret.isShownBy(Secret.Shown.parse(shown.text()).orElseThrow()));
        String other = shown.id() + "." + (shown.secret().charAt(0) == 'A' ? 'B' : 'A')
                + shown.secret().substring(1);
        assertFalse(secret.isShownBy(Secret.Shown.parse(other).orElseThrow()));
        assertFalse(secret.isShownBy(Secret.random()));
    }

    @Test
    void aTextThatCannotBeASecretIsNotLookedAt() {
        String good = Secret.random().text();
        for (String text : List.of("", ".", good + "A", good.substring(1), good.replace('.', '_'), "x".repeat(66))) {
            assertTrue(Secret.Shown.parse(text).isEmpty(), text);
        }
    }

    @Test
    void nothingThatHoldsASecretSaysItInItsText() {
        Secret.Shown shown = Secret.random();
        assertFalse(shown.toString().contains(shown.secret()));
        assertFalse(new Secret(shown).toString().contains(shown.secret()));
        SigningKeys keys = SigningKeys.ephemeral();
        assertEquals(keys.first().getKeyID(), keys.toString());
    }

    @Test
    void aPasswordOpensItsOwnAccountAlone() {
        String line = Passwords.line("ada", Set.of(Role.ADMIN), "engine", 1000);
        Passwords passwords = Passwords.parse(List.of("# a comment", "", line));
        assertEquals(
                Set.of(Role.ADMIN),
                passwords.check("ada", "engine").orElseThrow().roles());
        for (String wrong : List.of("", "Engine", "engine ", "engin", "x".repeat(129))) {
            assertTrue(passwords.check("ada", wrong).isEmpty(), wrong);
        }
        assertTrue(passwords.check("bob", "engine").isEmpty());
        assertTrue(passwords.check("", "engine").isEmpty());
        assertFalse(line.contains("engine"));
    }

    @Test
    void twoUsersOfOnePasswordHaveTwoHashes() {
        String[] first = Passwords.line("ada", Set.of(), "same", 1000).split(" ");
        String[] second = Passwords.line("bob", Set.of(), "same", 1000).split(" ");
        assertFalse(first[4].equals(second[4]));
    }

    @Test
    void aLineThatIsNoUserIsRefusedByItsNumber() {
        for (String wrong : List.of("ada", "ada - 1000 c2FsdA==", "a<b - 1000 c2FsdA== aGFzaA==")) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> Passwords.parse(List.of("# users", wrong)))
                    .getMessage();
            assertTrue(message.contains("line 2"), message);
        }
        assertThrows(IllegalArgumentException.class, () -> Passwords.line("a b", Set.of(), "x", 1000));
        assertThrows(IllegalArgumentException.class, () -> Passwords.line("ada", Set.of(), "", 1000));
    }
}
