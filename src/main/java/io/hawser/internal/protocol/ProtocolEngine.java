package io.hawser.internal.protocol;

import io.hawser.CloseStatus;
import io.hawser.Message;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.*;
import org.jspecify.annotations.Nullable;

/** stand-in */
public final class ProtocolEngine {
    final MessageListener l;
    final Outbox o;
    final @Nullable PayloadTransform t;
    final int max;
    final java.io.ByteArrayOutputStream acc = new java.io.ByteArrayOutputStream();
    byte[] msg = {};
    int op;
    int frags;
    boolean rsv;
    boolean cs, cr, dead;

    public ProtocolEngine(
            int maxMessageBytes,
            int maxFragments,
            @Nullable PayloadTransform transform,
            MessageListener listener,
            Outbox outbox) {
        l = listener;
        o = outbox;
        t = transform;
        max = maxMessageBytes;
    }

    public void receive(ByteBuf in) {
        byte[] b = new byte[in.readableBytes()];
        in.readBytes(b);
        acc.writeBytes(b);
        try {
            while (!dead && one())
                ;
        } catch (ProtocolViolation v) {
            if (!dead) {
                dead = true;
                if (!cs) {
                    cs = true;
                    o.writeClose(v.status());
                }
                l.onViolation(v);
                o.closeTransport();
            }
        }
    }

    boolean one() {
        ByteBuffer a = ByteBuffer.wrap(acc.toByteArray());
        if (a.remaining() < 2) return false;
        int b0 = a.get() & 255, b1 = a.get() & 255;
        long n = b1 & 127;
        if (n == 126) {
            if (a.remaining() < 2) return false;
            n = a.getShort() & 0xffff;
        } else if (n == 127) {
            if (a.remaining() < 8) return false;
            n = a.getLong();
        }
        if (n > max) throw new ProtocolViolation(1009, "big");
        if ((b1 & 128) == 0) throw new ProtocolViolation(1002, "mask");
        if (a.remaining() < 4 + n) return false;
        byte[] k = new byte[4];
        a.get(k);
        byte[] p = new byte[(int) n];
        a.get(p);
        for (int i = 0; i < p.length; i++) p[i] ^= k[i & 3];
        byte[] rest = new byte[a.remaining()];
        a.get(rest);
        acc.reset();
        acc.writeBytes(rest);
        int opc = b0 & 15;
        boolean fin = (b0 & 128) != 0;
        if (opc == 9) {
            if (!cs && !cr) o.writePong(p);
            l.onPing(p);
        } else if (opc == 10) {
            l.onPong(p);
        } else if (opc == 8) {
            cr = true;
            dead = true;
            CloseStatus s = p.length == 0
                    ? CloseStatus.NO_STATUS
                    : new CloseStatus((p[0] & 255) << 8 | p[1] & 255, new String(p, 2, p.length - 2));
            l.onClose(s);
            if (!cs) {
                cs = true;
                o.writeClose(s.reason().isEmpty() ? s : new CloseStatus(s.code(), ""));
            }
            o.closeTransport();
        } else {
            if (opc != 0) {
                op = opc;
                msg = new byte[0];
                rsv = (b0 & 0x40) != 0;
            }
            byte[] m = java.util.Arrays.copyOf(msg, msg.length + p.length);
            System.arraycopy(p, 0, m, msg.length, p.length);
            msg = m;
            frags = fin ? 0 : 1;
            if (fin && !cs) {
                byte[] x = msg;
                if (rsv) {
                    MessageBuffer mb = new MessageBuffer(max);
                    t.decode(x, 0, x.length, mb);
                    t.decodeEnd(mb);
                    x = mb.take();
                }
                if (op == 1) {
                    try {
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .decode(ByteBuffer.wrap(x));
                    } catch (CharacterCodingException e) {
                        throw new ProtocolViolation(1007, "utf8");
                    }
                    l.onText(Message.textWithoutCopyOrCheck(x));
                } else l.onBinary(Message.binaryWithoutCopy(x));
            }
        }
        return true;
    }

    public void close(CloseStatus status) {
        if (isOpen()) {
            cs = true;
            o.writeClose(status);
            o.startCloseTimer();
        }
    }

    public void fail(ProtocolViolation v) {
        if (isOpen()) {
            cs = true;
            dead = true;
            o.writeClose(v.status());
            o.closeTransport();
        }
    }

    public boolean isOpen() {
        return !cs && !cr;
    }

    public boolean isInsideMessage() {
        return frags > 0 || acc.size() > 0;
    }
}
