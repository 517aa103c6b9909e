package io.hawser.internal.server;

import io.hawser.HandshakeDecision;
import io.hawser.HandshakeHook;
import io.hawser.HttpReply;
import io.hawser.RequestHead;
import io.hawser.internal.handshake.OpeningHandshake;
import io.hawser.internal.handshake.OpeningHandshake.PlainRequest;
import io.hawser.internal.handshake.OpeningHandshake.Refusal;
import io.hawser.internal.handshake.OpeningHandshake.Response;
import io.hawser.internal.handshake.OpeningHandshake.Upgrade;
import io.hawser.internal.handshake.Peer;
import io.hawser.internal.server.HttpAnswers.Persistence;
import io.hawser.internal.session.LimitName;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Answers HTTP requests until one of them becomes a session: asks {@link OpeningHandshake}, waits for the hook, writes the answer,
 * and gives its place to a {@link SessionHandler}. The answer goes out at the end of the read batch, when all is seen that came with
 * the request.
 */
final class HandshakeHandler extends ChannelInboundHandlerAdapter {

    private static final String EARLY_BYTES = "bytes after the request head (RFC 6455 §4.1)";

    private static final List<Map.Entry<String, String>> RETRY = List.of(Map.entry("Retry-After", "1"));

    private final NettyServer server;
    private final @Nullable RequestHeadGate gate;
    private final @Nullable Admission admission;
    private @Nullable ScheduledFuture<?> deadline;
    private Persistence persistence = Persistence.CLOSE;
    private @Nullable Upgrade upgrade; // right, and to be decided upon at the end of the read batch
    private boolean deciding;
    private boolean answered;
    private boolean leaving;
    private boolean earlyBytes;
    private @Nullable SocketAddress sender; // of the latest request

    /**
     * Gate and admission are null inside somebody else's pipeline, where requests that are not ours pass on, and whose connections
     * are not ours to limit.
     */
    HandshakeHandler(NettyServer server, @Nullable RequestHeadGate gate, @Nullable Admission admission) {
        this.server = server;
        this.gate = gate;
        this.admission = admission;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (gate != null) {
            startDeadline(ctx); // at accept: what is added to a running pipeline of others has its own
            server.arrived(ctx.channel());
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stopDeadline();
        server.leftHttp(ctx.channel());
    }

    private void startDeadline(ChannelHandlerContext ctx) {
        long nanos = server.config().httpLimits().handshakeTimeout().toNanos();
        deadline = ctx.executor().schedule(() -> late(ctx), nanos, TimeUnit.NANOSECONDS);
    }

    private void stopDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private void late(ChannelHandlerContext ctx) {
        server.registry().limitHit(LimitName.HANDSHAKE_TIMEOUT);
        if (!deciding && gate != null && !gate.hasBegun()) {
            ctx.close(); // nothing came, so nothing is owed
        } else {
            refuse(ctx, 408, "the handshake took too long", List.of());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (leaving) {
            earlyBytes |= !(message instanceof ByteBuf bytes) || bytes.isReadable();
            ReferenceCountUtil.release(message);
        } else if (answered || deciding) {
            earlyBytes |= message instanceof HttpRequest;
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest head) {
            begin(ctx, head);
        } else if (gate != null) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message); // the content of a request that passed on
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest head) {
        if (gate == null && !server.handshake().hasEndpointFor(head)) {
            ctx.fireChannelRead(head);
            return;
        }
        boolean hasContent =
                head instanceof HttpContent content && content.content().isReadable();
        deciding = true;
        persistence = Persistence.of(head);
        SocketAddress client = senderOf(ctx, head);
        sender = client;
        Admission.Refusal refusal = admission == null ? null : admission.refusal();
        if (refusal != null) {
            refuse(ctx, refusal.status, refusal.reason, RETRY);
        } else if (hasContent) {
            refuse(ctx, 400, "a request with content", List.of());
        } else if (server.isStopping()) {
            refuse(ctx, 503, "the server is stopping", RETRY);
        } else {
            Peer peer = new Peer(client, ctx.channel().remoteAddress(), tlsSession(ctx));
            take(ctx, server.handshake().answer(head, peer));
        }
        ReferenceCountUtil.release(head);
    }

    private SocketAddress senderOf(ChannelHandlerContext ctx, HttpRequest head) {
        return admission == null
                ? server.addresses().of(head.headers(), ctx.channel().remoteAddress())
                : admission.request(head.headers());
    }

    /** Whom the log speaks of. */
    private SocketAddress client(ChannelHandlerContext ctx) {
        if (sender != null) {
            return sender;
        }
        return admission == null ? ctx.channel().remoteAddress() : admission.client();
    }

    private void take(ChannelHandlerContext ctx, OpeningHandshake.Answer answer) {
        if (answer instanceof Upgrade right) {
            upgrade = right;
        } else if (answer instanceof PlainRequest plain) {
            respond(ctx, plain.request());
        } else {
            refuse(ctx, (Refusal) answer);
        }
    }

    private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
        if (refusal.cause() != null) {
            server.registry().log().hookFailed(client(ctx), refusal.cause());
        }
        refuse(ctx, refusal.status(), refusal.reason(), refusal.headers());
    }

