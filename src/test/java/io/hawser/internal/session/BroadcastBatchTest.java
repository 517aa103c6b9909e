package io.hawser.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Limits;
import io.hawser.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broadcasts of one pass of the event loop are written together, and nobody can tell but by their price. */
class BroadcastBatchTest {

    private static final Limits ROOMY = Limits.defaults().withMaxPendingBytes(1 << 26);

    private final SessionFixture test = new SessionFixture(ROOMY);

    /** One session with what it is to get. */
    private final class Member {
        private final FakeWire wire = new FakeWire();
        private final LiveSession session = test.open(ROOMY, wire);
        private final List<String> expected = new ArrayList<>();
        private final List<String> got = new ArrayList<>();

        void take() {
            for (String frame : wire.takenFrames()) {
                got.add(frame.strip());
            }
        }
    }

    /** Rooms, everybody, messages to one, pings, in any order, cut into passes anywhere; with peers that stop reading. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyoneGetsEverythingInOrder(long seed) {
        Random random = new Random(seed);
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Member member = new Member();
            member.session.join(i % 2 == 0 ? "even" : "odd");
            members.add(member);
        }
        for (int step = 0; step < 2_000; step++) {
            String text =
                    "m" + step + " ".repeat(random.nextInt(4) == 0 ? random.nextInt(30_000) : random.nextInt(100));
            Member one = members.get(random.nextInt(members.size()));
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    test.registry.broadcast(Message.text(text));
                    members.forEach(member -> member.expected.add(("text " + text).strip()));
                }
                case 2, 3 -> {
                    int parity = random.nextInt(2);
                    test.registry.room(parity == 0 ? "even" : "odd").broadcast(Message.text(text));
                    for (int i = parity; i < members.size(); i += 2) {
                        members.get(i).expected.add(("text " + text).strip());
                    }
                }
                case 4 -> {
                    one.session.send(Message.text(text));
                    one.expected.add(("text " + text).strip());
                }
                case 5 -> {
                    one.wire.peerReads(random.nextBoolean());
                    one.wire.takesAtOnce = random.nextBoolean() ? random.nextInt(40_000) : Integer.MAX_VALUE;
                }
                default -> {
                    if (random.nextInt(3) == 0) {
                        test.thread.run();
                    }
                }
            }
        }
        test.thread.run();

        assertThat(members).allSatisfy(member -> {
            member.wire.peerReads(true);
            test.thread.run();
            member.take();
            assertThat(member.got).isEqualTo(member.expected);
            assertThat(member.session.pendingBytes()).isZero();
            assertThat(member.wire.passedQueue).isFalse();
        });
    }

    @Test
    void whatSeveralGetInARowIsOneWriteOfEach() {
        Member first = new Member();
        Member second = new Member();
        test.thread.run();
        int before = second.wire.handedOver;
        for (String text : List.of("a", "b", "c")) {
            test.registry.broadcast(Message.text(text.repeat(600)));
        }
        test.thread.run();
        assertThat(first.wire.takenFrames()).hasSize(3);
        assertThat(second.wire.takenFrames()).hasSize(3);
        assertThat(second.wire.handedOver - before).isEqualTo(1);
    }

    /** A session that only ever broadcasts to itself, from within its read batches, flushes there, and nothing is kept. */
    @Test
    void aPassThatEndsWithItsReadBatchKeepsNothing() {
        test.session.join("alone");
        test.onMessage = (session, message) -> test.registry.room("alone").broadcast(message);
        for (int i = 0; i < 3; i++) {
            test.receiveText("me " + i);
            assertThat(test.wire.takenFrames()).containsExactly("text me " + i);
            assertThat(test.loop.broadcasts().add(Message.text("next"))).isZero();
            test.loop.broadcasts().clear();
        }
    }

    @Test
    void aConnectionThatEndsBeforeItsFlushDropsWhatItWasToGet() {
        Member leaving = new Member();
        Member staying = new Member();
        test.thread.run();
        test.registry.broadcast(Message.text("late"));
        leaving.wire.disconnect();
        test.thread.run();
        assertThat(leaving.wire.takenFrames()).isEmpty();
        assertThat(leaving.session.pendingBytes()).isZero();
        assertThat(staying.wire.takenFrames()).containsExactly("text late");
    }

    @Test
    void framesAreMadeOnceForARowAndReleasedWithTheNext() {
        BroadcastBatch batch = new BroadcastBatch(test.thread);
        assertThat(batch.add(Message.text("Hello"))).isZero();
        assertThat(batch.add(Message.binary(new byte[] {1}))).isOne();

        ByteBuf both = batch.frames(0, 2);
        assertThat(ByteBufUtil.hexDump(both)).isEqualTo("810548656c6c6f" + "820101");
        assertThat(batch.frames(0, 2)).isSameAs(both);

        ByteBuf last = batch.frames(1, 1);
        assertThat(ByteBufUtil.hexDump(last)).isEqualTo("820101");
        assertThat(both.refCnt()).isZero();

        batch.clear();
        assertThat(last.refCnt()).isZero();
        assertThat(batch.add(Message.text("next"))).isZero();
        batch.clear();
    }
}
