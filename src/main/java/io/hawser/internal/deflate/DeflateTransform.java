package io.hawser.internal.deflate;

import io.hawser.Compression;
import io.hawser.Message;
import io.hawser.internal.protocol.MessageBuffer;
import io.hawser.internal.protocol.PayloadTransform;

/** permessage-deflate of one session (RFC 7692 §7.2). For its event loop's thread alone. */
public final class DeflateTransform implements PayloadTransform {

    private final int thresholdBytes;
    private final MessageInflater inflater;
    private final MessageDeflater deflater;

    /** The transform of a session of {@code pool}'s event loop, by what the handshake agreed upon. */
    public DeflateTransform(DeflateAgreement agreement, Compression compression, DeflatePool pool) {
        thresholdBytes = compression.thresholdBytes();
        inflater = new MessageInflater(agreement, pool);
        deflater = new MessageDeflater(agreement, compression.level(), pool);
    }

    @Override
    public void decode(byte[] input, int offset, int length, MessageBuffer out) {
        inflater.decode(input, offset, length, out);
    }

    @Override
    public void decodeEnd(MessageBuffer out) {
        inflater.decodeEnd(out);
    }

    @Override
    public boolean encodes(Message message) {
        return message.isCompressible() && message.sizeBytes() >= thresholdBytes;
    }

    @Override
    public void encode(byte[] payload, MessageBuffer out) {
        deflater.encode(payload, out);
    }

    @Override
    public Object sharingKey() {
        return deflater.sharingKey();
    }

    @Override
    public void encodeShared(byte[] payload, MessageBuffer out) {
        deflater.encodeShared(payload, out);
    }

    @Override
    public void sharedSent(byte[] payload) {
        deflater.sent(payload);
    }

    @Override
    public void release() {
        inflater.release();
    }
}
