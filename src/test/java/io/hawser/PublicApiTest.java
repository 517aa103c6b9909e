package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What users can compile against, as a file: a change of the API is a change of that file, for a reviewer to see. */
class PublicApiTest {

    private static final Path CLASSES = Path.of("target/classes");
    private static final Path SNAPSHOT = Path.of("src/test/resources/io/hawser/public-api.txt");
    private static final int MAX_TYPES = 36;

    /** What a record or an enum has by its nature. */
    private static final Set<String> IMPLIED = Set.of("equals", "hashCode", "toString", "values", "valueOf");

    @Test
    void theApiIsTheOneThatWasAgreedTo() throws IOException {
        String api = describe();
        if (Boolean.getBoolean("api.accept")) {
            Files.writeString(SNAPSHOT, api);
        }

        assertThat(Files.exists(SNAPSHOT) ? Files.readString(SNAPSHOT) : "")
                .as(
                        "If the API is meant to change, run `mvn -B test -Dtest=PublicApiTest -Dapi.accept=true` and commit "
                                + SNAPSHOT)
                .isEqualTo(api);
    }

    @Test
    void theApiIsSmall() throws IOException {
        List<Class<?>> types = exportedTypes();

        assertThat(types.stream().filter(type -> type.getDeclaringClass() == null))
                .hasSizeBetween(20, MAX_TYPES);
    }

    @Test
    void nettyShowsOnlyInThePackageThatIsNamedForIt() throws IOException {
        List<String> lines =
                describe().lines().filter(line -> line.contains("io.netty.")).toList();

        assertThat(lines).allMatch(line -> line.contains("io.hawser.netty."));
    }

    private static String describe() throws IOException {
        Set<String> lines = new TreeSet<>();
        for (Class<?> type : exportedTypes()) {
            lines.add(type.getName() + " : " + header(type));
            members(type).map(member -> type.getName() + " " + member).forEach(lines::add);
        }
        return String.join("\n", lines) + "\n";
    }

    private static List<Class<?>> exportedTypes() throws IOException {
        ModuleDescriptor module =
                ModuleFinder.of(CLASSES).find("io.hawser").orElseThrow().descriptor();
        List<Class<?>> types = new ArrayList<>();
        for (ModuleDescriptor.Exports exported : module.exports()) {
            Path folder = CLASSES.resolve(exported.source().replace('.', '/'));
            try (Stream<Path> files = Files.list(folder)) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                        .map(name ->
                                load(exported.source() + "." + name.substring(0, name.length() - ".class".length())))
                        .filter(PublicApiTest::isReachable)
                        .forEach(types::add);
            }
        }
        return types;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApiTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isReachable(Class<?> type) {
        for (Class<?> t = type; t != null; t = t.getDeclaringClass()) {
            if (!isVisible(t.getModifiers()) || t.isAnonymousClass() || t.isLocalClass()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String header(Class<?> type) {
        String kind = type.isRecord() ? "record" : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
        Type superclass = type.getGenericSuperclass();
        String parents = Stream.concat(Stream.ofNullable(superclass), Arrays.stream(type.getGenericInterfaces()))
                .filter(parent -> parent != Object.class)
                .map(Type::getTypeName)
                .collect(Collectors.joining(", "));
        int modifiers = type.getModifiers() & ~(type.isInterface() ? Modifier.INTERFACE | Modifier.ABSTRACT : 0);
        return Modifier.toString(modifiers)
                + (type.isSealed() ? " sealed " : " ")
                + kind
                + typeParameters(type)
                + (parents.isEmpty() ? "" : " is " + parents);
    }

    private static Stream<String> members(Class<?> type) {
        Stream<String> fields = Arrays.stream(type.getDeclaredFields())
                .filter(PublicApiTest::isPromised)
                .map(PublicApiTest::field);
        Stream<String> callables = Stream.<Executable>concat(
                        Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                .filter(PublicApiTest::isPromised)
                .map(PublicApiTest::callable);
        return Stream.concat(fields, callables);
    }

    private static boolean isPromised(Member member) {
        return isVisible(member.getModifiers()) && !member.isSynthetic() && !IMPLIED.contains(member.getName());
    }

    private static String field(Field field) {
        return Modifier.toString(field.getModifiers()) + " " + nullness(field.getAnnotatedType()) + " "
                + field.getName();
    }

    private static String callable(Executable callable) {
        String parameters = Arrays.stream(callable.getAnnotatedParameterTypes())
                .map(PublicApiTest::nullness)
                .collect(Collectors.joining(", ", "(", ")"));
        String thrown = Arrays.stream(callable.getGenericExceptionTypes())
                .map(Type::getTypeName)
                .collect(Collectors.joining(", "));
        String name = callable instanceof Constructor
                ? "new"
                : nullness(callable.getAnnotatedReturnType()) + " " + callable.getName() + typeParameters(callable);
        String ofItself = callable instanceof Method method && method.isDefault() ? "default " : "";
        int modifiers = callable.getModifiers() & ~(Modifier.TRANSIENT | Modifier.VOLATILE | Modifier.SYNCHRONIZED);
        return Modifier.toString(modifiers) + " " + ofItself + name + parameters
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String typeParameters(GenericDeclaration declaration) {
        TypeVariable<?>[] variables = declaration.getTypeParameters();
        return variables.length == 0 ? "" : Arrays.toString(variables);
    }

    private static String nullness(AnnotatedType type) {
        return (type.isAnnotationPresent(Nullable.class) ? "@Nullable " : "")
                + type.getType().getTypeName();
    }
}
