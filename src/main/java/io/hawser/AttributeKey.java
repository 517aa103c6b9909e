package io.hawser;

import java.util.Objects;

/**
 * Names a value of type {@code T} that a program attaches to a session. Two keys are the same only if they are the same object:
 * keep them in constants.
 *
 * @param <T> the value's type
 * @since 0.1.0
 */
public final class AttributeKey<T> {

    private final String name;
    private final Class<T> type;

    private AttributeKey(String name, Class<T> type) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = Objects.requireNonNull(type, "type");
    }

    /**
     * Makes a key.
     *
     * @param name for people who debug
     * @param type the value's class
     * @param <T> the value's type
     * @return a new key, equal to no other
     */
    public static <T> AttributeKey<T> of(String name, Class<T> type) {
        return new AttributeKey<>(name, type);
    }

    /**
     * Casts a value to this key's type.
     *
     * @param value a value that was stored under this key
     * @return the same value
     * @throws ClassCastException if it is of another type
     */
    public T cast(Object value) {
        return type.cast(value);
    }

    @Override
    public String toString() {
        return name;
    }
}
