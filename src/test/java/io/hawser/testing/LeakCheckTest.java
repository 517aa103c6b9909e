package io.hawser.testing;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.container;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedSuccessfully;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class LeakCheckTest {

    @Test
    void failsTheTestThatLeaksAndNoOther() {
        Events tests = run(OneMethodLeaks.class).testEvents();

        tests.assertStatistics(statistics -> statistics.succeeded(2).failed(2));
        tests.assertThatEvents()
                .haveExactly(1, event(test("leaksPooled"), finishedWithFailure(message(LeakCheckTest::namesALeak))))
                .haveExactly(1, event(test("leaksUnpooled"), finishedWithFailure(message(LeakCheckTest::namesALeak))))
                .haveExactly(1, event(test("method:releases()"), finishedSuccessfully()))
                .haveExactly(1, event(test("releasesWhatAnotherLeaked"), finishedSuccessfully()));
    }

    @Test
    void failsTheClassWhoseFixtureLeaks() {
        var results = run(FixtureLeaks.class);

        results.testEvents()
                .assertStatistics(statistics -> statistics.succeeded(1).failed(0));
        results.containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(container(FixtureLeaks.class), finishedWithFailure(message(LeakCheckTest::namesALeak))));
    }

    @Test
    void letsAFixtureHoldABufferWhileTheMethodsRun() {
        var results = run(FixtureHolds.class);

        results.testEvents().assertStatistics(statistics -> statistics.succeeded(1));
        results.containerEvents().assertStatistics(statistics -> statistics.failed(0));
    }

    @Test
    void waitsForAnotherThreadToRelease() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(AnotherThreadReleases.class))
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .execute()
                .testEvents()
                .assertStatistics(statistics -> statistics.succeeded(1));
    }

    @Test
    void checksEachInvocationOfAParameterizedTest() {
        run(OneInvocationLeaks.class)
                .testEvents()
                .assertStatistics(statistics -> statistics.succeeded(2).failed(1));
    }

    private static boolean namesALeak(String message) {
        return message.contains("Possible memory leak");
    }

    private static EngineExecutionResults run(Class<?> fixture) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(fixture))
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .configurationParameter(LeakCheck.PATIENCE, "1")
                .execute();
    }

    private static ByteBuf pooled() {
        return PooledByteBufAllocator.DEFAULT.directBuffer(16);
    }

    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class OneMethodLeaks {
        static ByteBuf leaked;

        @Test
        @Order(1)
        void leaksPooled() {
            leaked = pooled();
        }

        @Test
        @Order(2)
        void leaksUnpooled() {
            UnpooledByteBufAllocator.DEFAULT.directBuffer(16);
        }

        @Test
        @Order(3)
        void releasesWhatAnotherLeaked() {
            leaked.release();
        }

        @Test
        @Order(4)
        void releases() {
            pooled().release();
        }
    }

    static class FixtureLeaks {
        @BeforeAll
        static void leak() {
            pooled();
        }

        @Test
        void releases() {
            pooled().release();
        }
    }

    static class FixtureHolds {
        static ByteBuf held;
        ByteBuf own = pooled();

        @BeforeAll
        static void hold() {
            held = pooled();
        }

        @Test
        void uses() {
            own.writeByte(1);
        }

        @AfterEach
        void releaseOwn() {
            own.release();
        }

        @AfterAll
        static void release() {
            held.release();
        }
    }

    static class AnotherThreadReleases {
        @Test
        void handsItsBufferOver() {
            ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer(16);
            CountDownLatch over = new CountDownLatch(1);
            Thread releaser = new Thread(() -> {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                for (int turns = 0; turns < 1_000; turns++) {
                    Thread.yield();
                }
                buffer.release();
            });
            releaser.start();
            over.countDown();
        }
    }

    static class OneInvocationLeaks {
        @ParameterizedTest
        @ValueSource(booleans = {false, true, false})
        void leaksIfTold(boolean leak) {
            ByteBuf buffer = pooled();
            if (!leak) {
                buffer.release();
            }
        }
    }
}
