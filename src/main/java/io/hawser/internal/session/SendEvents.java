package io.hawser.internal.session;

import io.hawser.CloseStatus;
import io.hawser.Limits;
import io.hawser.SendResult;
import java.util.concurrent.CompletableFuture;

/** What a session does when its way out tells it something. */
final class SendEvents implements SendQueue.Owner {

    private final Conversation conversation;
    private final Limits limits;

    SendEvents(Conversation conversation, Limits limits) {
        this.conversation = conversation;
        this.limits = limits;
    }

    private SessionRegistry registry() {
        return conversation.session().registry();
    }

    @Override
    public void overflowed(LimitName limit) {
        registry().limitHit(limit);
        String reason = limit == LimitName.MAX_PENDING_BYTES
                ? "reads too slowly: more than " + limits.maxPendingBytes() + " bytes pending"
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

    /** The server's memory is needed elsewhere: what waits goes at once, and a Close frame that would wait goes too. */
    void shed() {
        registry().limitHit(LimitName.SERVER_MAX_PENDING_BYTES);
        conversation.fail(
                CloseStatus.POLICY_VIOLATION.withReason("reads too slowly for a server that is short of memory"));
        if (!conversation.queue().departures().isClosed()) {
            conversation.cut();
        }
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
        conversation.run(code);
    }

    @Override
    public void complete(CompletableFuture<SendResult> tracked, SendResult result) {
        conversation.run(() -> tracked.complete(result));
    }
}
