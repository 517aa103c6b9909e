package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.Limits;
import io.hawser.SendResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What a session does when its way out tells it something. */
final class SendEvents implements SendQueue.Owner {

    private final Conversation conversation;

    SendEvents(Conversation conversation) {
        this.conversation = conversation;
    }

    private Limits limits() {
        return conversation.session().settings().limits();
    }

    private SessionRegistry registry() {
        return conversation.session().registry();
    }

    @Override
    public void overflowed(LimitName limit) {
        registry().limitHit(limit);
        String reason = limit == LimitName.MAX_PENDING_BYTES
                ? "reads too slowly: more than " + limits().maxPendingBytes() + " bytes pending"
                : "the server has no memory for more to send";
        conversation
                .session()
                .loop()
                .submit(() -> conversation.failSoon(CloseStatus.POLICY_VIOLATION.withReason(reason)));
    }

    @Override
    public void dropped(LimitName limit) {
        registry().limitHit(limit);
        registry().dropped();
    }

    @Override
    public void replaced() {
        registry().dropped();
    }

    @Override
    public void messageQueued() {
        conversation.messageQueued();
    }

    @Override
    public void becameWritable() {
        conversation.becameWritable();
    }

    @Override
    public void closeWritten() {
        conversation.closeWritten();
    }

    @Override
    public void writeWaits() {
        conversation.stir();
    }

    @Override
    public Duration writeStallTimeout() {
        return limits().writeStallTimeout();
    }

    @Override
    public void writeStalled() {
        registry().limitHit(LimitName.WRITE_STALL_TIMEOUT);
        conversation.lost();
    }

    @Override
    public void broken(Throwable cause) {
        conversation.failed(cause);
        conversation.terminate();
    }

    @Override
    public void publisherFailed(Throwable cause) {
        conversation.publisherFailed(cause);
    }

    @Override
    public void call(Runnable code) {
        conversation.callbacks().run(code);
    }

    @Override
    public void complete(CompletableFuture<SendResult> tracked, SendResult result) {
        conversation.callbacks().run(() -> tracked.complete(result));
    }
}
