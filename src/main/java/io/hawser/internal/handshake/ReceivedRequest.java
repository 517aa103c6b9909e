package io.hawser.internal.handshake;

/** A request head that HTTP has nothing against. */
final class ReceivedRequest extends ReceivedHead {

    private final String method;

    ReceivedRequest(String method, RequestTarget target, HeaderBlock headers, Peer peer) {
        super(target, headers, peer);
        this.method = method;
    }

    @Override
    public String method() {
        return method;
    }
}