    private static @Nullable SSLSession tlsSession(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        return tls == null ? null : tls.engine().getSession();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Upgrade ready = upgrade;
        if (ready != null && !answered) {
            upgrade = null;
            if (earlyBytes) {
                refuse(ctx, 400, EARLY_BYTES, List.of());
            } else {
                decide(ctx, ready);
            }
        }
        ctx.fireChannelReadComplete();
    }

    private void decide(ChannelHandlerContext ctx, Upgrade ready) {
        HandshakeHook hook = ready.endpoint().handshakeHook().orElse(null);
        if (hook == null) {
            carryOut(ctx, ready, HandshakeDecision.accept());
            return;
        }
        if (gate == null) {
            startDeadline(ctx);
        }
        ctx.channel().config().setAutoRead(false); // what comes now is an error, and stays in the kernel
        Executor executor = server.config().handlerExecutor();
        if (executor == null) {
            ask(ctx, ready, hook);
        } else {
            try {
                executor.execute(() -> ask(ctx, ready, hook));
            } catch (RejectedExecutionException full) {
                refuse(ctx, 503, "the server is overloaded", RETRY);
            }
        }
    }

    private void ask(ChannelHandlerContext ctx, Upgrade ready, HandshakeHook hook) {
        CompletionStage<HandshakeDecision> stage;
        try {
            stage = Objects.requireNonNull(hook.decide(ready.handshake()), "the hook's stage");
        } catch (Throwable t) { // a hook's Error refuses its handshake, no more
            onLoop(ctx, () -> hookFailed(ctx, t));
            return;
        }
        stage.whenComplete((decision, failure) -> onLoop(ctx, () -> {
            if (failure != null || decision == null) {
                hookFailed(ctx, failure);
            } else {
                carryOut(ctx, ready, decision);
            }
        }));
    }

    private static void onLoop(ChannelHandlerContext ctx, Runnable task) {
        if (ctx.executor().inEventLoop()) {
            task.run();
        } else {
            ctx.executor().execute(task);
        }
    }

    private void hookFailed(ChannelHandlerContext ctx, @Nullable Throwable failure) {
        server.registry().log().hookFailed(client(ctx), failure);
        refuse(ctx, 500, "the handshake could not be decided", List.of());
    }

    private void carryOut(ChannelHandlerContext ctx, Upgrade ready, HandshakeDecision decision) {
        if (answered || !ctx.channel().isActive()) {
            return;
        }
        if (server.isStopping()) {
            refuse(ctx, 503, "the server is stopping", RETRY);
            return;
        }
        Response response = server.handshake().respond(ready, decision);
        if (response.status() != 101) {
            refuse(ctx, response.status(), response.reason(), response.headers());
            return;
        }
        answered = true;
        leaving = true;
        HttpHandlers.remove(ctx);
        ctx.channel().config().setAutoRead(true);
        if (earlyBytes) { // the parser has given back what it had not parsed
            answered = false;
            refuse(ctx, 400, EARLY_BYTES, List.of());
            return;
        }
        if (admission != null) {
            admission.settle(ctx.channel());
        }
        server.openSession(ctx, ready, decision, response);
    }

    private void respond(ChannelHandlerContext ctx, RequestHead head) {
        boolean isHead = head.method().equals("HEAD");
        HttpReply reply;
        try {
            reply = Objects.requireNonNull(server.respond(head), "the responder's reply");
        } catch (Throwable t) { // a responder's Error is that request's alone
            server.registry().log().hookFailed(client(ctx), t);
            refuse(ctx, 500, "the server failed", List.of());
            return;
        }
        HttpAnswers.reply(ctx, reply, isHead, persistence);
        stopDeadline();
        if (persistence != Persistence.CLOSE && gate != null) {
            deciding = false;
            gate.expectNext();
            startDeadline(ctx);
        } else {
            answered = true;
        }
    }

    private void refuse(ChannelHandlerContext ctx, int status, String reason, List<Map.Entry<String, String>> headers) {
        if (!answered) {
            answered = true;
            upgrade = null;
            stopDeadline();
            server.registry().refused(status);
            server.registry().log().refused(client(ctx), status, reason);
            HttpAnswers.refuse(ctx, status, reason, headers, !leaving, gate != null && gate.isHead());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof RequestHeadGate.Refused refused) {
            if (refused.limit() != null) {
                server.registry().limitHit(refused.limit());
            }
            refuse(ctx, refused.status(), refused.reason(), List.of());
        } else if (event == Drain.Event.SERVER_STOPPED && gate != null) {
            serverStopped(ctx, gate);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void serverStopped(ChannelHandlerContext ctx, RequestHeadGate gate) {
        if (answered || deciding || gate.hasBegun()) {
            refuse(ctx, 503, "the server is stopping", RETRY);
        } else {
            ctx.close(); // nothing was asked
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (gate == null) {
            ctx.fireExceptionCaught(cause);
        } else {
            server.registry().log().handshakeFailed(client(ctx), cause);
            ctx.close();
        }
    }
}
