package io.hawser.internal.deflate;

import io.hawser.*;
import io.hawser.internal.protocol.*;

public final class DeflateTransform implements PayloadTransform {
    public DeflateTransform(DeflateAgreement a, Compression c, DeflatePool p) {}

    public void decode(byte[] i, int o, int l, MessageBuffer b) {}

    public void decodeEnd(MessageBuffer b) {}

    public boolean encodes(Message m) {
        return false;
    }

    public void encode(byte[] p, MessageBuffer o) {}

    public Object sharingKey() {
        return this;
    }

    public void encodeShared(byte[] p, MessageBuffer o) {}

    public void sharedSent(byte[] p) {}

    public void release() {}
}
