package io.hawser.testing;

import io.netty.util.LeakPresenceDetector;
import io.netty.util.LeakPresenceDetector.ResourceScope;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves a Netty buffer unreleased. JUnit finds it through {@code META-INF/services}, so every test has it.
 *
 * <p>A buffer belongs to the scope in which it was allocated: a test method from before {@code @BeforeEach} until after
 * {@code @AfterEach}, else its class, from before {@code @BeforeAll} until after {@code @AfterAll}. So a server that a class shares
 * may keep its own buffers while the methods run, and a buffer released late blames nobody else. Tests must not run in parallel.
 *
 * <p>Where a buffer came from: {@code -Dio.netty.util.LeakPresenceDetector.trackCreationStack=true}.
 */
public final class LeakCheck implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    /** Configuration parameter: how many milliseconds event loops get to release what they still hold. */
    static final String PATIENCE = "hawser.leakcheck.patience.millis";

    private static final Namespace NAMESPACE = Namespace.create(LeakCheck.class);
    private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(5);

    /** Read by every thread that allocates; written between tests only. */
    private static volatile ResourceScope scope = new ResourceScope("outside of any test");

    static {
        // JUnit loads extensions before it initializes a test class, so before any allocator has asked for its
        // detector.
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ScopedDetectors());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        enter(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        enter(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        leave(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        leave(context);
    }

    private static void enter(ExtensionContext context) {
        context.getStore(NAMESPACE).put(context.getUniqueId(), scope);
        scope = new ResourceScope(context.getDisplayName());
    }

    private static void leave(ExtensionContext context) {
        long patience =
                context.getConfigurationParameter(PATIENCE, Long::parseLong).orElse(DEFAULT_PATIENCE.toMillis());
        // First, so that what a shared server reads from now on belongs to its class, which is checked in its turn.
        ResourceScope left = scope;
        ResourceScope outer = context.getStore(NAMESPACE).remove(context.getUniqueId(), ResourceScope.class);
        scope = outer;
        if (!Await.until(Duration.ofMillis(patience), () -> !left.hasOpenResources())) {
            scope = left;
            try {
                LeakPresenceDetector.check(); // throws, and names them
            } finally {
                scope = outer;
            }
        }
    }

    private static final class ScopedDetectors extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // the one method that Netty leaves to implement
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return new LeakPresenceDetector<>(resource) {
                @Override
                protected ResourceScope currentScope() {
                    return scope;
                }
            };
        }
    }
}
