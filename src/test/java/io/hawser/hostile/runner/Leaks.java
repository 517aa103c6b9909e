package io.hawser.hostile.runner;

import io.netty.util.LeakPresenceDetector;
import io.netty.util.LeakPresenceDetector.ResourceScope;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;

/** Counts every buffer of this process from its allocation to its release, with no sampling. */
final class Leaks extends ResourceLeakDetectorFactory {

    private static final ResourceScope ALL = new ResourceScope("the server under test");

    /** To be called before the first buffer is allocated. */
    static void watch() {
        if (!Boolean.getBoolean("hostile.leaks.off")) {
            ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Leaks());
        }
    }

    /** Whether a buffer is in use: one that leaked, when there is no connection. */
    static boolean areThere() {
        return ALL.hasOpenResources();
    }

    @Override
    @SuppressWarnings("deprecation") // the one method that Netty leaves to implement
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
            Class<T> resource, int samplingInterval, long maxActive) {
        return new LeakPresenceDetector<>(resource) {
            @Override
            protected ResourceScope currentScope() {
                return ALL;
            }
        };
    }
}
