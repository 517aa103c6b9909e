package io.hawser.hostile.runner;

import io.hawser.Rate;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings from a command line, {@code name=value}. A dot names a record of limits and one of its {@code with…} methods:
 * {@code limits.maxPendingBytes=65536}, {@code limits.waterMarks=4096,1024}, {@code limits.closeTimeout=500ms}.
 */
record Settings(Map<String, String> values) {

    static Settings parse(String... words) {
        Map<String, String> values = new TreeMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("not name=value: " + word);
            }
            values.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new Settings(values);
    }

    String get(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** {@code defaults} with everything set that is called {@code prefix.…}. */
    <T> T applyTo(T defaults, String prefix) {
        Object settings = defaults;
        for (Map.Entry<String, String> setting : values.entrySet()) {
            if (setting.getKey().startsWith(prefix + ".")) {
                String name = setting.getKey().substring(prefix.length() + 1);
                settings = set(settings, name, setting.getValue());
            }
        }
        @SuppressWarnings("unchecked") // a with… method returns its own type
        T applied = (T) settings;
        return applied;
    }

    private static Object set(Object settings, String name, String value) {
        String wither = "with" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
        Method method = Arrays.stream(settings.getClass().getMethods())
                .filter(candidate -> candidate.getName().equals(wither))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(settings.getClass() + " has no " + wither));
        String[] words = value.split(",");
        Class<?>[] types = method.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = argument(types[i], words[i]);
        }
        try {
            return method.invoke(settings, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot set " + name + " to " + value, e);
        }
    }

    private static Object argument(Class<?> type, String word) {
        if (type == int.class) {
            return Integer.parseInt(word);
        } else if (type == long.class) {
            return Long.parseLong(word);
        } else if (type == Duration.class) {
            return duration(word);
        }
        if (type == Rate.class) {
            String[] perSecondAndBurst = word.split("/");
            return new Rate(Integer.parseInt(perSecondAndBurst[0]), Integer.parseInt(perSecondAndBurst[1]));
        }
        throw new IllegalArgumentException("cannot make a " + type + " of " + word);
    }

    /** {@code 10s}, {@code 500ms}, {@code 2m}. */
    static Duration duration(String word) {
        if (word.endsWith("ms")) {
            return Duration.ofMillis(Long.parseLong(word.substring(0, word.length() - 2)));
        }
        return Duration.parse("PT" + word);
    }
}
