package io.hawser.testing;

import io.hawser.Transport;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** A test of a {@link Transport}, run over NIO, and over epoll and io_uring where the tests' native libraries are for. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@ArgumentsSource(EachTransport.Here.class)
public @interface EachTransport {

    /** The transports of this machine. */
    final class Here implements ArgumentsProvider {

        /** On Linux they must all work: none is left out because it fails to load. */
        public static final List<Transport> TRANSPORTS =
                isLinux() ? List.of(Transport.NIO, Transport.EPOLL, Transport.IO_URING) : List.of(Transport.NIO);

        private static boolean isLinux() {
            return System.getProperty("os.name").equals("Linux")
                    && System.getProperty("os.arch").equals("amd64");
        }

        @Override
        public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
            return TRANSPORTS.stream().map(Arguments::of);
        }
    }
}
