package io.hawser.examples.auth.identity;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What somebody may do beyond listening. */
public enum Role {
    /** May speak. */
    WRITER,
    /** May announce, and sign others out. */
    ADMIN;

    private static final Map<String, Role> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Role::text, Function.identity()));

    /** The role's name in tokens and on the wire. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The roles of these names. A name that we do not know gives no right. */
    public static Set<Role> of(Collection<String> names) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String name : names) {
            Role role = BY_NAME.get(name);
            if (role != null) {
                roles.add(role);
            }
        }
        return Set.copyOf(roles);
    }

    /** The names of roles, sorted. */
    public static Collection<String> texts(Set<Role> roles) {
        return roles.stream().map(Role::text).collect(Collectors.toCollection(TreeSet::new));
    }
}
