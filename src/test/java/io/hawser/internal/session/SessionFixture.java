package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.Handshake;
import io.hawser.Heartbeat;
import io.hawser.Initiator;
import io.hawser.Limits;
import io.hawser.Message;
import io.hawser.OverflowPolicy;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.testing.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A session on a {@link ManualLoop} and a {@link FakeWire}, whose handler writes down what it is told. */
final class SessionFixture implements WebSocketHandler {

    static final long BUDGET = 8 << 20;

    final ManualLoop thread = new ManualLoop();
    final SessionRegistry registry =
            new SessionRegistry(WebSocketServer.builder().build(), BUDGET, BUDGET);
    final SessionLoop loop = registry.newLoop(thread);
    final FakeWire wire = new FakeWire();
    final List<String> calls = new ArrayList<>();
    private final WebSocketHandler handler;
    final LiveSession session;
    final Conversation conversation;

    /** Called with every message; may throw. */
    java.util.function.BiConsumer<WebSocketSession, Message> onMessage = (session, message) -> {};

    /** Called when the low mark is reached; may throw. */
    java.util.function.Consumer<WebSocketSession> onWritable = session -> {};

    SessionFixture() {
        this(Limits.defaults(), Heartbeat.off(), null);
    }

    SessionFixture(Limits limits) {
        this(limits, Heartbeat.off(), null);
    }

    SessionFixture(Limits limits, Heartbeat heartbeat, @Nullable Executor executor) {
        this(limits, heartbeat, executor, null);
    }

    /** With a handler of the test's own, which is told in this one's place. */
    SessionFixture(
            Limits limits, Heartbeat heartbeat, @Nullable Executor executor, @Nullable WebSocketHandler another) {
        handler = another == null ? this : another;
        session = newSession(limits, heartbeat, executor, wire, loop, handler);
        conversation = session.conversation();
        wire.attach(conversation);
        conversation.open(null);
        thread.run();
    }

    /** A session with a handler of its own, which has not begun. */
    LiveSession newSession(@Nullable Executor executor, FakeWire toWire, WebSocketHandler itsHandler) {
        return newSession(Limits.defaults(), Heartbeat.off(), executor, toWire, loop, itsHandler);
    }

    private LiveSession newSession(
            Limits limits,
            Heartbeat heartbeat,
            @Nullable Executor executor,
            FakeWire toWire,
            SessionLoop onLoop,
            WebSocketHandler itsHandler) {
        return new LiveSession(
                handshake(),
                Optional.of(() -> "ada"),
                Map.of(),
                Optional.empty(),
                new SessionSettings(itsHandler, limits, heartbeat, OverflowPolicy.CLOSE, executor),
                null,
                onLoop,
                toWire);
    }

    /** Another open session on the same loop. */
    LiveSession open(Limits limits, FakeWire toWire) {
        return open(limits, null, toWire, loop);
    }

    /** Another open session, on a loop of the same registry. */
    LiveSession open(Limits limits, @Nullable Executor executor, FakeWire toWire, SessionLoop onLoop) {
        LiveSession opened = newSession(limits, Heartbeat.off(), executor, toWire, onLoop, handler);
        toWire.attach(opened.conversation());
        opened.conversation().open(null);
        return opened;
    }

    /** How often a limit was met, by its name in the metrics. */
    long limitsHit(String limit) {
        return registry.metrics().limitsHit().getOrDefault(limit, 0L);
    }

    /** Another open session on the same loop, which has told its handler of it. */
    LiveSession another(FakeWire toWire) {
        LiveSession other = open(Limits.defaults(), toWire);
        thread.run();
        return other;
    }

    /** One read batch with these bytes, and what the loop does after it. */
    void receive(String hex) {
        receive(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    void receive(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        conversation.receive(in);
        in.release();
        conversation.readComplete();
        thread.run();
    }

    void receiveText(String text) {
        receive(RawClient.frame(0x81, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Handshake handshake() {
        return (Handshake) Proxy.newProxyInstance(
                SessionFixture.class.getClassLoader(),
                new Class<?>[] {Handshake.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "path" -> "/test";
                    case "remoteAddress" -> new InetSocketAddress(0);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Override
    public void onOpen(WebSocketSession opened) {
        calls.add("open");
    }

    @Override
    public void onText(WebSocketSession from, Message message) {
        calls.add("text " + message.text());
        onMessage.accept(from, message);
    }

    @Override
    public void onBinary(WebSocketSession from, Message message) {
        calls.add("binary " + message.sizeBytes());
        onMessage.accept(from, message);
    }

    @Override
    public void onPong(WebSocketSession from, Message payload) {
        calls.add("pong " + payload.sizeBytes());
    }

    @Override
    public void onWritable(WebSocketSession writable) {
        calls.add("writable");
        onWritable.accept(writable);
    }

    @Override
    public void onError(WebSocketSession failed, Throwable error) {
        calls.add("error " + error.getMessage());
    }

    @Override
    public void onClose(WebSocketSession closed, CloseStatus status, Initiator initiator) {
        calls.add("close " + status.code() + " " + initiator);
    }
}
