package io.hawser.hostile;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayNameGenerator;

/** Shows {@code s01_aLengthIsRefused} as {@code S01 a length is refused}: the row's id first. */
final class RowNames extends DisplayNameGenerator.Standard {

    @Override
    public String generateDisplayNameForMethod(
            List<Class<?>> enclosingInstanceTypes, Class<?> testClass, Method testMethod) {
        return of(testMethod);
    }

    static String of(Method test) {
        String name = test.getName();
        int end = name.indexOf('_');
        String words = name.substring(end + 1).replaceAll("([a-z])([A-Z0-9])", "$1 $2");
        return end < 0 ? name : name.substring(0, end).toUpperCase(Locale.ROOT) + " " + words.toLowerCase(Locale.ROOT);
    }
}
