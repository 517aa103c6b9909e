package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hawser.testing.Allocation;
import io.hawser.testing.CapturedLog;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** The log of connections under a flood. */
class ConnectionLogTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // wraps, as System.nanoTime may
    private final ConnectionLog log = new ConnectionLog(clock::get);

    private void pass(long millis) {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void tenLinesASecondOfAKindAreWrittenAndTheOthersCounted() {
        try (CapturedLog captured = CapturedLog.start()) {
            for (int i = 0; i < 1_000_000; i++) {
                log.refused("/192.0.2.1", 400, "number " + i);
            }
            assertThat(captured.lines()).hasSize(10).allMatch(line -> line.contains("refused /192.0.2.1 400: number"));

            pass(999);
            log.refused("/192.0.2.1", 400, "too early");
            assertThat(captured.lines()).hasSize(10);

            pass(1);
            for (int i = 0; i < 100; i++) {
                log.refused("/192.0.2.1", 400, "later");
            }
            assertThat(captured.lines()).hasSize(20);
            assertThat(captured.lines().get(10))
                    .isEqualTo("INFO io.hawser.connection 999991 more lines were not written: refused");
            assertThat(captured.lines().subList(11, 20)).allMatch(line -> line.endsWith("later"));
        }
    }

    @Test
    void oneKindsFloodDoesNotSilenceAnother() {
        try (CapturedLog captured = CapturedLog.start()) {
            for (int i = 0; i < 100; i++) {
                log.refused("/192.0.2.1", 400, "noise");
            }
            log.acceptFailed(new IOException("Too many open files"));
            assertThat(captured.lines())
                    .last()
                    .asString()
                    .contains("could not accept")
                    .contains("Too many open files");
        }
    }

    @Test
    void whatWasNotWrittenIsToldAtTheEnd() {
        try (CapturedLog captured = CapturedLog.start()) {
            log.tellSuppressed();
            assertThat(captured.lines()).isEmpty();
            for (int i = 0; i < 13; i++) {
                log.hookFailed("/192.0.2.1", null);
            }
            log.tellSuppressed();
            log.tellSuppressed();
            assertThat(captured.lines()).hasSize(11);
            assertThat(captured.lines())
                    .last()
                    .isEqualTo("INFO io.hawser.connection 3 more lines were not written: hook or responder failed");
        }
    }

    @Test
    void aLineThatIsNotWrittenAllocatesNothing() {
        IOException cause = new IOException("Connection reset");
        try (CapturedLog captured = CapturedLog.start()) {
            Runnable flood = () -> {
                for (int i = 0; i < 10_000; i++) {
                    log.refused("/192.0.2.1", 400, "noise");
                    log.handshakeFailed("/192.0.2.1", cause);
                }
            };
            flood.run();
            assertThat(Allocation.bytesOf(flood)).isLessThan(10_000);
            assertThat(captured.lines()).hasSize(20);
        }
    }

    @Test
    void theTraceOfARecursionWithoutAnEndIsCutShort() {
        StackOverflowError overflow = assertThrows(StackOverflowError.class, () -> recurse(0));
        assertThat(overflow.getStackTrace()).hasSizeGreaterThan(ShortTrace.LONGEST);
        for (Throwable failure : List.of(overflow, new CompletionException(overflow))) {
            try (CapturedLog captured = CapturedLog.start()) {
                log.hookFailed("/192.0.2.1", failure);
                String logged = captured.lines().get(0);
                assertThat(logged).contains(failure.toString(), "java.lang.StackOverflowError", "recurse");
                assertThat(logged.lines().count()).isLessThan(3 * ShortTrace.KEPT);
            }
        }
        assertThat(overflow.getStackTrace()).hasSizeGreaterThan(ShortTrace.LONGEST); // the program's own
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    @Test
    void whatHasAnOrdinaryTraceIsLoggedAsItIs() {
        Throwable cause = new IllegalStateException("the cause");
        Throwable failure = new CompletionException("the failure", cause);
        cause.initCause(failure); // each causes the other
        assertThat(ShortTrace.of(failure)).isSameAs(failure);
        assertThat(ShortTrace.of(null)).isNull();
    }

    @Test
    void whatCausesItselfIsCutShortToo() {
        Throwable cause = new IllegalStateException("the cause");
        cause.setStackTrace(
                assertThrows(StackOverflowError.class, () -> recurse(0)).getStackTrace());
        Throwable failure = new CompletionException("the failure", cause);
        cause.initCause(failure);
        try (CapturedLog captured = CapturedLog.start()) {
            log.hookFailed("/192.0.2.1", failure);
            assertThat(captured.lines().get(0).lines().count()).isLessThan(12 * ShortTrace.KEPT);
        }
    }

    @Test
    void onlyTheMessagesOfInputAndOutputErrorsAreRepeated() {
        try (CapturedLog captured = CapturedLog.start()) {
            log.handshakeFailed("/192.0.2.1", new IOException("Connection reset"));
            log.handshakeFailed("/192.0.2.1", new IllegalStateException("secret", new SSLException("secret")));
            log.handshakeFailed("/192.0.2.1", new SSLException("not TLS: secret"));
            assertThat(captured.lines())
                    .containsExactly(
                            "DEBUG io.hawser.connection failed before the handshake /192.0.2.1 "
                                    + "java.io.IOException: Connection reset",
                            "DEBUG io.hawser.connection failed before the handshake /192.0.2.1 "
                                    + "java.lang.IllegalStateException, javax.net.ssl.SSLException",
                            "DEBUG io.hawser.connection failed before the handshake /192.0.2.1 "
                                    + "javax.net.ssl.SSLException");
        }
    }
}
